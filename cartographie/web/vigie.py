"""The journal of security: one line of JSON for each thing that whoever investigates asks about.

It goes where the process writes its errors, which systemd keeps. Nothing of a request is in it:
a moment, a word of the table below, the numbers of accounts, the name of a route. So no address,
name, secret or text can get in, and there is no line to break. It knows /gestion and the links of
partners only: of a visitor of the public pages there is no line at all.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC
from enum import StrEnum
from typing import TextIO, cast

from flask import Flask, Response, g, request
from flask.logging import wsgi_errors_stream

from cartographie.web.security import en_gestion, par_lien
from cartographie.web.site import site

journal = logging.getLogger("cartographie.vigie")
journal.setLevel(logging.INFO)
_sortie = logging.StreamHandler(cast("TextIO", wsgi_errors_stream))
_sortie.setFormatter(logging.Formatter("%(message)s"))
journal.addHandler(_sortie)


class Fait(StrEnum):
    """What happened. docs/securite.md has one line for each."""

    CONNEXION = "connexion"
    CONNEXION_DEUX_FACTEURS = "connexion-deux-facteurs"
    CONNEXION_REFUSEE = "connexion-refusee"
    CODE_REFUSE = "code-refuse"
    MOT_DE_PASSE_REFUSE = "mot-de-passe-refuse"
    ESSAIS_FREINES = "essais-freines"
    DECONNEXION = "deconnexion"
    SESSIONS_FERMEES = "sessions-fermees"
    SESSION_REFUSEE = "session-refusee"
    JETON_REFUSE = "jeton-refuse"
    LIEN_REFUSE = "lien-refuse"
    ORIGINE_REFUSEE = "origine-refusee"
    ACCES_REFUSE = "acces-refuse"
    DEMANDE_TROP_LONGUE = "demande-trop-longue"
    FICHIER_REFUSE = "fichier-refuse"
    MOT_DE_PASSE_CHANGE = "mot-de-passe-change"
    SECOND_FACTEUR_CHANGE = "second-facteur-change"
    COMPTE_INVITE = "compte-invite"
    ROLE_CHANGE = "role-change"
    COMPTE_FERME = "compte-ferme"
    COMPTE_ROUVERT = "compte-rouvert"
    EXPORT_COMPLET = "export-complet"


# A refusal that nothing told more exactly has its line all the same.
PAR_STATUT = {
    403: Fait.ACCES_REFUSE,
    413: Fait.DEMANDE_TROP_LONGUE,
    429: Fait.ESSAIS_FREINES,
}


def init_app(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(note_refus)


def note(fait: Fait, compte: int | None = None, *, vise: int | None = None) -> None:
    """Write a line: `compte` did it (who is signed in, when not said), to the account `vise`."""
    if not (en_gestion() or par_lien()):
        return
    if compte is None and g.get("compte") is not None:
        compte = g.compte.id
    g.note = True
    instant = site().horloge().astimezone(UTC)
    ligne: dict[str, str | int | None] = {
        "instant": instant.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "journal": "securite",
        "fait": fait.value,
        "compte": compte,
        "route": request.endpoint,
    }
    if vise is not None:
        ligne["vise"] = vise
    journal.info(json.dumps(ligne))


def note_refus(response: Response) -> Response:
    """A line for an answer that refuses, unless whoever refused wrote it."""
    fait = PAR_STATUT.get(response.status_code)
    if fait is Fait.ACCES_REFUSE and g.get("compte") is None:
        # Somebody else's page posted here: nobody was asked who she is.
        fait = Fait.ORIGINE_REFUSEE
    if fait is not None and not g.get("note"):
        note(fait)
    return response
