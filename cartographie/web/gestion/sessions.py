"""Sessions: a signed cookie that exists under /gestion only, and only once signed in.

It holds a secret, since when and last seen when; the two ends are told by our clock. The server
keeps the digest of the secret (`comptes.ouvertes`) until somebody signs out: a copy of the cookie
is then worth nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import Flask, Request, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from typing_extensions import override
from werkzeug.wrappers import Response as BaseResponse

from cartographie.comptes import ouvertes
from cartographie.config import Settings
from cartographie.web.security import en_gestion
from cartographie.web.site import site

QUI, DEBUT, VU = "qui", "debut", "vu"
NOM = "carto"
# The cookie is written again once a minute at most.
PAS = timedelta(minutes=1)
# What touches the second factor asks for the password again, unless it was given just before.
RECENTE = timedelta(minutes=10)


class SessionsDeGestion(SecureCookieSessionInterface):
    """No session at all elsewhere: a public page can neither read the cookie nor set one."""

    digest_method = staticmethod(sha256)

    @override
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie, under /gestion only."""
        return super().open_session(app, request) if en_gestion() else None


def init_app(app: Flask, settings: Settings) -> None:
    """`__Host-` needs https: a browser would refuse the cookie on a local http address."""
    https = settings.url_publique.startswith("https://")
    app.session_interface = SessionsDeGestion()
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.config.update(
        SESSION_COOKIE_NAME=f"__Host-{NOM}" if https else NOM,
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )


def start(base: Session, compte_id: int) -> None:
    """Begin a session; whatever the browser held before is over and forgotten."""
    debut = moment()
    ouvertes.purge(base, debut - duree())
    ouvertes.close(base, secret())
    ouvert = ouvertes.open_session(base, compte_id, debut)
    session.clear()
    session.update({QUI: ouvert, DEBUT: _maintenant(), VU: _maintenant()})


def renew(base: Session, compte_id: int) -> None:
    """Go on under another secret after every session was ended; the life is not made longer."""
    debut = datetime.fromtimestamp(session[DEBUT], UTC)
    session[QUI] = ouvertes.open_session(base, compte_id, debut)


def leave(fait: str) -> BaseResponse:
    """Go to the sign-in without a session; the browser drops what it kept of this site.

    Pages of /gestion are never kept, but a browser may hold the last ones ready for « Précédent ».
    """
    forget()
    response = redirect(url_for("gestion.connexion", fait=fait), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def forget() -> None:
    """Forget everything; the cookie, if there was one, goes away with the answer."""
    if session:
        session.clear()


def secret() -> str:
    """What the browser holds, still good or not; empty for nothing."""
    qui = session.get(QUI)
    return qui if isinstance(qui, str) else ""


def is_recent() -> bool:
    """Whether somebody has just signed in: the password needs not be asked for again."""
    return bool(_maintenant() - session.get(DEBUT, 0) < RECENTE.total_seconds())


def is_forged() -> bool:
    """Whether the browser holds a cookie that we did not sign, which is then taken away."""
    temoin = current_app.session_interface.get_cookie_name(current_app)
    forged = not session and temoin in request.cookies
    session.modified = session.modified or forged
    return forged


def current() -> str | None:
    """The secret of a session whose time has not come, which is then seen again."""
    qui, debut, vu = session.get(QUI), session.get(DEBUT), session.get(VU)
    if not (isinstance(qui, str) and isinstance(debut, int) and isinstance(vu, int)):
        return None
    reglages, maintenant = site().settings, _maintenant()
    trop_long = maintenant - debut >= duree().total_seconds()
    inactive = maintenant - vu >= reglages.session_inactivite_min * 60
    if trop_long or inactive:
        return None
    if maintenant - vu >= PAS.total_seconds():
        session[VU] = maintenant
    return qui


def moment() -> datetime:
    """The time it is, in UTC, by the clock of the installation."""
    return site().horloge().astimezone(UTC)


def duree() -> timedelta:
    """How long a session may last, whatever it is used for."""
    return timedelta(hours=site().settings.session_duree_h)


def _maintenant() -> int:
    return int(moment().timestamp())
