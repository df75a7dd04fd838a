"""What needs care in the directory: facts about a record on a day, decided from it alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Diffusion,
    Fermeture,
    Precision,
    Saisie,
    Statut,
    Visibilite,
)
from cartographie.texte import fold

ORANGE_MOIS = 6
ROUGE_MOIS = 12
REOUVERTURE = timedelta(days=14)


class Soin(StrEnum):
    """One thing to look at; the order is that of the list, what matters most first."""

    BROUILLON = "brouillon"
    ROUGE = "rouge"
    JAMAIS = "jamais-confirmee"
    ORANGE = "orange"
    FERMETURE = "fermeture"
    SANS_TELEPHONE = "sans-telephone"
    SANS_HORAIRES = "sans-horaires"
    SANS_POINT = "sans-point"


LIBELLES = {
    Soin.BROUILLON: "Brouillon",
    Soin.ROUGE: "Pas vérifiée depuis 12 mois",
    Soin.JAMAIS: "Jamais confirmée",
    Soin.ORANGE: "Pas vérifiée depuis 6 mois",
    Soin.FERMETURE: "Fermeture qui se termine",
    Soin.SANS_TELEPHONE: "Sans téléphone",
    Soin.SANS_HORAIRES: "Sans horaires",
    Soin.SANS_POINT: "Sans point sur la carte",
}
RANGS = {soin: rang for rang, soin in enumerate(Soin)}


@dataclass(frozen=True, slots=True)
class Examen:
    """A record and what it needs today."""

    saisie: Saisie
    soins: tuple[Soin, ...]

    @property
    def communes(self) -> tuple[str, ...]:
        """Names of the communes where it has a door, each once."""
        noms = (porte.localisation.commune for porte in self.saisie.implantations)
        return tuple(dict.fromkeys(nom for nom in noms if nom))

    @property
    def telephone(self) -> str:
        """The first number that one dials; of a zone, its relais."""
        return next(_numeros(self.saisie), "")

    @property
    def doute(self) -> str:
        """Why a draft is one, when somebody noted it."""
        return self.saisie.notes_internes if self.saisie.statut is Statut.BROUILLON else ""


@dataclass(frozen=True, slots=True)
class Tri:
    """What is looked for in the list; an empty value looks for everything but the archives."""

    soin: Soin | None = None
    type: str = ""
    commune: str = ""
    statut: Statut | None = None
    q: str = ""


def examine(saisie: Saisie, jour: date) -> Examen:
    """Look at one record on a day."""
    if saisie.statut is Statut.ARCHIVE:
        return Examen(saisie, ())
    return Examen(saisie, tuple(soin for soin in Soin if _besoin(soin, saisie, jour)))


def trier(examens: Iterable[Examen], tri: Tri) -> list[Examen]:
    """Keep what is looked for; the most urgent first, then by name."""
    gardes = [examen for examen in examens if _garde(examen, tri)]
    return sorted(gardes, key=_urgence)


def compter(examens: Iterable[Examen]) -> dict[Soin, int]:
    """How many records need each thing."""
    comptes = dict.fromkeys(Soin, 0)
    for examen in examens:
        for soin in examen.soins:
            comptes[soin] += 1
    return comptes


def mois_depuis(jour: date, autre: date) -> int:
    """Whole months from `jour` to `autre`."""
    mois = (autre.year - jour.year) * 12 + autre.month - jour.month
    return mois - (autre.day < jour.day)


def _urgence(examen: Examen) -> tuple[int, str, str]:
    premier = min((RANGS[soin] for soin in examen.soins), default=len(RANGS))
    return premier, fold(examen.saisie.nom), examen.saisie.slug


def _garde(examen: Examen, tri: Tri) -> bool:
    saisie = examen.saisie
    mots = fold(tri.q).split()
    texte = fold(f"{saisie.nom} {saisie.sigle} {saisie.slug}")
    return (
        (tri.soin is None or tri.soin in examen.soins)
        and (not tri.type or saisie.type == tri.type)
        and (not tri.commune or tri.commune in examen.communes)
        and (saisie.statut is tri.statut if tri.statut else saisie.statut is not Statut.ARCHIVE)
        and all(mot in texte for mot in mots)
    )


def _besoin(soin: Soin, saisie: Saisie, jour: date) -> bool:
    age = mois_depuis(saisie.verifie_le, jour) if saisie.verifie_le else None
    match soin:
        case Soin.BROUILLON:
            return saisie.statut is Statut.BROUILLON
        case Soin.JAMAIS:
            return age is None
        case Soin.ROUGE:
            return age is not None and age >= ROUGE_MOIS
        case Soin.ORANGE:
            return age is not None and ORANGE_MOIS <= age < ROUGE_MOIS
        case Soin.SANS_TELEPHONE:
            return next(_numeros(saisie), None) is None
        case Soin.SANS_HORAIRES:
            return not any(_horaires(saisie))
        case Soin.SANS_POINT:
            return _sans_point(saisie)
        case Soin.FERMETURE:
            return any(f.fin <= jour + REOUVERTURE for f in _fermetures(saisie))


def _numeros(saisie: Saisie) -> Iterator[str]:
    if saisie.diffusion is Diffusion.ZONE:
        if saisie.relais:
            yield saisie.relais.telephone
        return
    for contact in saisie.contacts:
        if contact.kind is not ContactKind.COURRIEL and contact.visibilite is Visibilite.PUBLIQUE:
            yield contact.valeur
    yield from (porte.telephone for porte in saisie.implantations if porte.telephone)


def _horaires(saisie: Saisie) -> Iterator[str]:
    """Of a door or of a line; a zone has those of its relais alone."""
    if saisie.diffusion is Diffusion.ZONE:
        yield saisie.relais.horaires if saisie.relais else ""
        return
    yield from (porte.horaires for porte in saisie.implantations)
    yield from (contact.horaires for contact in saisie.contacts)


def _sans_point(saisie: Saisie) -> bool:
    """A zone has no door to draw; a network or a line without a door lacks nothing."""
    if saisie.diffusion is Diffusion.ZONE:
        return False
    if not saisie.implantations:
        return saisie.acces is Acces.DIRECT
    return any(
        porte.localisation.precision is not Precision.ADRESSE for porte in saisie.implantations
    )


def _fermetures(saisie: Saisie) -> Iterator[Fermeture]:
    for porte in saisie.implantations:
        yield from porte.fermetures
