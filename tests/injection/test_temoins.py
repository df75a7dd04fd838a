"""The readers of these proofs see what they are there to see: broken answers, made on purpose."""

from __future__ import annotations

import pytest
from html5lib.html5parser import ParseError

from tests.injection.lecteurs import flux, objet_json, page, plat, table_csv
from tests.injection.textes import HOSTILES

PAGE = '<!doctype html><html lang="fr"><head><title>x</title></head><body>{}</body></html>'
FLUX = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title type="{1}">a</title>'
    '<link href="{2}"/><content>{0}</content></entry></feed>'
)
# What is more than a text once nothing escapes it.
BALISES = [nom for nom, texte in HOSTILES.items() if set("<&") & set(texte)]
# What leaves the quotes of an attribute.
ATTRIBUTS = [nom for nom, texte in HOSTILES.items() if '"' in texte]


def echappe(html: str, texte: str) -> bool:
    """Whether a page passes, with the text as it was typed."""
    try:
        return plat(texte) in page(html.encode())
    except (AssertionError, ParseError):
        return False


@pytest.mark.parametrize("nom", BALISES)
def test_a_template_that_escapes_nothing_is_caught(nom: str) -> None:
    texte = HOSTILES[nom]
    assert not echappe(PAGE.format(f"<p>{texte}</p>"), texte)


@pytest.mark.parametrize("nom", ATTRIBUTS)
def test_an_attribute_that_escapes_nothing_is_caught(nom: str) -> None:
    texte = HOSTILES[nom]
    assert not echappe(PAGE.format(f'<p title="{texte}">x</p>'), texte)


@pytest.mark.parametrize(
    "corps",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="https://ailleurs.exemple/">x</a>',
        '<a href="mailto:a@c.fr?bcc=b@c.fr">x</a>',
        '<a href="sms:?body=a&amp;to=b">x</a>',
        '<form action="https://ailleurs.exemple/"></form>',
        "<p onclick='x'>x</p>",
        "<p style='color: red'>x</p>",
        "<script>x</script>",
        "<script src='https://ailleurs.exemple/x.js'></script>",
        "<object data='/x'></object>",
    ],
)
def test_what_runs_or_leads_away_is_caught(corps: str) -> None:
    with pytest.raises((AssertionError, ParseError)):
        page(PAGE.format(corps).encode())


def test_a_plain_page_passes() -> None:
    assert echappe(PAGE.format("<p>Un <em>texte</em></p>"), "Un texte")


@pytest.mark.parametrize("cellule", ["=1+1", "@SUM(1)", "+cmd|x", "-2+3+x", '"\t=1"'])
def test_a_cell_that_would_be_computed_is_caught(cellule: str) -> None:
    with pytest.raises(AssertionError):
        table_csv(f"nom;autre\r\n{cellule};x\r\n".encode())
    assert "1 234,5" in table_csv(b"nom;autre\r\n-1;1 234,5\r\n")


def test_a_row_that_was_broken_is_caught() -> None:
    with pytest.raises(AssertionError):
        table_csv(b"nom;autre\r\na;b;c\r\n")
    with pytest.raises(ValueError, match="delimiter"):
        objet_json(b'{"nom": "a"b"}')


@pytest.mark.parametrize(
    ("contenu", "sorte", "lien"),
    [
        ("<b>a", "text", "/"),
        ("a", "html", "/"),
        ("a", "text", "javascript:alert(1)"),
        ("a &nbsp;", "text", "/"),
    ],
)
def test_a_feed_that_is_broken_or_is_markup_is_caught(contenu: str, sorte: str, lien: str) -> None:
    with pytest.raises(AssertionError):
        flux(FLUX.format(contenu, sorte, lien).encode())
