"""Write to partners: who is due, and one mail each with a link that serves once.

A mail, its link and the state of the record it tells are one transaction under the lock of the
records: nobody lowers a record between what is read and what is queued.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cartographie import courrier, jetons, registre
from cartographie.acteurs import Saisie
from cartographie.errors import Faute, SaisieError
from cartographie.lettres import Motif
from cartographie.rappels import (
    ATTENTE_REPONSE,
    SUJET,
    VALIDITE,
    Situation,
    Suivi,
    Veille,
    watch,
    write,
)
from cartographie.referentiel import Referentiel
from cartographie.texte import fold
from cartographie.utilisateurs import read_courriel

CHEMIN = "/partenaires/"
# What a person may send again by hand, whatever the calendar says.
A_LA_MAIN = frozenset(Situation) - {Situation.SANS_ADRESSE, Situation.EN_ATTENTE}
FREQUENCES = (1, 2, 3, 6, 9, 12, 18, 24, 36)
ORDRE = {situation: rang for rang, situation in enumerate(Situation)}


@dataclass(frozen=True, slots=True)
class Contexte:
    """With what a mail is written: the key of links, the public address, the usual frequency."""

    cle: str
    url: str
    usuelle_mois: int
    referentiel: Referentiel
    maintenant: datetime


def veilles(
    session: Session, contexte: Contexte, saisies: Iterable[Saisie] | None = None
) -> list[Veille]:
    """Every record that the public sees, where it stands; what asks for a person first."""
    return _veilles(session, registre.saisies(session) if saisies is None else saisies, contexte)


def veille_de(session: Session, slug: str, contexte: Contexte) -> Veille | None:
    """The same for one record; None when the public does not see it. Raises IntrouvableError."""
    saisie, _ = registre.get_saisie(session, slug)
    return next(iter(_veilles(session, [saisie], contexte)), None)


def remind(
    session: Session, contexte: Contexte, choisis: Collection[str] | None = None
) -> list[Veille]:
    """Queue a mail for each record that is due, or for those chosen by hand; give which ones."""
    registre.lock(session)
    ecrites = []
    for veille in veilles(session, contexte):
        voulue = (
            veille.situation is Situation.A_ECRIRE
            if choisis is None
            else veille.saisie.slug in choisis and veille.situation in A_LA_MAIN and veille.a
        )
        if voulue:
            _write(session, veille, contexte)
            ecrites.append(veille)
    return ecrites


def body(session: Session, saisie: Saisie, lien: str, contexte: Contexte) -> str:
    """The mail that a partner would receive. Raises SaisieError when the public sees nothing."""
    fiche = registre.preview(session, saisie, contexte.referentiel.communes)
    if fiche is None:
        raise SaisieError((Faute("", "Cette fiche n’est pas publique : rien ne lui est écrit."),))
    return write(fiche, lien, contexte.maintenant + VALIDITE, contexte.referentiel)


def choose(session: Session, slug: str, frequence: str, courriel: str) -> None:
    """Keep how a partner is written to. Raises SaisieError, IntrouvableError."""
    registre.lock(session)
    registre.get_saisie(session, slug)
    permises = {"": None, "0": 0} | {str(n): n for n in FREQUENCES}
    if frequence not in permises:
        raise SaisieError((Faute("frequence", "Choisissez dans la liste.", frequence[:20]),))
    adresse = read_courriel(courriel) if courriel.strip() else ""
    courrier.set_suivi(session, slug, Suivi(permises[frequence], adresse))


def _veilles(session: Session, saisies: Iterable[Saisie], contexte: Contexte) -> list[Veille]:
    suivis, envois = courrier.suivis(session), courrier.envois(session)
    trouvees = (
        watch(
            saisie,
            suivis.get(saisie.slug, Suivi()),
            envois.get(saisie.slug, ()),
            usuelle_mois=contexte.usuelle_mois,
            maintenant=contexte.maintenant,
        )
        for saisie in saisies
    )
    presentes = [veille for veille in trouvees if veille is not None]
    return sorted(presentes, key=lambda v: (ORDRE[v.situation], fold(v.saisie.nom)))


def _write(session: Session, veille: Veille, contexte: Contexte) -> None:
    slug = veille.saisie.slug
    numero = courrier.next_number(session, slug)
    jeton = jetons.make(contexte.cle, slug, numero)
    numero_du_courrier = courrier.queue(
        session,
        a=veille.a,
        sujet=SUJET,
        corps=body(session, veille.saisie, f"{contexte.url}{CHEMIN}{jeton}", contexte),
        motif=Motif.RAPPEL,
        maintenant=contexte.maintenant,
        acteur=slug,
        perime_le=contexte.maintenant + ATTENTE_REPONSE,
    )
    courrier.add_link(
        session,
        slug,
        numero,
        jetons.digest(jeton),
        numero_du_courrier,
        maintenant=contexte.maintenant,
        expire_le=contexte.maintenant + VALIDITE,
    )
