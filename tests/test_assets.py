"""static/vendor holds what pages name, and DSFR's dark scheme follows the system's alone."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from cartographie.config import RACINE
from scripts.assets import VENDOR, is_current, replace_vendor
from scripts.css import CssError, rules, selectors, strip_comments
from scripts.dsfr import DsfrError, build_dsfr, split_dark
from scripts.paquets import PAQUETS
from scripts.purge import keep_read, keep_used

# Sizes are named `fr-icon--sm`.
ICONE = re.compile(r"\bfr-icon-([a-z0-9][a-z0-9-]*)")


def pages() -> list[Path]:
    found = [*RACINE.glob("templates/**/*.html"), *RACINE.glob("static/*.js")]
    return [*found, *RACINE.glob("static/*.css")]


def test_the_assets_are_those_of_the_lock() -> None:
    assert is_current()


def test_every_icon_that_a_page_names_is_drawn_and_no_other() -> None:
    named = {name for page in pages() for name in ICONE.findall(page.read_text("utf-8"))}
    css = (VENDOR / "dsfr/dsfr.css").read_text("utf-8")
    assert "phone-fill" in named
    assert set(re.findall(r"\.fr-icon-([a-z0-9-]+):before\{[^}]*mask-image", css)) == named


def test_what_a_style_sheet_names_is_named_by_its_digest() -> None:
    css = (VENDOR / "dsfr/dsfr.css").read_text("utf-8")
    named = re.findall(r"""url\("((?:fonts|icons)/[^"?]*)\??([^"]*)"\)""", css)
    assert {Path(name).suffix for name, _ in named} == {".woff2", ".svg"}
    for name, suite in named:
        corps = (VENDOR / "dsfr" / name).read_bytes()
        assert suite == f"v={sha256(corps).hexdigest()[:12]}"


@pytest.mark.parametrize("sheet", sorted(VENDOR.glob("**/*.css")), ids=lambda path: path.name)
def test_a_style_sheet_names_only_files_that_are_there(sheet: Path) -> None:
    css = strip_comments(sheet.read_text("utf-8"))
    named = re.findall(r"""url\(\s*["']?(?!data:|#)([^"')]+)""", css)
    files = [sheet.parent / name.split("?")[0] for name in named]
    assert [file for file in files if not file.is_file()] == []
    assert not re.search(r"@import|https?://(?!www\.w3\.org/)", css)


def test_every_class_of_the_design_system_that_a_page_names_keeps_its_rules() -> None:
    css = "fr-btn,.fr-btn--secondary"
    sheet = (
        ".fr-btn{a:b}.fr-btn--secondary:hover,.fr-tab{a:b}@media print{.fr-tab{a:b}.fr-btn{c:d}}"
    )
    assert keep_used(sheet, frozenset(css.split(",."))) == (
        ".fr-btn{a:b}.fr-btn--secondary:hover{a:b}@media print{.fr-btn{c:d}}"
    )
    sheet = ".fr-btn:not(.fr-btn--lg):not(:hover){a:b}.fr-alert--info a,p{c:d}"
    assert keep_used(sheet, frozenset({"fr-btn", "fr-alert--"})) == sheet
    assert keep_used(sheet, frozenset()) == "p{c:d}"


def test_a_token_that_nothing_reads_is_left_out_with_those_that_it_alone_read() -> None:
    light = ":root{--a:var(--b);--b:1px;--c:var(--d);--d:2px;--e:3px;color:red}p{top:var(--a)}"
    dark = ":root:root{--b:5px;--d:6px;--e:7px}"
    assert keep_read((light, dark), frozenset({"--e"})) == [
        ":root{--a:var(--b);--b:1px;--e:3px;color:red}p{top:var(--a)}",
        ":root:root{--b:5px;--e:7px}",
    ]


def test_every_token_that_a_sheet_of_ours_reads_is_written() -> None:
    sheets = [*VENDOR.glob("dsfr/*.css"), *(RACINE / "static").glob("*.css")]
    scripts = [*(RACINE / "static").glob("*.js"), *RACINE.glob("templates/**/*.html")]
    texts = [strip_comments(sheet.read_text("utf-8")) for sheet in sheets]
    texts += [script.read_text("utf-8") for script in scripts]
    written = {name for text in texts for name in re.findall(r"(--[\w-]+)[\"']?\s*[:,]", text)}
    ours = [text for sheet, text in zip(sheets, texts, strict=False) if "dsfr" not in sheet.parts]
    read = {name for text in ours for name in re.findall(r"var\(\s*(--[\w-]+)\s*\)", text)}
    assert len(read) > 50
    assert sorted(read - written) == []


def test_what_pages_name_is_in_the_sheet_as_far_as_the_design_system_has_it() -> None:
    css = (VENDOR / "dsfr/dsfr.css").read_text("utf-8")
    for classe in ("fr-btn", "fr-alert--error", "fr-badge--no-icon", "fr-input-group--error"):
        assert re.search(rf"\.{classe}[^\w-]", css), classe


def test_each_kind_of_page_gets_its_own_scripts_in_one_file() -> None:
    for page, modules in PAQUETS.items():
        assert set(modules) <= {chemin.stem for chemin in (RACINE / "static").glob("*.js")}
        script = (VENDOR / "paquets" / f"{page}.js").read_text("utf-8")
        assert "import" not in re.findall(r"^\s*\w+", script)
        assert "./" not in re.findall(r'import\("([^"]*)"\)', script)


def test_nothing_of_the_design_system_runs_a_script_or_keeps_a_choice() -> None:
    assert list((VENDOR / "dsfr").glob("**/*.js")) == []
    for sheet in (VENDOR / "dsfr").glob("*.css"):
        assert "data-fr-theme" not in sheet.read_text("utf-8")


def test_the_dark_sheet_applies_on_screens_that_ask_for_it_only() -> None:
    (_, screen) = rules((VENDOR / "dsfr/dsfr-dark.css").read_text("utf-8"))
    assert screen.prelude == "@media screen and (prefers-color-scheme:dark)"
    assert "--grey-1000-50:#161616" in (screen.body or "")


def test_a_rule_for_both_schemes_is_cut_in_two_and_keeps_its_weight() -> None:
    css = "a,:root[data-fr-theme=dark] b{c:d}@media print{[data-fr-theme=dark] e{f:g}}"
    light, dark = split_dark(css)
    assert light == "a{c:d}"
    assert dark == ":root:root b{c:d}@media print{:root e{f:g}}"


def test_braces_and_commas_inside_strings_addresses_and_comments_do_not_cut() -> None:
    css = """/* } */ a::before{content:"}";b:url(data:x;{y,z})} @charset "{;";"""
    assert [rule.prelude for rule in rules(css)] == ["a::before", '@charset "{;"']
    assert selectors(':is(a, b) c, d[e=","]') == [":is(a, b) c", 'd[e=","]']


@pytest.mark.parametrize("css", ["a{b:c", "a{b:c} d", "@media print{a{b:c}"])
def test_a_sheet_cut_short_is_refused(css: str) -> None:
    with pytest.raises(CssError):
        list(rules(css))


def test_a_design_system_without_the_expected_files_stops_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DsfrError, match="fichiers absents du paquet @gouvfr/dsfr"):
        build_dsfr(tmp_path / "dsfr", tmp_path / "vendor", frozenset(), frozenset())


def test_the_old_assets_make_way_for_the_new(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "ancien.css").touch()
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "neuf.css").touch()
    replace_vendor(tmp_path / "built", tmp_path / "vendor", tmp_path / "aside")
    assert [path.name for path in (tmp_path / "vendor").iterdir()] == ["neuf.css"]
