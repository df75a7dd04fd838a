"""The legal notice names who answers for the site and who hosts it."""

from pathlib import Path

from sqlalchemy import Engine

from cartographie import create_app
from cartographie.config import Settings

HEBERGEUR = "Hébergeur public <SA>, 1 rue Lesdiguières, 38000 Grenoble, 04 76 00 00 00"


def mentions(base: Engine, instance: Path, hebergeur: str) -> str:
    adresse = base.url.render_as_string(hide_password=False)
    reglages = Settings(database_url=adresse, instance=instance, hebergeur=hebergeur)
    return create_app(reglages).test_client().get("/mentions-legales").text


def test_the_host_is_the_one_that_was_set(base_chargee: Engine, tmp_path: Path) -> None:
    page = mentions(base_chargee, tmp_path, HEBERGEUR)
    assert "Hébergeur public &lt;SA&gt;, 1 rue Lesdiguières" in page


def test_a_host_that_nobody_set_is_said_to_be_missing(base_chargee: Engine, tmp_path: Path) -> None:
    assert "L’hébergeur n’est pas encore indiqué" in mentions(base_chargee, tmp_path, "")
