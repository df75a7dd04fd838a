"""What the pages of coverage show: choices, classes, lines in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from cartographie.aplats import Aplats, dessiner_aplats
from cartographie.couverture import (
    CLASSES,
    RAYONS_KM,
    CommuneCouverte,
    Couverture,
    Critere,
    EpciCouvert,
    Question,
    intitule,
)
from cartographie.couverture.mots import (
    COMPETENCE,
    LIEUX,
    competence_bilan_fr,
    eloignement_fr,
    km_fr,
    manques_fr,
    pour_cent_fr,
    precision_fr,
    resultat_fr,
)
from cartographie.couverture.question import ACCES_MESURES
from cartographie.errors import ParametreError
from cartographie.parametres import Arguments, lire_texte
from cartographie.recherche import BESOIN_SANS_RECHERCHE
from cartographie.referentiel import Referentiel
from cartographie.texte import fold
from cartographie.web.formulaire import objectifs_proposes
from cartographie.web.tableaux import Trait

T = TypeVar("T")
SANS_DISTANCE = 10**9
Cle = Callable[[T], tuple[object, ...]]

TRIS_COMMUNES: Mapping[str, tuple[str, Cle[CommuneCouverte]]] = {
    "commune": ("Commune", lambda ligne: (fold(ligne.commune.nom),)),
    "epci": ("Intercommunalité", lambda ligne: (fold(ligne.epci),)),
    "habitants": ("Habitants", lambda ligne: (ligne.commune.population,)),
    "distance": (
        "Lieu le plus proche",
        lambda ligne: (SANS_DISTANCE if ligne.distance_m is None else ligne.distance_m,),
    ),
    "competence": (
        "Quelqu’un est compétent",
        lambda ligne: ({True: 0, None: 1, False: 2}[ligne.competent],),
    ),
}


def _part(rayon_km: int) -> Cle[EpciCouvert]:
    return lambda epci: (epci.bilan.habitants_dans(rayon_km) / max(1, epci.bilan.habitants),)


TRIS_EPCI: Mapping[str, tuple[str, Cle[EpciCouvert]]] = {
    "epci": ("Intercommunalité", lambda epci: (fold(epci.nom),)),
    "habitants": ("Habitants", lambda epci: (epci.bilan.habitants,)),
    **{str(rayon): (f"À {rayon} km au plus", _part(rayon)) for rayon in RAYONS_KM},
    "mediane": (
        "Distance médiane",
        lambda epci: (SANS_DISTANCE if epci.bilan.mediane_m is None else epci.bilan.mediane_m,),
    ),
    "moyenne": (
        "Distance moyenne",
        lambda epci: (SANS_DISTANCE if epci.bilan.moyenne_m is None else epci.bilan.moyenne_m,),
    ),
}


@dataclass(frozen=True, slots=True)
class Entete:
    """The head of a column: following it sorts by it, and then the other way round."""

    libelle: str
    href: str
    sens: str  # aria-sort: `ascending`, `descending` or nothing


@dataclass(frozen=True, slots=True)
class ClasseVue:
    """A class of distance, and who lives there."""

    rang: int
    libelle: str
    communes: int
    habitants: int
    part: str


@dataclass(frozen=True, slots=True)
class Groupe:
    """A group of the list of choices: words, then (value, words) of each."""

    libelle: str
    termes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Vue:
    """Everything that the page says of one answer."""

    couverture: Couverture
    nom: str
    phrases: tuple[str, ...]
    competence: str
    precision: str
    aplats: Aplats
    classes: tuple[ClasseVue, ...]
    traits: tuple[Trait, ...]
    lieux: str


def build_vue(couverture: Couverture, referentiel: Referentiel) -> Vue:
    """Put an answer in words and shapes."""
    nom = intitule(couverture.question, referentiel)
    bilan = couverture.bilan
    return Vue(
        couverture=couverture,
        nom=nom,
        phrases=resultat_fr(couverture, nom),
        competence=competence_bilan_fr(bilan),
        precision=precision_fr(couverture),
        aplats=dessiner_aplats(couverture, referentiel.communes),
        classes=_classes(couverture),
        traits=tuple(
            Trait(
                f"À {rayon} km au plus",
                pour_cent_fr(bilan.habitants_dans(rayon), bilan.habitants),
                round(100 * bilan.habitants_dans(rayon) / bilan.habitants, 2),
            )
            for rayon in RAYONS_KM
        ),
        lieux=LIEUX[couverture.question.acces][1],
    )


def _classes(couverture: Couverture) -> tuple[ClasseVue, ...]:
    """Classes that have a commune, the nearest first."""
    vues = []
    for rang, libelle in enumerate(CLASSES):
        siennes = [ligne.commune for ligne in couverture.communes if ligne.classe == rang]
        habitants = sum(commune.population for commune in siennes)
        if siennes:
            part = pour_cent_fr(habitants, couverture.bilan.habitants)
            vues.append(ClasseVue(rang, libelle, len(siennes), habitants, part))
    return tuple(vues)


def choix(referentiel: Referentiel) -> tuple[Groupe, ...]:
    """What coverage can be asked for, as one list with groups."""
    vocabulaire = referentiel.vocabulaire
    besoins = (b for b in vocabulaire.besoins.values() if b.code != BESOIN_SANS_RECHERCHE)
    return (
        Groupe("Besoins", _termes(Critere.BESOIN, ((b.code, b.libelle) for b in besoins))),
        Groupe(
            "Missions",
            _termes(Critere.MISSION, ((t.code, t.libelle) for t in vocabulaire.missions.values())),
        ),
        Groupe(
            "Sortes de service",
            _termes(Critere.TYPE, ((t.code, t.libelle) for t in vocabulaire.types.values())),
        ),
        Groupe(
            "Objectifs du protocole", _termes(Critere.OBJECTIF, objectifs_proposes(referentiel))
        ),
    )


def _termes(critere: Critere, termes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{critere}:{code}", libelle) for code, libelle in termes)


def valeur_choisie(question: Question, periode_courante: str) -> str:
    """The value of the list that a question is: objectives of today's period by their number."""
    return f"{question.critere}:{question.code.removeprefix(f'{periode_courante}/')}"


