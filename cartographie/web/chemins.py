"""What may stand in the path of an address."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from cartographie.nombres import CHIFFRES


class Numero(IntegerConverter):
    """A whole number that a database may be asked about: a longer one is no address of ours."""

    regex = f"[0-9]{{1,{CHIFFRES}}}"


def init_app(app: Flask) -> None:
    """Read every `<int:…>` so: before any route is added."""
    app.url_map.converters["int"] = Numero
