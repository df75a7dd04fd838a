"""The only writer of accounts, recovery codes and sessions. Secrets come in hashed or encrypted.

A link is a random secret: the table holds its digest and its end, so that it works once, until
then, and that a copy of the database opens no account.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cartographie.comptes import ouvertes
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.jetons import digest
from cartographie.models import CodeSecours, Utilisateur
from cartographie.utilisateurs import RoleCompte

INVITATION = timedelta(days=7)
DERNIER_ADMINISTRATEUR = (
    "C’est le dernier compte administrateur en service : nommez d’abord un autre administrateur."
)


@dataclass(frozen=True, slots=True)
class Compte:
    """An account as it is kept. Never shown whole: it holds a hash and an encrypted secret."""

    id: int
    courriel: str
    nom: str
    role: RoleCompte
    uniquifier: str
    mot_de_passe: str
    longueur_exigee: int
    totp_secret: str
    totp_compteur: int
    invitation_fin: datetime | None
    connecte_le: datetime | None
    revoque_le: datetime | None

    @property
    def mot_de_passe_trop_court(self) -> bool:
        """Whether the password was chosen under a softer rule than the role's."""
        return self.longueur_exigee < self.role.longueur_minimum

    @property
    def second_facteur_exige(self) -> bool:
        """Whether the role asks for a second factor."""
        return self.role is RoleCompte.ADMINISTRATEUR

    @property
    def second_facteur_manquant(self) -> bool:
        """Whether the role asks for a second factor that is not there."""
        return self.second_facteur_exige and not self.totp_secret


def comptes(session: Session) -> list[Compte]:
    """Every account, by name."""
    lignes = session.execute(select(Utilisateur).order_by(Utilisateur.nom, Utilisateur.courriel))
    return [_compte(ligne) for ligne in lignes.scalars()]


def noms(session: Session) -> dict[str, str]:
    """Mail address → name of each account, closed ones included."""
    return {compte.courriel: compte.nom for compte in comptes(session)}


def get_compte(session: Session, compte_id: int) -> Compte:
    """One account by its number. Raises IntrouvableError."""
    compte = _find(session, Utilisateur.id == compte_id)
    if compte is None:
        raise IntrouvableError("Ce compte n’existe pas.")
    return compte


def find_by_courriel(session: Session, courriel: str) -> Compte | None:
    """The account of an address (as `read_courriel` spells it), revoked ones included."""
    return _find(session, Utilisateur.courriel == courriel)


def find_by_session(session: Session, secret: str) -> Compte | None:
    """The account of a session, unless it was revoked or the session is over. One question."""
    return _unless_revoked(_find(session, Utilisateur.id == ouvertes.holder(secret)))


def find_by_uniquifier(session: Session, uniquifier: str) -> Compte | None:
    """The account that a step of a sign-in is about, unless something has changed of it since."""
    return _unless_revoked(_find(session, Utilisateur.uniquifier == uniquifier))


def find_by_invitation(session: Session, jeton: str, maintenant: datetime) -> Compte | None:
    """Whose link this is, while it works. Reading it changes nothing."""
    compte = _find(session, Utilisateur.invitation == digest(jeton)) if jeton else None
    if compte is None or compte.revoque_le is not None:
        return None
    fin = compte.invitation_fin
    return compte if fin is not None and maintenant < fin else None


def nobody_signed_up(session: Session) -> bool:
    """Whether no account has a password yet: an installation that nobody can enter."""
    avec = select(Utilisateur.id).where(Utilisateur.mot_de_passe != "").limit(1)
    return session.execute(avec).first() is None


def create_compte(
    session: Session, courriel: str, nom: str, role: RoleCompte, maintenant: datetime
) -> Compte:
    """Add an account that nobody can enter before its link is used. Raises SaisieError."""
    valeurs: dict[str, Any] = {
        "courriel": courriel,
        "nom": nom,
        "role": role,
        "uniquifier": _new_uniquifier(),
        "mot_de_passe": "",
        "longueur_exigee": 0,
        "totp_secret": "",
        "totp_compteur": 0,
        "invitation": "",
        "cree_le": maintenant,
    }
    try:
        creation = insert(Utilisateur).values(valeurs).returning(Utilisateur.id)
        return get_compte(session, session.execute(creation).scalar_one())
    except IntegrityError:
        faute = Faute("courriel", "Cette adresse a déjà un compte.", courriel)
        raise SaisieError((faute,)) from None


def invite(session: Session, compte_id: int, maintenant: datetime) -> str:
    """Make the secret of a link to choose a password; the links made before stop working."""
    jeton = secrets.token_urlsafe(32)
    fin = maintenant + INVITATION
    _set(session, compte_id, invitation=digest(jeton), invitation_fin=fin)
    return jeton


def accept(session: Session, jeton: str, empreinte: str, maintenant: datetime) -> Compte | None:
    """Consume a link and set the password (already hashed); None when it no longer works."""
    compte = find_by_invitation(session, jeton, maintenant)
    if compte is None:
        return None
    condition = (Utilisateur.id == compte.id, Utilisateur.invitation == digest(jeton))
    change = update(Utilisateur).where(*condition).values(invitation="", invitation_fin=None)
    if not session.execute(change.returning(Utilisateur.id)).all():
        return None
    set_mot_de_passe(session, compte.id, empreinte)
    return get_compte(session, compte.id)


def set_mot_de_passe(session: Session, compte_id: int, empreinte: str) -> None:
    """Replace the password (its hash); every session ends."""
    minimum = get_compte(session, compte_id).role.longueur_minimum
    _set(session, compte_id, mot_de_passe=empreinte, longueur_exigee=minimum)
    sign_out_everywhere(session, compte_id)


