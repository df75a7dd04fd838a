"""The shape of the software, held from one table: who may import what, who may write what.

Every file is parsed, none is run: an import inside a function counts as any other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from cartographie import models
from cartographie.config import RACINE

# Bottom to top. A module imports from its own layer and from those below.
LAYERS: tuple[tuple[str, str], ...] = (
    ("fondations", "errors variables config cles cycles fichiers reseau nombres"),
    (
        "domaine",
        "acteurs texte datafiles vocabulaire communes protocole horaires geocodage referentiel"
        " serialisation lexique tranches alphabet catalogue colonnes classement recherche"
        " resultats parametres phrases"
        " validation publication tuiles couverture"
        " libelles comparaison reduction entretien revelation utilisateurs saisies presence"
        " changements suivi secret placement ressemblances depots signalements lettres jetons"
        " rappels smtp sms traitements accessibilite",
    ),
    (
        "persistance",
        "database models migrations lecture registre periodes protocole_db snapshot version comptes"
        " frein consultations compteur courrier propositions lots journal",
    ),
    (
        "représentations",
        "aplats aplats_svg atlas calques carte cartes croquis echanges impression plan"
        " plan_marques topologie",
    ),
    (
        "gestes",
        "imports initialisation controle invitations chiffres ouverture reprises relances adresses"
        " sauvegardes",
    ),
    ("entrées", "web serveur commands"),
    ("assemblage", "__init__ __main__"),
)
RANK = {module: rank for rank, (_, noms) in enumerate(LAYERS) for module in noms.split()}
LAYER = {module: nom for nom, noms in LAYERS for module in noms.split()}
# Representations are made of Fiches: they stand beside the database, not upon it.
BESIDE = {"représentations": "persistance"}

# Third-party packages that only some modules may know.
RESERVED = {
    "flask": {"web", "commands", "__init__"},
    "flask_security": {"web"},
    "flask_wtf": {"web"},
    "wtforms": {"web"},
    "argon2": {"web"},
    "passlib": {"web"},
    "segno": {"web", "echanges"},
    "typst": {"impression"},
    "zxcvbn": {"utilisateurs"},
    "werkzeug": {"web"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "click": {"commands"},
    "granian": {"serveur"},
    "folium": {"carte"},
    "jsonschema": {"protocole"},
    "branca": {"carte"},
    "geopy": {"geocodage"},
    "opening_hours": {"horaires"},
    "alembic": {"migrations"},
    "sqlalchemy": {
        *(module for module, nom in LAYER.items() if nom in ("persistance", "gestes")),
        "web",
        "commands",
    },
}
# Modules of ours that only some may import.
PRIVATE = {
    "models": {
        *("models", "migrations", "lecture", "registre", "protocole_db", "periodes", "snapshot"),
        *("comptes", "frein", "consultations", "courrier", "propositions", "lots"),
        *("journal", "version"),
    },
    "publication": {"snapshot", "registre"},
    "lecture": {"snapshot", "registre"},
    "migrations": {"initialisation", "controle", "commands", "sauvegardes", "web"},
}
# Who may write which tables; nobody else says insert, update or delete.
WRITERS = {
    "registre": "Acteur Implantation Contact Capacite Participation Revision Effacement Version"
    " Journal",
    "comptes": "Utilisateur CodeSecours SessionOuverte",
    "frein": "Essai",
    "consultations": "Consultation Debit Versement",
    "propositions": "Proposition DecisionComptee",
    "lots": "LotImporte LotAdresse",
    "courrier": "Courrier Rappel SuiviPartenaire",
    "protocole_db": "Periode Organisation Axe Objectif Indicateur Action Releve RevisionReleve",
}
# Lowering a record erases its figures, mails, links and proposals in the same transaction.
ERASERS = {
    "registre": "Releve RevisionReleve Courrier Rappel SuiviPartenaire Proposition"
    " LotImporte LotAdresse",
}
WRITES = {"insert", "update", "delete"}
WRITING_SQL = ("INSERT INTO", "UPDATE ", "DELETE FROM", "DROP TABLE", "ALTER TABLE")
SESSION_WRITES = {"add", "add_all", "merge", "delete", "bulk_save_objects", "bulk_insert_mappings"}

MAX_FILE = 300
MAX_FUNCTION = 40
PACKAGE = RACINE / "cartographie"
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {
    ".".join(file.relative_to(RACINE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in FILES
}


def top(module: str) -> str:
    """`cartographie.web.pages` → `web`; the package itself → `__init__`."""
    return [*module.split("."), "__init__"][1]


def imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what a file imports; `from cartographie import x` is `cartographie.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            known = [name for name in submodules if name in MODULES]
            yield from known
            if len(known) < len(submodules):
                yield node.module


def faults(module: str, source: str) -> list[str]:
    """Every rule that this source would break as this module."""
    tree = ast.parse(source)
    return [*import_faults(module, tree), *write_faults(module, tree)]


def import_faults(module: str, tree: ast.AST) -> Iterator[str]:
    here = top(module)
    for name in imports(tree):
        package = name.split(".")[0]
        if here not in RESERVED.get(package, {here}):
            yield f"{module} imports {package}"
        if package != "cartographie" or top(name) == here:
            continue
        there = top(name)
        if RANK[there] > RANK[here] or BESIDE.get(LAYER[here]) == LAYER[there]:
            yield f"{module} ({LAYER[here]}) imports {name} ({LAYER[there]})"
        if here not in PRIVATE.get(there, {here}):
            yield f"{module} imports {name}"


def write_faults(module: str, tree: ast.AST) -> Iterator[str]:
    here = top(module)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            written = {alias.name for alias in node.names} & WRITES
            if written and here not in WRITERS:
                yield f"{module} imports {written}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "session"
            and node.func.attr in SESSION_WRITES
        ):
            yield f"{module} calls session.{node.func.attr}"
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.lstrip().startswith(WRITING_SQL)
            and here != "migrations"
        ):
            yield f"{module} writes SQL: {node.value}"
    if here in WRITERS:
        named = {alias for name in ast.walk(tree) for alias in _models_named(name)}
        yield from (f"{module} names {m}" for m in sorted(named - _permis(here)))


def _permis(here: str) -> set[str]:
    return {*WRITERS[here].split(), *ERASERS.get(here, "").split()}


def _models_named(node: ast.AST) -> Iterator[str]:
    """Models a file names: `from cartographie.models import X`, `models.X`."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cartographie.models"):
        yield from (alias.name for alias in node.names)
    if (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "models"
    ):
        yield node.attr


