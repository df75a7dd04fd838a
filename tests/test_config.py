"""Settings: read once, refused in a sentence, secrets kept to themselves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cartographie.cles import load_secret_key
from cartographie.config import RACINE, Settings, settings_table
from cartographie.errors import ConfigurationError


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_env({"PATH": "/bin", "CARTO_URL_PUBLIQUE": " "})
    assert settings == Settings()
    assert settings.adresse_base == f"sqlite:///{RACINE / 'instance' / 'cartographie.sqlite'}"
    assert (RACINE / "data" / "acteurs.geojson").exists()


def test_each_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "CARTO_INSTANCE": str(tmp_path),
            "CARTO_DATABASE_URL": "postgresql://carto@localhost/carto",
            "CARTO_SECRET_KEY": "s" * 32,
            "CARTO_URL_PUBLIQUE": "https://carte.exemple.fr/",
            "CARTO_GEOCODEUR": "communes",
            "CARTO_GEOCODEUR_RECHERCHE": "1",
            "CARTO_INTEGRATION_ORIGINES": "https://a.fr  https://b.fr:8443",
        }
    )
    assert settings.instance == tmp_path
    assert settings.adresse_base == "postgresql://carto@localhost/carto"
    assert settings.url_publique == "https://carte.exemple.fr"
    assert (settings.geocodeur, settings.geocodeur_recherche) == ("communes", True)
    assert settings.integration_origines == ("https://a.fr", "https://b.fr:8443")


@pytest.mark.parametrize(
    ("variable", "valeur"),
    [
        ("CARTO_GEOCODEUR", "google"),
        ("CARTO_GEOCODEUR_RECHERCHE", "oui"),
        ("CARTO_URL_PUBLIQUE", "carte.exemple.fr"),
        ("CARTO_SORTIE_URL", "javascript:alert(1)"),
        ("CARTO_TUILES_URL", "https://tuiles.exemple.fr/{z}/{x}.png"),
        ("CARTO_INTEGRATION_ORIGINES", "https://a.fr/page"),
        ("CARTO_SECRET_KEY", "court"),
        ("CARTO_SESSION_INACTIVITE_MIN", "0"),
        ("CARTO_SESSION_DUREE_H", "douze"),
        ("CARTO_MANDATAIRES", "-1"),
        ("CARTO_SMTP_URL", "mail.exemple.fr:587"),
        ("CARTO_SMTP_URL", "smtp://mail.exemple.fr:99999"),
        ("CARTO_SMTP_URL", "smtp://mail.exemple.fr?tls=non"),
        ("CARTO_SMTP_URL", "smtp://u:p@mail.exemple.fr?starttls=0"),
        ("CARTO_COURRIEL_EXPEDITEUR", "La DDFE <carte@exemple.fr>"),
        ("CARTO_COURRIEL_EXPEDITEUR", "droits-des-femmes@exemple.fr"),
        ("CARTO_RAPPEL_MOIS", "0"),
        ("CARTO_COURRIEL_DDFE", "a@exemple.fr,b@exemple.fr"),
        ("CARTO_INCONNUE", "1"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(variable: str, valeur: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        Settings.from_env({variable: valeur})


def test_secrets_are_not_shown() -> None:
    settings = Settings(
        secret_key="SECRET-1", smtp_url="smtp://u:SECRET-2@h", database_url="x://SECRET-3"
    )
    assert "SECRET" not in repr(settings)


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "instance")
    secret = load_secret_key(settings)
    assert len(secret) >= 32
    assert load_secret_key(settings) == secret
    fichier = tmp_path / "instance" / "secret-key"
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert [f.name for f in fichier.parent.iterdir()] == ["secret-key"]
    assert load_secret_key(Settings(instance=tmp_path, secret_key="d" * 40)) == "d" * 40


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    barriere = threading.Barrier(6)
    secrets: set[str] = set()

    def lire() -> None:
        barriere.wait()
        secrets.add(load_secret_key(Settings(instance=tmp_path)))

    fils = [threading.Thread(target=lire) for _ in range(6)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(secrets) == 1


def test_an_emptied_secret_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("")
    with pytest.raises(ConfigurationError, match="secret-key"):
        load_secret_key(Settings(instance=tmp_path))


def test_every_setting_has_a_help_line() -> None:
    for variable, defaut, aide in settings_table():
        assert variable.startswith("CARTO_")
        assert defaut
        assert aide.endswith(".")
