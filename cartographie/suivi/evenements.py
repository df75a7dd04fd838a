"""What is counted: closed words, a record or a besoin, an EPCI. Nothing of who asked.

Each kind has one source, so that nothing is counted twice: pages that the server renders are
counted there, with or without JavaScript; the script tells what only a browser can know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Genre(StrEnum):
    """An intentional event. `isolement` is a search that found nobody within 30 km."""

    CARTE = "carte"
    RECHERCHE = "recherche"
    FICHE = "fiche"
    NUMERO = "numero"
    IMPRESSION = "impression"
    EXPORT = "export"
    INTEGRATION = "integration"
    ISOLEMENT = "isolement"


class Canal(StrEnum):
    """Through what: our pages, our map inside somebody's page, a program."""

    SITE = "site"
    INTEGRATION = "integration"
    API = "api"


# What only a browser knows; the others are counted where they are rendered.
DU_SCRIPT = frozenset({Genre.CARTE, Genre.NUMERO, Genre.IMPRESSION})
ISOLEMENT_KM = 30
# In the place of an EPCI, when the search was made from elsewhere; empty: from nowhere.
HORS_ISERE = "hors-isere"
# In the place of an embedding host, when there are already too many to name one more.
AUTRES_HOTES = "autres"

LIBELLES_GENRES = {
    Genre.RECHERCHE: "Recherches",
    Genre.FICHE: "Fiches ouvertes",
    Genre.NUMERO: "Numéros appelés ou copiés",
    Genre.CARTE: "Cartes affichées",
    Genre.IMPRESSION: "Cartes à remettre imprimées",
    Genre.EXPORT: "Exports téléchargés",
    Genre.INTEGRATION: "Cartes affichées sur un autre site",
    Genre.ISOLEMENT: "Recherches sans personne à moins de 30 km",
}
LIBELLES_CANAUX = {
    Canal.SITE: "Ce site",
    Canal.INTEGRATION: "Carte intégrée ailleurs",
    Canal.API: "Programmes (API)",
}


@dataclass(frozen=True, slots=True, order=True)
class Cle:
    """One counter. Empty texts where a kind has nothing to say; `hote` is a host, no more."""

    jour: date
    genre: Genre
    canal: Canal
    acteur: str = ""
    besoin: str = ""
    hote: str = ""
    epci: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """Counts that are written together and once: the `numero`th that this process hands over.

    `processus` is drawn at random by each process and says nothing else of it.
    """

    processus: str
    numero: int
    comptes: Mapping[Cle, int]


@dataclass(frozen=True, slots=True, order=True)
class Ligne:
    """A sum over the month that begins on `mois`."""

    mois: date
    genre: Genre
    canal: Canal
    besoin: str
    epci: str
    nombre: int
