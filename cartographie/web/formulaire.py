"""The search form as it is shown: what was typed, what may be chosen, and the links that change it.

Every link keeps the other parameters and starts again at the first page, so that the form, the
large buttons and the tags work one by one without JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartographie.catalogue import Catalogue
from cartographie.errors import ParametreError
from cartographie.libelles import LANGUES
from cartographie.recherche import BESOIN_PAR_DEFAUT
from cartographie.referentiel import Referentiel
from cartographie.web.fragments import une_fois
from cartographie.web.liens import chemin_de
from cartographie.web.site import site

Termes = tuple[tuple[str, str], ...]
Arguments = Mapping[str, Sequence[str]]

# Parameters of `/`, in the order of its links.
PARAMETRES = (
    "lieu", "besoin", "type", "mission", "public", "langue", "objectif", "q", "ouvert",
    "rayon_km", "tri", "page",
)  # fmt: skip
# Those behind "Plus de filtres": a tag stands for each of their values.
REPLIES = ("q", "type", "mission", "public", "langue", "objectif", "ouvert", "rayon_km", "tri")

RAYONS: Termes = (("5", "5 km"), ("10", "10 km"), ("20", "20 km"), ("30", "30 km"), ("50", "50 km"))
TRIS: Termes = (("distance", "Le plus près d’abord"),)


@dataclass(frozen=True, slots=True)
class Bouton:
    """A large besoin button, a removable tag or a suggested value: a link with its words."""

    code: str
    libelle: str
    href: str
    actif: bool = False


@dataclass(frozen=True, slots=True)
class Faute:
    """What could not be understood, beside its field, with the values that would be."""

    parametre: str
    message: str
    choix: tuple[Bouton, ...]


@dataclass(frozen=True, slots=True)
class Ecran:
    """A page that shows a search: where its links lead, and what they carry beside the search."""

    endpoint: str
    gardes: tuple[str, ...] = ()

    @property
    def parametres(self) -> tuple[str, ...]:
        """Everything that its address may say."""
        return PARAMETRES + self.gardes

    def lien(self, args: Arguments, **changements: str | int | Sequence[str]) -> str:
        """Its address with some parameters changed; an empty one goes away, and so does `page`."""
        voulus: dict[str, object] = {nom: v for nom, v in args.items() if nom != "page"}
        voulus |= changements
        valeurs = {nom: voulus[nom] for nom in self.parametres if voulus.get(nom)}
        return chemin_de(self.endpoint, valeurs)


ACCUEIL = Ecran("pages.accueil")


@dataclass(frozen=True, slots=True)
class Formulaire:
    """The form: `args` is what was typed, as it was typed; `periode` is the current one's code."""

    ecran: Ecran
    args: Arguments
    besoins: tuple[Bouton, ...]
    actifs: tuple[Bouton, ...]
    termes: Mapping[str, Termes]
    periode: str
    champs: frozenset[str] = frozenset(PARAMETRES) - {"page"}
    replies: tuple[str, ...] = REPLIES

    def premiere(self, nom: str) -> str:
        """The value shown in a field."""
        return next(iter(self.args.get(nom, ())), "")

    def autres(self, nom: str) -> Sequence[str]:
        """Further values of a field that shows one: they travel hidden, and as tags."""
        return self.args.get(nom, ())[1:]

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return self.ecran.lien({})

    @property
    def caches(self) -> Termes:
        """What travels hidden with the form: how the page is shown."""
        return tuple((nom, valeur) for nom in self.ecran.gardes for valeur in self.args[nom][-1:])

    @property
    def href_sans_filtre(self) -> str:
        """The same place, nothing else."""
        return self.ecran.lien({nom: self.args[nom] for nom in ("lieu", *self.ecran.gardes)})


