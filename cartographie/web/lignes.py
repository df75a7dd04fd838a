"""The lines of an answer as HTML: what no question changes of each is kept, the rest is written in.

`templates/_ligne.html` says how a line looks; `fragments` keeps it as long as its catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from cartographie.resultats import Resultat
from cartographie.web import fragments
from cartographie.web.rendu import communes_des_portes, distance_du_resultat, majuscule

# In no text of a record: neither a form, nor a file, nor the database takes it.
TROU = "\0"


def init_app(app: Flask) -> None:
    """Give templates `en_lignes(resultats, cadre)`."""
    app.jinja_env.globals["en_lignes"] = en_lignes


def en_lignes(resultats: Iterable[Resultat], cadre: object = None) -> Markup:
    """Write lines; `cadre` when they stand in somebody else's page."""
    macros: Any = current_app.jinja_env.get_template("_ligne.html").module
    gardes = fragments.presents()
    ou = ("ligne", request.script_root, bool(cadre))
    ecrites: list[str] = []
    for r in resultats:
        objets = (r.fiche, r.numero, r.implantation)

        def fixe(r: Resultat = r) -> list[str]:
            return str(macros.fixe(r, cadre, TROU)).split(TROU)

        morceaux = gardes.get((*ou, *map(id, objets)), objets, fixe) if gardes else fixe()
        debut, appel, raison, fin = morceaux
        ici = macros.sur_place(r) if cadre and r.fiche else ""
        ecrites.append(
            "".join((debut, _distance(r), appel, _etat(r), ici, raison, _motifs(r), fin))
        )
    return Markup("\n".join(ecrites))  # noqa: S704 -- parts of templates, and what was escaped


def _distance(r: Resultat) -> str:
    distance = distance_du_resultat(r)
    return f" · <strong>{escape(distance)}</strong>" if distance else ""


def _motifs(r: Resultat) -> Markup:
    return escape(" · ".join(r.motifs))


def _etat(r: Resultat) -> str:
    etat, phrase = r.ouverture.etat.value, escape(majuscule(r.ouverture.phrase))
    ecrit = f'<p class="etat etat--{etat}">{phrase}</p>\n'
    if not r.autres:
        return ecrit
    ailleurs = escape(", ".join(communes_des_portes(r.autres)))
    return f'{ecrit}  <p class="resultat__autres">Aussi à {ailleurs}</p>\n'
