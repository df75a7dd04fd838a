"""Settings: read once from `CARTO_*` variables, checked at once, then passed along.

Each field of `Settings` is one variable (`database_url` is `CARTO_DATABASE_URL`); the help line
of its metadata is the one of README's table, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cartographie.errors import ConfigurationError
from cartographie.variables import (
    lire_courriel,
    lire_dossier,
    lire_expediteur,
    lire_geocodeur,
    lire_modele_de_tuiles,
    lire_nombre,
    lire_origines,
    lire_oui_non,
    lire_secret,
    lire_smtp,
    lire_texte,
    lire_url,
)

# The checkout: templates/, static/ and data/ stand beside the package.
RACINE = Path(__file__).resolve().parent.parent
PREFIXE = "CARTO_"
PLAN_IGN = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&TILEMATRIXSET=PM"
    "&FORMAT=image/png&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)


def _aide(
    aide: str, lire: Callable[[str], Any], defaut: str = "", *, vide: bool = False
) -> dict[str, Any]:
    """Metadata of a setting: help line, parser, how README shows its default when not as is.

    `vide`: an empty variable is a choice; elsewhere it is the same as none.
    """
    return {"help": aide, "lire": lire, "defaut": defaut, "vide": vide}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses. Tests build one with keywords, everybody else `from_env`."""

    instance: Path = field(
        default=RACINE / "instance",
        metadata=_aide(
            "Folder of everything the software writes: database, generated secret, tiles.",
            lire_dossier,
            "instance/",
        ),
    )
    data: Path = field(
        default=RACINE / "data",
        metadata=_aide(
            "Folder of the embedded data: communes, vocabulary, protocols, first records.",
            lire_dossier,
            "data/",
        ),
    )
    database_url: str = field(
        default="",
        repr=False,
        metadata=_aide(
            "SQLAlchemy address of the database: SQLite, or `postgresql+psycopg://…`.",
            lire_texte,
            "SQLite in the instance folder",
        ),
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata=_aide(
            "Key that signs links and sessions; kept in the instance folder when not given.",
            lire_secret,
            "generated once",
        ),
    )
    url_publique: str = field(
        default="",
        metadata=_aide(
            "Public address of the site, for what is read elsewhere: mails, embeds, feeds.",
            lire_url,
            "that of the request",
        ),
    )
    tuiles_url: str = field(
        default=PLAN_IGN,
        metadata=_aide(
            "Upstream of the base map's raster tiles, with `{z}`, `{x}` and `{y}`; empty: none, "
            "the embedded communes alone.",
            lire_modele_de_tuiles,
            "Plan IGN",
            vide=True,
        ),
    )
    tuiles_mention: str = field(
        default="Plan IGN, Géoplateforme",
        metadata=_aide(
            "Who made the base map, written on it.", lire_texte, "Plan IGN, Géoplateforme"
        ),
    )
    geocodeur: str = field(
        default="ban",
        metadata=_aide(
            "How an address becomes a point when a record is written: `ban` (national address "
            "base) or `communes` (offline).",
            lire_geocodeur,
        ),
    )
    geocodeur_recherche: bool = field(
        default=False,
        metadata=_aide(
            "`1` lets a search by address (POST only) ask the geocoder; `0` keeps to communes.",
            lire_oui_non,
            "`0`",
        ),
    )
    ban_domaine: str = field(
        default="data.geopf.fr/geocodage",
        metadata=_aide("Host and path of the national address base.", lire_texte),
    )
    integration_origines: tuple[str, ...] = field(
        default=(),
        metadata=_aide(
            "Origins allowed to embed the map, separated by spaces.", lire_origines, "everybody"
        ),
    )
    sortie_url: str = field(
        default="https://www.meteofrance.com",
        metadata=_aide("Where the quick exit leads: a site that raises no question.", lire_url),
    )
    hebergeur: str = field(
        default="",
        metadata=_aide(
            "Name, address and telephone of the host, for the legal notice (the law asks for it).",
            lire_texte,
            "said to be missing",
        ),
    )
    smtp_url: str = field(
        default="",
        repr=False,
        metadata=_aide(
            "Mail server: `smtp://user:password@host:587` (STARTTLS required; `?starttls=0` "
            "without, for a server on this machine) or `smtps://user:password@host:465`.",
            lire_smtp,
            "mails wait",
        ),
    )
    courriel_expediteur: str = field(
        default="",
        metadata=_aide(
            "Address that mails come from, and are returned to: a neutral one.",
            lire_expediteur,
            "none",
        ),
    )
    courriel_ddfe: str = field(
        default="",
        metadata=_aide(
            "Address of the DDFE: answered to by partners, warned of what is urgent.",
            lire_courriel,
            "none",
        ),
    )

    sauvegarde_cle: str = field(
        default="",
        repr=False,
        metadata=_aide(
            "Key that seals backups, kept elsewhere than on the server; without it there are none.",
            lire_secret,
            "no backup",
        ),
    )
    sauvegarde_dossier: Path | None = field(
        default=None,
        metadata=_aide(
            "Folder of the backups: better on another disk, copied to another place.",
            lire_dossier,
            "`sauvegardes` in the instance folder",
        ),
    )
    rappel_mois: int = field(
        default=6,
        metadata=_aide(
            "Months without a confirmation after which `remind` writes to a partner; a record "
            "may have its own number.",
            lire_nombre(1, 36),
        ),
    )
    session_inactivite_min: int = field(
        default=60,
        metadata=_aide(
            "Minutes without a request after which a session of `/gestion` ends.",
            lire_nombre(1, 1440),
        ),
    )
    session_duree_h: int = field(
        default=12,
        metadata=_aide(
            "Hours after which a session of `/gestion` ends, whatever was done meanwhile.",
            lire_nombre(1, 168),
        ),
    )
    pret_jeton: str = field(
        default="",
        repr=False,
        metadata=_aide(
            "Token of `/pret` (`Authorization: Bearer …`), for supervision; without one the "
            "address does not exist.",
            lire_secret,
            "no `/pret`",
        ),
    )
    mandataires: int = field(
        default=0,
        metadata=_aide(
            "Number of reverse proxies in front, each adding to `X-Forwarded-For`; only the "
            "throttle of sign-in reads it.",
            lire_nombre(0, 8),
        ),
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the `CARTO_*` variables. Raises ConfigurationError, naming the variable."""
        reglages = {PREFIXE + champ.name.upper(): champ for champ in fields(cls)}
        inconnues = sorted(
            nom for nom in environ if nom.startswith(PREFIXE) and nom not in reglages
        )
        if inconnues:
            raise ConfigurationError(f"Réglage inconnu : {', '.join(inconnues)}.")
        valeurs: dict[str, Any] = {}
        for variable, champ in reglages.items():
            texte = environ.get(variable, "").strip()
            if not texte and not (champ.metadata["vide"] and variable in environ):
                continue
            try:
                valeurs[champ.name] = champ.metadata["lire"](texte)
            except ValueError as erreur:
                raise ConfigurationError(f"{variable} : {erreur}.") from erreur
        return cls(**valeurs)

    @property
    def adresse_base(self) -> str:
        """SQLAlchemy address of the database, the default one included."""
        return self.database_url or f"sqlite:///{self.instance / 'cartographie.sqlite'}"

    @property
    def dossier_sauvegardes(self) -> Path:
        """Where backups are, the default folder included."""
        return self.sauvegarde_dossier or self.instance / "sauvegardes"

    @property
    def mention_du_fond(self) -> str:
        """Who made the base map; empty where there is none."""
        return self.tuiles_mention if self.tuiles_url else ""


def settings_table() -> tuple[tuple[str, str, str], ...]:
    """README's table, in order: variable, default as shown, help line."""
    return tuple(
        (
            PREFIXE + champ.name.upper(),
            champ.metadata["defaut"] or f"`{champ.default}`",
            champ.metadata["help"],
        )
        for champ in fields(Settings)
    )
