"""What the pages of the protocol show: an objective with its names, its figures and its acteurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cartographie.acteurs import Fiche, Origine
from cartographie.catalogue import Catalogue, Filtre
from cartographie.errors import IntrouvableError
from cartographie.phrases import participation_fr
from cartographie.protocole import (
    Action,
    Axe,
    Cible,
    Nature,
    Objectif,
    Periode,
    Protocole,
    Releve,
    Theme,
)
from cartographie.protocole.cumuls import Comparaison, Total, comparer, totaux
from cartographie.referentiel import Referentiel

ABSENT = "Cette page n’existe pas, ou n’existe plus."
GROUPES = (
    (Origine.NOMMEE, "Nommés par le protocole"),
    (Origine.DECLAREE, "Participations déclarées"),
    (Origine.DEDUITE, "Au titre de leur catégorie"),
)
NATURES = (
    (Nature.MESURE, "Mesuré dans le département"),
    (Nature.CONTEXTE, "Contexte : faits constatés et chiffres nationaux"),
    (Nature.CALCUL, "Calculé à partir d’autres chiffres"),
)


@dataclass(frozen=True, slots=True)
class ActionVue:
    """An action with the names of its organisations and its figures in words."""

    action: Action
    cibles: tuple[str, ...]
    pilotes: tuple[str, ...]
    autres_acteurs: tuple[str, ...]
    financeurs: tuple[str, ...]
    echeance: str
    comparaisons: tuple[Comparaison, ...]


@dataclass(frozen=True, slots=True)
class Lie:
    """A record that takes part, how that is known, and its services: shown, never counted."""

    fiche: Fiche
    phrase: str
    action: str
    services: tuple[Fiche, ...]


@dataclass(frozen=True, slots=True)
class ObjectifVue:
    """A whole objective, ready to be read."""

    protocole: Protocole
    objectif: Objectif
    axe: Axe
    theme: Theme | None
    actions: tuple[ActionVue, ...]
    lies: tuple[tuple[Origine, str, tuple[Lie, ...]], ...]
    acteurs: int
    releves: tuple[Releve, ...]
    totaux: tuple[Total, ...]
    eclairages: tuple[Releve, ...]
    echu: str


@dataclass(frozen=True, slots=True)
class PeriodeVue:
    """A whole period: its axes, and the figures that measure no objective alone, by nature."""

    protocole: Protocole
    echu: str
    chiffres: tuple[tuple[Nature, str, tuple[Releve, ...]], ...]
    mesures: Mapping[int, int]


def find_protocole(referentiel: Referentiel, periode: str) -> Protocole:
    """The protocol of a period. Raises IntrouvableError."""
    protocole = referentiel.protocole(periode)
    if protocole is None:
        raise IntrouvableError(ABSENT)
    return protocole


def build_periode(protocole: Protocole, catalogue: Catalogue, jour: date) -> PeriodeVue:
    """Gather a period; `mesures`: number of an objective → how many figures measure it."""
    releves = publics(protocole.releves, catalogue)
    contexte = tuple(r for r in releves if r.objectif is None)
    par_nature = ((n, titre, tuple(r for r in contexte if r.nature is n)) for n, titre in NATURES)
    mesures: defaultdict[int, int] = defaultdict(int)
    for releve in releves:
        if releve.objectif is not None:
            mesures[releve.objectif] += 1
    return PeriodeVue(
        protocole=protocole,
        echu=echu_fr(protocole.periode, jour),
        chiffres=tuple(groupe for groupe in par_nature if groupe[2]),
        mesures=dict(mesures),
    )


def build_objectif(
    protocole: Protocole, numero: int, catalogue: Catalogue, jour: date
) -> ObjectifVue:
    """Gather an objective. Raises IntrouvableError when the period has none of that number."""
    objectif = protocole.objectif(numero)
    if objectif is None:
        raise IntrouvableError(ABSENT)
    axe = next(axe for axe in protocole.axes if axe.numero == objectif.axe)
    releves = publics(protocole.releves_de(numero), catalogue)
    porteurs = {f.slug: f.porteur.slug for f in catalogue.fiches if f.porteur}
    comparaisons = comparer(objectif, releves, porteurs)
    lies = _lies((protocole.periode.code, numero), catalogue)
    return ObjectifVue(
        protocole=protocole,
        objectif=objectif,
        axe=axe,
        theme=next((theme for theme in axe.themes if numero in theme.objectifs), None),
        actions=tuple(_action(a, protocole, jour, comparaisons) for a in objectif.actions),
        lies=lies,
        acteurs=len({lie.fiche.slug for _, _, groupe in lies for lie in groupe}),
        releves=releves,
        totaux=totaux(releves, porteurs),
        eclairages=publics(protocole.releves_lies_a(numero), catalogue),
        echu=echu_fr(protocole.periode, jour),
    )


def publics(releves: Iterable[Releve], catalogue: Catalogue) -> tuple[Releve, ...]:
    """Leave out the figures of acteurs that the public does not see, or sees by a zone only.

    A number of places is what a shelter does not publish; what it is of says that it exists.
    """
    connus = (f.slug for f in catalogue.fiches if not f.en_zone)
    permis = {"", *connus}
    return tuple(releve for releve in releves if releve.acteur in permis)


def nombre_fr(valeur: float) -> str:
    """A figure as it is written in French: `1 234,5`, with a narrow no-break space."""
    entier = float(valeur).is_integer()
    texte = f"{valeur:,.0f}" if entier else f"{valeur:,.2f}".rstrip("0")
    return texte.replace(",", "\u202f").replace(".", ",")


def valeur_fr(valeur: float, precision: str, unite: str) -> str:
    """A figure with how exact it is: `plus de 700 professionnels`, `environ 50 %`."""
    mots = (precision if precision != "exacte" else "", nombre_fr(valeur))
    # No unit is cut from its number at the end of a line.
    return " ".join(mot for mot in mots if mot) + (f"\u00a0{unite}" if unite else "")


def ancre(releve: Releve) -> str:
    """Name a line of a page by what it says: its code would count the hidden figures before it."""
    dit = (releve.indicateur, annees_fr(releve), releve.territoire, releve.unite, releve.acteur)
    return f"releve-{sha256(repr((*dit, releve.action)).encode()).hexdigest()[:8]}"


def annees_fr(releve: Releve) -> str:
    """The year of a figure, or the years between which it is a change."""
    if releve.periode:
        return "–".join(str(annee) for annee in releve.periode)
    return str(releve.annee) if releve.annee else "non datée"


def echu_fr(periode: Periode, jour: date) -> str:
    """That a period is over, when it is."""
    return f"échu le 31/12/{periode.fin}" if jour > date(periode.fin, 12, 31) else ""


def echeance_fr(echeance: tuple[int, int], jour: date) -> str:
    """When an action had to be done; said to be over when it is."""
    debut, fin = echeance
    annees = str(fin) if debut == fin else f"de {debut} à {fin}"
    return f"{annees}, échu le 31/12/{fin}" if jour > date(fin, 12, 31) else annees


def _action(
    action: Action, protocole: Protocole, jour: date, comparaisons: tuple[Comparaison, ...]
) -> ActionVue:
    cibles = ((action.cible,) if action.cible else ()) + action.cibles_complementaires
    return ActionVue(
        action=action,
        cibles=tuple(_cible(cible) for cible in cibles),
        pilotes=_noms(action.pilotes, protocole),
        autres_acteurs=_noms(action.autres_acteurs, protocole),
        financeurs=_noms(action.financeurs, protocole),
        echeance=echeance_fr(action.echeance, jour),
        comparaisons=tuple(c for c in comparaisons if c.action == action.id),
    )


def _cible(cible: Cible) -> str:
    texte = f"{nombre_fr(cible.valeur)} {cible.unite} {cible.periodicite}".strip()
    return f"{texte} ({cible.objet})" if cible.objet else texte


def _noms(codes: tuple[str, ...], protocole: Protocole) -> tuple[str, ...]:
    organisations = (protocole.organisation(code) for code in codes)
    return tuple(organisation.nom for organisation in organisations if organisation)


def _lies(
    cle: tuple[str, int], catalogue: Catalogue
) -> tuple[tuple[Origine, str, tuple[Lie, ...]], ...]:
    """Records that take part, by how that is known; a part known twice stands twice.

    The part of a porteur shows its services beside it. A service whose porteur is not public
    stands by itself.
    """
    fiches = sorted(catalogue.select(Filtre(objectif=cle)), key=lambda f: (f.nom, f.slug))
    services: defaultdict[str, list[Fiche]] = defaultdict(list)
    par_origine: defaultdict[Origine, list[Lie]] = defaultdict(list)
    for fiche in fiches:
        if fiche.porteur:
            services[fiche.porteur.slug].append(fiche)
    for fiche in fiches:
        heritees = () if fiche.porteur else fiche.participations_du_porteur
        for part in fiche.participations + heritees:
            if (part.periode, part.objectif) == cle:
                siens = tuple(services[fiche.slug])
                par_origine[part.origine].append(
                    Lie(fiche, participation_fr(part), part.action, siens)
                )
    return tuple(
        (origine, titre, tuple(par_origine[origine]))
        for origine, titre in GROUPES
        if par_origine[origine]
    )
