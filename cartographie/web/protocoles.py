"""What the pages of the protocol show: an objective with its names, its figures and its acteurs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from cartographie.acteurs import Fiche, Origine
from cartographie.catalogue import Catalogue, Filtre
from cartographie.errors import IntrouvableError
from cartographie.phrases import participation_fr
from cartographie.protocole import Action, Axe, Cible, Objectif, Protocole, Releve, Theme
from cartographie.referentiel import Referentiel

ABSENT = "Cette page n’existe pas, ou n’existe plus."
GROUPES = (
    (Origine.NOMMEE, "Nommés par le protocole"),
    (Origine.DECLAREE, "Participations déclarées"),
    (Origine.DEDUITE, "Au titre de leur catégorie"),
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
    releves: tuple[Releve, ...]


def find_protocole(referentiel: Referentiel, periode: str) -> Protocole:
    """The protocol of a period. Raises IntrouvableError."""
    protocole = referentiel.protocole(periode)
    if protocole is None:
        raise IntrouvableError(ABSENT)
    return protocole


def build_objectif(
    protocole: Protocole, numero: int, catalogue: Catalogue, jour: date
) -> ObjectifVue:
    """Gather an objective. Raises IntrouvableError when the period has none of that number."""
    objectif = protocole.objectif(numero)
    if objectif is None:
        raise IntrouvableError(ABSENT)
    axe = next(axe for axe in protocole.axes if axe.numero == objectif.axe)
    return ObjectifVue(
        protocole=protocole,
        objectif=objectif,
        axe=axe,
        theme=next((theme for theme in axe.themes if numero in theme.objectifs), None),
        actions=tuple(_action(action, protocole, jour) for action in objectif.actions),
        lies=_lies((protocole.periode.code, numero), catalogue),
        releves=protocole.releves_de(numero),
    )


def nombre_fr(valeur: float) -> str:
    """A figure as it is written in French: `1 234,5`, with a narrow no-break space."""
    entier = float(valeur).is_integer()
    texte = f"{valeur:,.0f}" if entier else f"{valeur:,.2f}".rstrip("0")
    return texte.replace(",", "\u202f").replace(".", ",")


def echeance_fr(echeance: tuple[int, int], jour: date) -> str:
    """When an action had to be done; said to be over when it is."""
    debut, fin = echeance
    annees = str(fin) if debut == fin else f"de {debut} à {fin}"
    return f"{annees}, échu le 31/12/{fin}" if jour > date(fin, 12, 31) else annees


def _action(action: Action, protocole: Protocole, jour: date) -> ActionVue:
    cibles = ((action.cible,) if action.cible else ()) + action.cibles_complementaires
    return ActionVue(
        action=action,
        cibles=tuple(_cible(cible) for cible in cibles),
        pilotes=_noms(action.pilotes, protocole),
        autres_acteurs=_noms(action.autres_acteurs, protocole),
        financeurs=_noms(action.financeurs, protocole),
        echeance=echeance_fr(action.echeance, jour),
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
