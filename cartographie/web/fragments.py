"""Parts of pages that are the same for every question: rendered once, then written as they are.

    {% retenir r.fiche, r.implantation %} … {% endretenir %}

What stands between the two may depend on what is named, on the published records, the protocols
and the software; on nothing else. A part is kept with the catalogue that it was rendered from, and
goes with it: what was edited is in none. Only questions that are answered from what is published
(`site.PRESENT`) read and keep parts: what somebody edits is previewed without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from flask import Flask, has_request_context, request
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup
from typing_extensions import override

from cartographie.catalogue import Catalogue
from cartographie.referentiel import Referentiel
from cartographie.web.site import PRESENT, Present

FRAGMENTS_MAX = 4_096
Cle = tuple[object, ...]
T = TypeVar("T")


@dataclass(slots=True)
class Fragments:
    """The parts rendered from one catalogue. An object is told by its identity, and kept."""

    referentiel: Referentiel
    gardes: dict[Cle, tuple[Cle, Any]] = field(default_factory=dict)

    def get(self, cle: Cle, objets: Cle, rendre: Callable[[], T]) -> T:
        """The part under this key, made of the identities of these objects and of words."""
        garde = self.gardes.get(cle)
        if garde is None:
            if len(self.gardes) >= FRAGMENTS_MAX:
                self.gardes.clear()
            # Its objects stay with it: no other can come to have their identities.
            garde = self.gardes[cle] = (objets, rendre())
        partie: T = garde[1]
        return partie


_FRAGMENTS: WeakKeyDictionary[Catalogue, Fragments] = WeakKeyDictionary()


def presents() -> Fragments | None:
    """The parts of what is published now; None for a question that is answered without any."""
    present: Present | None = request.environ.get(PRESENT) if has_request_context() else None
    if present is None:
        return None
    fragments = _FRAGMENTS.get(present.catalogue)
    if fragments is None or fragments.referentiel is not present.referentiel:
        fragments = _FRAGMENTS[present.catalogue] = Fragments(present.referentiel)
    return fragments


def une_fois(cle: Cle, faire: Callable[[], T]) -> T:
    """What is the same for every question: made once for what is published now."""
    gardes = presents()
    return gardes.get(cle, (), faire) if gardes else faire()


class Retenir(Extension):
    """The tag `retenir`."""

    tags = {"retenir"}  # noqa: RUF012 -- as the base class has it

    @override
    def parse(self, parser: Parser) -> nodes.Node:
        """Read the objects named, then what stands between the two tags."""
        ligne = next(parser.stream).lineno
        objets: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if objets:
                parser.stream.expect("comma")
            objets.append(parser.parse_expression())
        corps = parser.parse_statements(("name:endretenir",), drop_needle=True)
        ou = nodes.Const(f"{parser.name}:{ligne}")
        appel = self.call_method("rendre", [ou, nodes.Tuple(objets, "load")], lineno=ligne)
        return nodes.CallBlock(appel, [], [], corps).set_lineno(ligne)

    @staticmethod
    def rendre(ou: str, objets: Cle, caller: Callable[[], Markup]) -> Markup:
        """Give the part, rendered now when it was not."""
        gardes = presents()
        if gardes is None:
            return caller()
        noms = (o if isinstance(o, str | None) else id(o) for o in objets)
        # Addresses begin with the path under which the site stands.
        return gardes.get((ou, request.script_root, *noms), objets, caller)


def init_app(app: Flask) -> None:
    """Give templates the tag."""
    app.jinja_env.add_extension(Retenir)