def rehash(session: Session, compte_id: int, empreinte: str) -> None:
    """Keep the same password under a newer hash; sessions go on."""
    _set(session, compte_id, mot_de_passe=empreinte)


def sign_out_everywhere(session: Session, compte_id: int) -> None:
    """End every session of an account, and every sign-in that has not come to its end."""
    ouvertes.close_all(session, compte_id)
    _set(session, compte_id, uniquifier=_new_uniquifier())


def mark_signed_in(session: Session, compte_id: int, maintenant: datetime) -> None:
    """Remember the last sign-in, which the list of accounts shows."""
    _set(session, compte_id, connecte_le=maintenant)


def set_role(session: Session, compte_id: int, role: RoleCompte) -> None:
    """Change what an account may do, at its next request. Raises SaisieError for the last one."""
    if role is not RoleCompte.ADMINISTRATEUR:
        _keep_an_administrateur(session, compte_id)
    _set(session, compte_id, role=role)


def revoke(session: Session, compte_id: int, maintenant: datetime) -> None:
    """Close an account: its sessions and its link end. Raises SaisieError for the last one."""
    _keep_an_administrateur(session, compte_id)
    _set(session, compte_id, revoque_le=maintenant, invitation="", invitation_fin=None)
    sign_out_everywhere(session, compte_id)


def restore(session: Session, compte_id: int) -> None:
    """Open a closed account again, password and role as they were."""
    _set(session, compte_id, revoque_le=None)


def close_after_restore(session: Session, revoques: Iterable[str], maintenant: datetime) -> None:
    """Accounts of another day: no session or link of then opens anything, who left stays out.

    `revoques` are addresses; the last administrator too may be among them.
    """
    for compte in comptes(session):
        sign_out_everywhere(session, compte.id)
        _set(session, compte.id, invitation="", invitation_fin=None)
        if compte.courriel in revoques and compte.revoque_le is None:
            _set(session, compte.id, revoque_le=maintenant)


def set_totp(
    session: Session, compte_id: int, secret: str, codes: list[str], compteur: int
) -> None:
    """Turn the second factor on: encrypted secret, digests of codes, the time step just used.

    Every session ends.
    """
    _set(session, compte_id, totp_secret=secret, totp_compteur=compteur)
    set_codes(session, compte_id, codes)
    sign_out_everywhere(session, compte_id)


def reseal(session: Session, compte_id: int, secret: str) -> None:
    """Keep the same second factor under another seal; sessions go on."""
    _set(session, compte_id, totp_secret=secret)


def clear_totp(session: Session, compte_id: int) -> None:
    """Turn the second factor off; every session ends."""
    _set(session, compte_id, totp_secret="", totp_compteur=0)
    set_codes(session, compte_id, [])
    sign_out_everywhere(session, compte_id)


def set_codes(session: Session, compte_id: int, codes: list[str]) -> None:
    """Replace the recovery codes, given as digests."""
    session.execute(delete(CodeSecours).where(CodeSecours.utilisateur_id == compte_id))
    if codes:
        lignes = [{"utilisateur_id": compte_id, "empreinte": code} for code in codes]
        session.execute(insert(CodeSecours), lignes)


def count_codes(session: Session, compte_id: int) -> int:
    """How many recovery codes are left."""
    nombre = select(func.count()).where(CodeSecours.utilisateur_id == compte_id)
    return session.execute(nombre).scalar_one()


def use_counter(session: Session, compte_id: int, compteur: int) -> bool:
    """Take a TOTP time step; False when it, or a later one, was used: a code works once."""
    condition = (Utilisateur.id == compte_id, Utilisateur.totp_compteur < compteur)
    change = update(Utilisateur).where(*condition).values(totp_compteur=compteur)
    return bool(session.execute(change.returning(Utilisateur.id)).all())


def use_code(session: Session, compte_id: int, empreinte: str) -> bool:
    """Take a recovery code; False when it is none of those left."""
    condition = (CodeSecours.utilisateur_id == compte_id, CodeSecours.empreinte == empreinte)
    prise = delete(CodeSecours).where(*condition).returning(CodeSecours.id)
    return bool(session.execute(prise).all())


def _keep_an_administrateur(session: Session, compte_id: int) -> None:
    """Rows are locked, so that two administrators cannot revoke each other at once."""
    actifs = select(Utilisateur.id).where(
        Utilisateur.role == RoleCompte.ADMINISTRATEUR,
        Utilisateur.revoque_le.is_(None),
        Utilisateur.mot_de_passe != "",
    )
    restants = session.execute(actifs.order_by(Utilisateur.id).with_for_update()).scalars().all()
    if restants == [compte_id]:
        raise SaisieError((Faute("", DERNIER_ADMINISTRATEUR),))


def _set(session: Session, compte_id: int, **valeurs: Any) -> None:  # noqa: ANN401
    session.execute(update(Utilisateur).where(Utilisateur.id == compte_id).values(valeurs))


def _find(session: Session, condition: ColumnElement[bool]) -> Compte | None:
    # An account read twice in a transaction that changed it has to be read again.
    choix = select(Utilisateur).where(condition).execution_options(populate_existing=True)
    ligne = session.execute(choix).scalar_one_or_none()
    return _compte(ligne) if ligne else None


def _unless_revoked(compte: Compte | None) -> Compte | None:
    return compte if compte and compte.revoque_le is None else None


def _compte(ligne: Utilisateur) -> Compte:
    return Compte(**{nom: getattr(ligne, nom) for nom in Compte.__slots__})


def _new_uniquifier() -> str:
    return secrets.token_urlsafe(32)
