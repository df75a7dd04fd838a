"""A place to hide, and the search for its traces in any bytes, in every encoding."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from cartographie.acteurs import Contact, ContactKind, Saisie, Territoire
from tests.fabrique import PORTE, accueil
from tests.mondes.encodages import Numero, Position, Texte
from tests.mondes.fouille import Chercheur, Trouvaille

SLUG = "accueil-matheysine"
# Every trace is looked for: street, numbers, site, name of the door, mail, point.
SECRETS = (
    "Grand’Rue des Épinettes", "04 76 30 99 87", "04 76 30 99 86", "refuge-epinettes",
    "Villa Zéphyrine", "bureau@epinettes.exemple.fr",
)  # fmt: skip
POINT = (5.7871937, 44.9033129)
LE_POINT = "le point"


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


def traces(octets: bytes) -> list[Trouvaille]:
    """Every secret that these bytes hold, each with the way it is written."""
    return sorted(chercheur()(octets))


@cache
def chercheur() -> Chercheur:
    """Whoever knows every form of every secret."""
    textes = {s: Numero(s.replace(" ", "")) if s[0] == "0" else Texte(s) for s in SECRETS}
    return Chercheur({**textes, LE_POINT: Position(*POINT)})


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
