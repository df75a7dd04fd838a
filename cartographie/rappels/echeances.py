"""Who is to be written to: facts about a record, its sendings and a day, decided from them alone.

A record is due when nobody confirmed it, and its partner answered nothing, since `frequence`
months. Two mails a month apart without an answer, and a person has to call instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cartographie.acteurs import ContactKind, Diffusion, Saisie, Statut, Visibilite
from cartographie.entretien import mois_depuis
from cartographie.lettres import EtatCourrier, Reponse

MUETS = 2
ATTENTE_REPONSE = timedelta(days=30)
VALIDITE = timedelta(days=60)


class Situation(StrEnum):
    """Where a record stands; the order is that of the list: first what asks for a person."""

    REVENU = "revenu"
    MUET = "muet"
    SANS_ADRESSE = "sans-adresse"
    A_ECRIRE = "a-ecrire"
    EN_ATTENTE = "en-attente"
    ECRIT = "ecrit"
    A_JOUR = "a-jour"
    JAMAIS = "jamais"


A_REGARDER = (Situation.REVENU, Situation.MUET, Situation.SANS_ADRESSE)


@dataclass(frozen=True, slots=True)
class Suivi:
    """How a partner is written to: every so many months (None: as usual, 0: never), and where."""

    frequence_mois: int | None = None
    courriel: str = ""


@dataclass(frozen=True, slots=True)
class LienVu:
    """A link as the database knows it."""

    slug: str
    numero: int
    empreinte: str
    expire_le: datetime
    reponse: Reponse | None
    repondu_le: datetime | None


@dataclass(frozen=True, slots=True)
class Envoi:
    """One mail about a record, what became of it and what was answered; `dit` is the server's."""

    numero: int
    courrier: int
    a: str
    etat: EtatCourrier
    cree_le: datetime
    envoye_le: datetime | None
    expire_le: datetime
    reponse: Reponse | None
    repondu_le: datetime | None
    dit: str = ""


@dataclass(frozen=True, slots=True)
class Veille:
    """A record and where it stands on a day."""

    saisie: Saisie
    situation: Situation
    a: str
    frequence_mois: int
    envois: tuple[Envoi, ...] = ()
    silences: int = 0

    @property
    def dernier(self) -> Envoi | None:
        """The last mail about it."""
        return self.envois[-1] if self.envois else None


def is_visible(saisie: Saisie) -> bool:
    """Whether the public may know of it: of no other record is anything written to anybody."""
    return saisie.statut is Statut.PUBLIE and saisie.diffusion is not Diffusion.INTERNE


def address(saisie: Saisie, suivi: Suivi) -> str:
    """Where to write: the address chosen for reminders, else an internal one, else a public one."""
    if suivi.courriel:
        return suivi.courriel
    courriels = [c for c in saisie.contacts if c.kind is ContactKind.COURRIEL]
    internes = [c.valeur for c in courriels if c.visibilite is Visibilite.INTERNE]
    return next(iter([*internes, *(c.valeur for c in courriels)]), "")


def watch(
    saisie: Saisie,
    suivi: Suivi,
    envois: tuple[Envoi, ...],
    *,
    usuelle_mois: int,
    maintenant: datetime,
) -> Veille | None:
    """Where a record stands now; None for one that the public does not see."""
    if not is_visible(saisie):
        return None
    frequence = usuelle_mois if suivi.frequence_mois is None else suivi.frequence_mois
    a = address(saisie, suivi)
    muets = _silences(saisie, envois)
    situation = _situation(saisie, a, frequence, envois, len(muets), maintenant)
    return Veille(saisie, situation, a, frequence, envois, len(muets))


def _situation(
    saisie: Saisie,
    a: str,
    frequence: int,
    envois: tuple[Envoi, ...],
    silences: int,
    maintenant: datetime,
) -> Situation:
    if frequence == 0:
        return Situation.JAMAIS
    vue = _vue(saisie, envois)
    if vue is not None and mois_depuis(vue, maintenant.date()) < frequence:
        return Situation.A_JOUR
    if not a:
        return Situation.SANS_ADRESSE
    dernier = envois[-1] if envois else None
    if dernier is None or dernier.etat is EtatCourrier.PERIME:
        return Situation.MUET if silences >= MUETS else Situation.A_ECRIRE
    if dernier.etat is EtatCourrier.ATTENTE:
        return Situation.EN_ATTENTE
    if dernier.etat in (EtatCourrier.REFUSE, EtatCourrier.REVENU):
        # Another address was chosen since: it is worth a mail.
        return Situation.REVENU if dernier.a == a else Situation.A_ECRIRE
    if dernier.envoye_le is not None and dernier.envoye_le > maintenant - ATTENTE_REPONSE:
        return Situation.ECRIT
    return Situation.MUET if silences >= MUETS else Situation.A_ECRIRE


def _vue(saisie: Saisie, envois: tuple[Envoi, ...]) -> date | None:
    """The last day on which somebody who knows looked at the record."""
    jours = [e.repondu_le.date() for e in envois if e.repondu_le]
    if saisie.verifie_le:
        jours.append(saisie.verifie_le)
    return max(jours, default=None)


def _silences(saisie: Saisie, envois: tuple[Envoi, ...]) -> tuple[Envoi, ...]:
    """Mails that arrived and that nobody answered, since somebody last looked."""
    vue = _vue(saisie, envois)
    return tuple(
        envoi
        for envoi in envois
        if envoi.etat is EtatCourrier.ENVOYE
        and envoi.envoye_le is not None
        and (vue is None or envoi.envoye_le.date() > vue)
    )
