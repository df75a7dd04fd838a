"""Nothing typed is lost: a form that arrives after its session ended travels through the sign-in.

Its fields go into the sign-in page as one hidden field, come back with the password, and stand in
a last page whose one button sends them where they were going, with the token of the new session.
Nothing is kept on the server meanwhile. Secrets do not travel: they are typed again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from cartographie.web.security import CORPS_PROPRES, GESTION

# As JSON, in bytes. Encoded once more by the browser it stays under CORPS_MAX_GESTION.
REPRISE_MAX = 150 * 1024
CHEMIN_MAX = 2_000
SECRETS = ("csrf_token", "mot_de_passe", "code", "etape")
SESSION_FINIE = "Votre session est terminée. Reconnectez-vous, puis recommencez."


@dataclass(frozen=True, slots=True)
class Reprise:
    """Where a form was going, and its fields in order."""

    chemin: str
    champs: tuple[tuple[str, str], ...]

    @property
    def visibles(self) -> tuple[tuple[str, str], ...]:
        """The fields that hold something."""
        return tuple((nom, valeur) for nom, valeur in self.champs if valeur.strip())


def capture() -> Reprise | None:
    """The form of this request; None when it is too long to travel.

    A file does not travel: nothing of it is read for somebody who is not signed in.
    """
    if request.endpoint in CORPS_PROPRES:
        return None
    chemin = request.full_path if request.query_string else request.path
    champs = tuple(
        (nom, valeur)
        for nom, valeur in request.form.items(multi=True)
        if not nom.startswith(SECRETS)
    )
    reprise = Reprise(chemin, champs)
    return reprise if len(encode(reprise).encode()) <= REPRISE_MAX else None


def encode(reprise: Reprise | None) -> str:
    """As the value of one hidden field; empty for none."""
    if reprise is None:
        return ""
    return json.dumps([reprise.chemin, reprise.champs], ensure_ascii=False, separators=(",", ":"))


def decode(texte: str) -> Reprise | None:
    """Read it back; None when it is no form of ours on its way to /gestion."""
    if not texte or len(texte.encode("utf-8", "replace")) > 2 * REPRISE_MAX:
        return None
    try:
        chemin, champs = json.loads(texte)
        paires = tuple((nom, valeur) for nom, valeur in champs)
    except (ValueError, TypeError, RecursionError):
        return None
    textes = all(_is_text(morceau) for paire in paires for morceau in paire)
    if not textes or not is_local(chemin):
        return None
    return Reprise(chemin, tuple(p for p in paires if not p[0].startswith(SECRETS)))


def _is_text(morceau: object) -> bool:
    """Whether it can be written in a page: JSON may hold half of a character."""
    return isinstance(morceau, str) and morceau.encode("utf-8", "replace").decode() == morceau


def is_local(chemin: object) -> bool:
    """Whether an address to go to after the sign-in is one of /gestion."""
    return (
        isinstance(chemin, str)
        and len(chemin) <= CHEMIN_MAX
        and chemin.isprintable()
        and "\\" not in chemin
        and (chemin == GESTION or chemin.startswith((f"{GESTION}/", f"{GESTION}?")))
    )


def demander_connexion() -> ResponseReturnValue:
    """Sign in again, with the form in the page; a script gets the sentence alone."""
    if request.headers.get("Sec-Fetch-Dest") == "empty" or request.is_json:
        return {"erreur": SESSION_FINIE}, 401
    reprise = capture()
    return (
        render_template(
            "gestion/connexion.html",
            suite=request.path,
            reprise=encode(reprise),
            interrompue=True,
            trop_long=reprise is None,
        ),
        401,
    )


def demander_confirmation(*, reglage: bool = False) -> ResponseReturnValue:
    """Signed in, but this form comes from another session, or the account has to be settled."""
    if request.headers.get("Sec-Fetch-Dest") == "empty" or request.is_json:
        return {"erreur": SESSION_FINIE}, 400
    return proposer(capture(), 403 if reglage else 400, reglage=reglage)


def proposer(
    reprise: Reprise | None, statut: int = 200, *, reglage: bool = False, refus: str = ""
) -> Response:
    """The page whose button sends the form again; `refus` says why it could not be saved."""
    page = render_template("gestion/reprise.html", reprise=reprise, reglage=reglage, refus=refus)
    return Response(page, statut)
