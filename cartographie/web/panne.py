"""What the server in front shows when no process answers: files made once, at set-up.

They name the numbers of the data and the exit of the settings, and need nothing of ours to be
read: one sheet and one script stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cartographie.config import RACINE
from cartographie.vocabulaire import Numero
from cartographie.web.rendu import urgences

DOSSIER = "panne"
# What a file of static/ is called among the pages of failure.
FEUILLES = {"panne.css": "style.css", "sortie.js": "sortie.js"}


@dataclass(frozen=True, slots=True)
class Panne:
    """A page of failure."""

    titre: str
    phrase: str


PAGES: Mapping[str, Panne] = {
    "service.html": Panne(
        "La carte est en panne",
        "Elle ne répond pas pour l’instant : réessayez dans quelques minutes. Les numéros, eux,"
        " répondent.",
    ),
    "demande.html": Panne(
        "Demande impossible",
        "Cette demande n’a pas pu être lue : son adresse n’existe pas, ou elle est trop longue.",
    ),
}


def write_pages(numeros: Iterable[Numero], sortie_url: str) -> dict[str, bytes]:
    """Make every file, by its path below the folder that the server in front reads."""
    modele = Environment(
        loader=FileSystemLoader(RACINE / "templates"), autoescape=True, undefined=StrictUndefined
    ).get_template("panne.html")
    barre = urgences(numeros)
    fichiers = {
        nom: modele.render(page=page, urgences=barre, sortie_url=sortie_url).encode()
        for nom, page in PAGES.items()
    }
    fichiers |= {nom: (RACINE / "static" / source).read_bytes() for source, nom in FEUILLES.items()}
    return {f"{DOSSIER}/{nom}": contenu for nom, contenu in fichiers.items()}