def acces_proposes(referentiel: Referentiel) -> tuple[tuple[str, str], ...]:
    """Ways in that have a distance, the usual one first."""
    acces = referentiel.vocabulaire.acces
    return tuple((un.value, acces[un].libelle) for un in ACCES_MESURES)


def trier_communes(
    lignes: Iterable[CommuneCouverte], args: Arguments
) -> tuple[CommuneCouverte, ...]:
    """Lines in the order of `tri`; a leading `-` turns it round. Ties by name."""
    return _trier(lignes, args, "tri", TRIS_COMMUNES)


def trier_epci(lignes: Iterable[EpciCouvert], args: Arguments) -> tuple[EpciCouvert, ...]:
    """Lines in the order of `tri_epci`."""
    return _trier(lignes, args, "tri_epci", TRIS_EPCI)


def entetes(
    question: Question, args: Arguments, nom: str, tris: Mapping[str, tuple[str, Cle[T]]]
) -> tuple[Entete, ...]:
    """The heads of a table; each link keeps the question and the order of the other table."""
    actuel = lire_texte(args, nom) or next(iter(tris))
    autres = {n: lire_texte(args, n) for n in ("tri", "tri_epci") if lire_texte(args, n)}
    ancre = "#communes" if nom == "tri" else "#intercommunalites"
    vues = []
    for code, (libelle, _) in tris.items():
        suivant = f"-{code}" if actuel == code else code
        requete = urlencode({**question.args, **autres, nom: suivant})
        sens = {code: "ascending", f"-{code}": "descending"}.get(actuel, "")
        vues.append(Entete(libelle, f"?{requete}{ancre}", sens))
    return tuple(vues)


def _trier(
    lignes: Iterable[T], args: Arguments, nom: str, tris: Mapping[str, tuple[str, Cle[T]]]
) -> tuple[T, ...]:
    voulu = lire_texte(args, nom) or next(iter(tris))
    code = voulu.removeprefix("-")
    if code not in tris:
        message = f"On peut trier par : {', '.join(tris)}."
        raise ParametreError(nom, voulu, message, tuple(tris))
    # Lines come by name: ties stay so, whichever way the rest goes.
    return tuple(sorted(lignes, key=tris[code][1], reverse=voulu.startswith("-")))


FILTRES = {
    "eloignement": eloignement_fr,
    "manques": manques_fr,
    "competence_couverte": COMPETENCE.__getitem__,
    "km": km_fr,
    "part_de": pour_cent_fr,
}
