"""Build the style sheets of the State's design system (DSFR) with only the parts in use.

The dark scheme of DSFR hangs on an attribute written by its JavaScript. Ours follows
`prefers-color-scheme` alone: each rule for `[data-fr-theme=dark]` moves to a sheet of its own
under that media query, `:root` standing for the attribute (same specificity, so the cascade
is DSFR's). On paper the scheme is always the light one.
"""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path, PurePosixPath

from scripts.css import CssError, Rule, rules, selectors, strip_comments
from scripts.purge import keep_read, keep_used

# In the order of dsfr.css, which the cascade depends on.
COMPOSANTS = (
    "upload accordion badge logo button breadcrumb form stepper link sidemenu callout highlight "
    "pagination summary tag alert notice radio card checkbox input content segmented skiplink "
    "select navigation footer tile search password table header"
).split()

# Each weight is 58 kB on a bad line: two are fetched, browsers slant and choose among them.
POLICES = ("Marianne-Regular.woff2", "Marianne-Bold.woff2")
FAVICONS = ("favicon.svg", "favicon.ico", "apple-touch-icon.png")

SOMBRE = "[data-fr-theme=dark]"
ECRAN_SOMBRE = "@media screen and (prefers-color-scheme:dark)"
# A token of the scheme that has to be found on the dark side, or DSFR has changed its ways.
REPERE = "--grey-1000-50:"

URL = re.compile(r"""url\(\s*(["']?)(?!data:)([^"')]+)\1\s*\)""")
WOFF = re.compile(r"""\s*,\s*url\([^)]*\.woff["']?\)\s*format\(["']woff["']\)""")
# Sizes are named `fr-icon--sm`.
ICONE = re.compile(r"\.fr-icon-([a-z0-9][a-z0-9-]*)(?=:)")


class DsfrError(RuntimeError):
    """DSFR is not built as this module expects: it has to be read again, not guessed at."""


def build_dsfr(
    package: Path, target: Path, named: frozenset[str], properties: frozenset[str]
) -> None:
    """Write dsfr.css, dsfr-dark.css and the files that they name from the npm package.

    `named` are the classes that pages use: rules for others are left out; `properties` are those
    that our own sheets read: others stay where DSFR itself reads them.
    """
    dist = package / "dist"
    target.mkdir(parents=True)
    _require_icons(dist, named)
    try:
        sheets = "".join(_sheet(part, dist, target, named) for part in _parts(dist))
        light, dark = keep_read(split_dark(sheets), properties)
    except CssError as error:
        raise DsfrError(f"feuille de style du DSFR illisible : {error}") from error
    if REPERE not in dark or "data-fr-theme" in light + dark:
        raise DsfrError(
            "le thème sombre du DSFR n’est plus décrit par « :root[data-fr-theme=dark] » : "
            "relisez dist/scheme/scheme.css et scripts/dsfr.py."
        )
    banner = _banner(dist)
    (target / "dsfr.css").write_text(f'@charset "UTF-8";\n{banner}\n{light}\n', "utf-8")
    (target / "dsfr-dark.css").write_text(
        f'@charset "UTF-8";\n{banner}\n{ECRAN_SOMBRE}{{:root{{color-scheme:dark}}{dark}}}\n',
        "utf-8",
    )
    for name in FAVICONS:
        _copy(dist / "favicon" / name, target / "favicon" / name)
    _copy(package / "LICENSE.md", target / "LICENSE.md")


def split_dark(css: str) -> tuple[str, str]:
    """The sheet without its dark rules, and these alone, bound to `:root` not to an attribute."""
    light: list[str] = []
    dark: list[str] = []
    for rule in rules(css):
        if rule.is_group:
            inner_light, inner_dark = split_dark(rule.body or "")
            light += [str(Rule(rule.prelude, inner_light))] if inner_light else []
            dark += [str(Rule(rule.prelude, inner_dark))] if inner_dark else []
            continue
        listed = selectors(rule.prelude)
        for_dark = [selector for selector in listed if SOMBRE in selector]
        others = [selector for selector in listed if SOMBRE not in selector]
        if others:
            light.append(str(Rule(",".join(others), rule.body)))
        if for_dark:
            dark.append(str(Rule(",".join(for_dark).replace(SOMBRE, ":root"), rule.body)))
    return "".join(light), "".join(dark)


def _parts(dist: Path) -> list[Path]:
    """The sheets to join, in the order of the cascade."""
    parts = [dist / "core/core.main.min.css", dist / "scheme/scheme.min.css"]
    parts += [dist / f"component/{name}/{name}.main.min.css" for name in COMPOSANTS]
    parts += sorted(dist.glob("utility/icons/*/*.main.min.css"))
    # Not every part has something to say on paper.
    printed = [dist / "core/core.print.min.css"]
    printed += [dist / f"component/{name}/{name}.print.min.css" for name in COMPOSANTS]
    missing = [part for part in parts if not part.exists()]
    if missing:
        names = ", ".join(str(part.relative_to(dist)) for part in missing)
        raise DsfrError(f"fichiers absents du paquet @gouvfr/dsfr : {names}.")
    return parts + [part for part in printed if part.exists()]


def _require_icons(dist: Path, named: frozenset[str]) -> None:
    sheets = dist.glob("utility/icons/*/*.main.min.css")
    known = {name for sheet in sheets for name in ICONE.findall(sheet.read_text("utf-8"))}
    wanted = {name for classe in named for name in ICONE.findall(f".{classe}:")}
    if absent := sorted(wanted - known):
        raise DsfrError(f"icônes absentes du paquet @gouvfr/dsfr : {', '.join(absent)}.")


def _sheet(part: Path, dist: Path, target: Path, named: frozenset[str]) -> str:
    """One sheet of DSFR, trimmed, its addresses turned to files copied beside dsfr.css."""
    kept = [strip_comments(str(rule)) for rule in rules(part.read_text("utf-8")) if _is_used(rule)]
    # Every browser that reads this sheet's custom properties also reads woff2.
    css = keep_used(WOFF.sub("", "".join(kept)), named)

    def localise(found: re.Match[str]) -> str:
        source = (part.parent / found[2]).resolve()
        address = PurePosixPath(source.relative_to(dist.resolve()))
        _copy(source, target / address)
        # By its digest it is kept for a year, and is the very file that a page may announce.
        empreinte = sha256(source.read_bytes()).hexdigest()[:12]
        return f'url("{address}?v={empreinte}")'

    return URL.sub(localise, css)


def _is_used(rule: Rule) -> bool:
    if rule.prelude.startswith("@charset"):
        return False
    if rule.prelude == "@font-face":
        return any(name in (rule.body or "") for name in POLICES)
    return bool(rule.body)


def _banner(dist: Path) -> str:
    """The licence notice that opens every sheet of DSFR: it has to stay."""
    found = re.search(
        r"/\*!.*?SPDX.*?\*/", (dist / "core/core.main.min.css").read_text("utf-8"), re.S
    )
    if found is None:
        raise DsfrError("la mention de licence du DSFR a disparu de core.main.min.css.")
    return found[0]


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise DsfrError(f"fichier absent du paquet @gouvfr/dsfr : {source.name}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
