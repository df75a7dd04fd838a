"""Open accounts from the command line: no account exists by default, a link makes each one."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from sqlalchemy import Engine

from cartographie import comptes
from cartographie.database import transaction
from cartographie.utilisateurs import RoleCompte, read_courriel, read_nom

CHEMIN = "/gestion/invitation?jeton="
LOCAL = "administrateur@localhost"


def open_account(
    engine: Engine, courriel: str, nom: str, role: RoleCompte, maintenant: datetime
) -> str:
    """Make an account and give the secret of its link. Raises SaisieError when it exists."""
    courriel = read_courriel(courriel)
    nom = read_nom(nom or courriel.partition("@")[0])
    with transaction(engine) as session:
        compte = comptes.create_compte(session, courriel, nom, role, maintenant)
        return comptes.invite(session, compte.id, maintenant)


def renew_link(engine: Engine, courriel: str, maintenant: datetime) -> str | None:
    """A new secret for an account that exists, its second factor removed; None when it does not.

    The way in for an administrator who lost everything: whoever runs commands holds the database.
    """
    with transaction(engine) as session:
        compte = comptes.find_by_courriel(session, read_courriel(courriel))
        if compte is None:
            return None
        comptes.restore(session, compte.id)
        comptes.clear_totp(session, compte.id)
        return comptes.invite(session, compte.id, maintenant)


def first_link(engine: Engine, maintenant: datetime) -> str | None:
    """The secret of a local administrator's link, while nobody has a password; then None."""
    with transaction(engine) as session:
        if not comptes.nobody_signed_up(session):
            return None
        compte = comptes.find_by_courriel(session, LOCAL)
        if compte is None:
            role = RoleCompte.ADMINISTRATEUR
            compte = comptes.create_compte(session, LOCAL, "Administrateur local", role, maintenant)
        return comptes.invite(session, compte.id, maintenant)


def is_loopback(hote: str) -> bool:
    """Whether only this machine can reach the server."""
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"
