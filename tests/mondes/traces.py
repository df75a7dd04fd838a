"""A place to hide, and the search for its traces in any bytes, in seven encodings."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

import shapely
from pyproj import Transformer
from sqlalchemy import Engine, inspect, text

from cartographie.acteurs import Contact, ContactKind, Saisie, Territoire
from cartographie.texte import fold
from tests.fabrique import PORTE, accueil

VERS_LAMBERT = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
SLUG = "accueil-matheysine"
# Every trace is looked for: street, numbers, site, name of the door, mail, point.
SECRETS = (
    "Grand’Rue des Épinettes", "04 76 30 99 87", "04 76 30 99 86", "refuge-epinettes",
    "Villa Zéphyrine", "bureau@epinettes.exemple.fr",
)  # fmt: skip
POINT = (5.7871937, 44.9033129)


def lieu_secret(**valeurs: object) -> Saisie:
    """A public place in La Mure that will have to be hidden."""
    localisation = replace(
        PORTE.localisation,
        longitude=POINT[0],
        latitude=POINT[1],
        adresse="12 Grand’Rue des Épinettes",
    )
    porte = replace(
        PORTE, localisation=localisation, libelle="Villa Zéphyrine", telephone="04 76 30 99 87"
    )
    saisie = accueil(
        SLUG,
        nom="Accueil de la Matheysine",
        implantations=(porte,),
        contacts=(
            Contact(ContactKind.TELEPHONE, "04 76 30 99 86", "Accueil"),
            Contact(ContactKind.COURRIEL, "bureau@epinettes.exemple.fr"),
        ),
        site_web="https://refuge-epinettes.exemple.fr",
        source="https://annuaire.exemple.fr/refuge-epinettes",
        notes_internes="Le portail est au fond.",
        territoire=Territoire(epci=("200040657",)),
    )
    return replace(saisie, **valeurs)  # type: ignore[arg-type]


def traces(contenu: bytes) -> list[bytes]:
    """Every form of every secret that these bytes hold."""
    minuscules = contenu.lower()
    return [forme for forme in formes() if forme in contenu or forme.lower() in minuscules]


@cache
def formes() -> tuple[bytes, ...]:
    """Every form in which a secret could stand."""
    textes = [forme for secret in SECRETS for forme in encodages(secret)]
    return tuple(dict.fromkeys([*textes, *encodages_du_point(*POINT)]))


def encodages(secret: str) -> Iterator[bytes]:
    """As typed, without accents, in an address, in JSON, in HTML, in base64 (three offsets)."""
    for forme in {secret, secret.replace(" ", ""), fold(secret), fold(secret).replace(" ", "")}:
        yield forme.encode()
        yield quote(forme).encode()
        yield forme.replace(" ", "+").encode()
        yield json.dumps(forme)[1:-1].encode()
        yield forme.encode("ascii", "xmlcharrefreplace")
        for decalage in range(3):
            brut = base64.b64encode(b"\0" * decalage + forme.encode())
            yield brut[4:-4]


def encodages_du_point(longitude: float, latitude: float) -> Iterator[bytes]:
    """Decimals from 3 to 7, Lambert-93 in metres, WKB in bytes, hexadecimal and base64."""
    for valeur in (longitude, latitude):
        for decimales in range(3, 8):
            entier, _, fraction = f"{valeur:.9f}".partition(".")
            yield f"{entier}.{fraction[:decimales]}".encode()
            yield f"{entier},{fraction[:decimales]}".encode()
        for ordre in "<>":
            octets = struct.pack(f"{ordre}d", valeur)
            yield from (octets, octets.hex().encode())
    for metres in VERS_LAMBERT.transform(longitude, latitude):
        yield str(int(metres)).encode()
    wkb = shapely.to_wkb(shapely.Point(longitude, latitude))
    yield from (wkb, wkb.hex().encode(), base64.b64encode(wkb)[:-4])


def contenu(engine: Engine) -> bytes:
    """The bytes of the SQLite file; of PostgreSQL every row of every table, as text."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).read_bytes()
    with engine.connect() as connection:
        lignes = [
            repr(tuple(ligne))
            for table in inspect(connection).get_table_names()
            for ligne in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    return "\n".join(lignes).encode()