@pytest.mark.parametrize("module", MODULES)
def test_a_module_keeps_to_its_place(module: str) -> None:
    assert faults(module, MODULES[module].read_text(encoding="utf-8")) == []


def test_every_module_has_its_layer() -> None:
    assert {top(module) for module in MODULES} == set(RANK)


def test_every_table_has_one_writer() -> None:
    written = [model for noms in WRITERS.values() for model in noms.split()]
    assert sorted(written) == sorted(models.__all__)


def test_no_import_goes_in_a_circle() -> None:
    graph = {
        module: {
            name
            for name in imports(ast.parse(file.read_text(encoding="utf-8")))
            if name in MODULES and name != module
        }
        for module, file in MODULES.items()
    }
    tuple(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("cartographie.carte", "from cartographie.models import Acteur"),
        ("cartographie.echanges.csv", "from cartographie import models"),
        ("cartographie.web.pages", "from cartographie.models.acteurs import Acteur"),
        ("cartographie.web.pages", "def f():\n    from cartographie.publication import publier"),
        ("cartographie.recherche", "import flask"),
        ("cartographie.recherche", "from sqlalchemy.orm import Session"),
        ("cartographie.echanges.csv", "from cartographie.database import reading"),
        ("cartographie.web.pages", "import folium"),
        ("cartographie.web.pages", "from geopy.geocoders import BANFrance"),
        ("cartographie.communes.lieux", "from cartographie.registre import saisies"),
        ("cartographie.snapshot", "from sqlalchemy import select, update"),
        ("cartographie.web.edition", "from sqlalchemy import delete"),
        ("cartographie.web.edition", "session.add(thing)"),
        ("cartographie.controle", "text('DELETE FROM acteur')"),
        ("cartographie.controle", "text('UPDATE acteur SET nom = 1')"),
        ("cartographie.registre", "from cartographie.models import Periode"),
        ("cartographie.protocole_db", "models.Acteur"),
    ],
)
def test_each_rule_would_see_its_violation(module: str, source: str) -> None:
    assert faults(module, source)


# Migrations are a history, not code to be read again.
MEASURED = [file for file in FILES if "versions" not in file.parts]


def test_files_stay_short() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in MEASURED}
    assert {f.name: n for f, n in lengths.items() if n > MAX_FILE} == {}


def test_functions_stay_short() -> None:
    long = {
        f"{file.name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in MEASURED
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MAX_FUNCTION
    }
    assert long == {}