def build_formulaire(
    args: Arguments, referentiel: Referentiel, catalogue: Catalogue, ecran: Ecran = ACCUEIL
) -> Formulaire:
    """Dress the form for what was typed, understood or not."""
    tapes = {nom: tuple(v for v in args.get(nom, ()) if v) for nom in ecran.parametres}
    # The current period is what a bare number means: one objective, one way to say it.
    periode = site().periode_courante()
    courante = f"{periode}/"
    tapes["objectif"] = tuple(v.removeprefix(courante) for v in tapes["objectif"])
    termes = une_fois(("termes", periode), lambda: _termes(referentiel, catalogue))
    return Formulaire(
        ecran=ecran,
        args=tapes,
        besoins=_besoins(tapes, referentiel, ecran),
        actifs=_actifs(tapes, termes, ecran),
        termes=termes,
        periode=periode,
    )


def build_faute(erreur: ParametreError, formulaire: Formulaire) -> Faute:
    """Put a refused parameter beside its field; each near match is a link that takes it."""
    libelles = dict(formulaire.termes.get(erreur.parametre, ()))
    libelles |= {b.code: b.libelle for b in formulaire.besoins if erreur.parametre == "besoin"}
    choix = tuple(
        Bouton(
            code=proche,
            libelle=libelles.get(proche, proche),
            href=formulaire.ecran.lien(formulaire.args, **{erreur.parametre: proche}),
        )
        for proche in erreur.proches
    )
    return Faute(erreur.parametre, str(erreur), choix)


def _besoins(args: Arguments, referentiel: Referentiel, ecran: Ecran) -> tuple[Bouton, ...]:
    filtre = any(args[nom] for nom in ("type", "mission", "public", "langue", "objectif", "q"))
    courants = args["besoin"] or (() if filtre else (BESOIN_PAR_DEFAUT,))
    return tuple(
        Bouton(b.code, b.libelle, ecran.lien(args, besoin=b.code), b.code in courants)
        for b in referentiel.vocabulaire.besoins.values()
    )


def _actifs(args: Arguments, termes: Mapping[str, Termes], ecran: Ecran) -> tuple[Bouton, ...]:
    """One tag for each filter in force; following it takes that one away."""
    return tuple(
        Bouton(
            code=nom,
            libelle=_libelle(nom, valeur, termes),
            href=ecran.lien(args, **{nom: tuple(v for v in args[nom] if v != valeur)}),
        )
        for nom in REPLIES
        for valeur in dict.fromkeys(args[nom])
    )


def _libelle(nom: str, valeur: str, termes: Mapping[str, Termes]) -> str:
    if nom == "ouvert":
        return "Sans ce qui est fermé"
    if nom == "q":
        return f"« {valeur} »"
    if nom == "rayon_km":
        return f"Moins de {valeur.replace('.', ',')} km"
    return dict(termes[nom]).get(valeur, valeur)


def objectifs_proposes(referentiel: Referentiel) -> Termes:
    """Objectives of the current period by their number, then those of the others."""
    courant = site().periode_courante()
    protocoles = sorted(referentiel.protocoles, key=lambda p: p.periode.code != courant)
    return tuple(
        (str(o.numero), f"{o.numero}. {o.titre}")
        if p.periode.code == courant
        else (f"{p.periode.code}/{o.numero}", f"{p.periode.code} : {o.numero}. {o.titre}")
        for p in protocoles
        for o in p.objectifs
    )


def _termes(referentiel: Referentiel, catalogue: Catalogue) -> dict[str, Termes]:
    """What each folded list offers, in the order of the vocabulary."""
    vocabulaire = referentiel.vocabulaire
    return {
        "type": tuple((t.code, t.libelle) for t in vocabulaire.types.values()),
        "mission": tuple((t.code, t.libelle) for t in vocabulaire.missions.values()),
        "public": tuple((t.code, t.libelle) for t in vocabulaire.publics.values()),
        "langue": tuple((code, LANGUES.get(code, code)) for code in catalogue.langues),
        "objectif": objectifs_proposes(referentiel),
        "rayon_km": RAYONS,
        "tri": TRIS,
    }
