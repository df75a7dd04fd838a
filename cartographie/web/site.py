"""What views share: settings, database, embedded data, a clock, and the question being asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Protocol

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cartographie.cartes import Cartes
from cartographie.catalogue import Catalogue
from cartographie.communes import Communes, Lieu
from cartographie.config import Settings
from cartographie.database import make_engine, reading
from cartographie.geocodage import (
    Geocodeur,
    GeocodeurCommunes,
    GeocodeurDiffere,
    GeocodeurProtege,
)
from cartographie.horaires import PARIS
from cartographie.parametres import lire_recherche
from cartographie.periodes import current_referentiel
from cartographie.recherche import Recherche, Reponse, repondre
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.tuiles import Relais

EXTENSION = "cartographie"
# In the environment of a request: what was published when it came, where that was read already.
PRESENT = "cartographie.present"
ATTENTE_GEOCODEUR_S, ATTENTE_ECRITURE_S = 1.0, 5.0
Horloge = Callable[[], datetime]


class Present(Protocol):
    """What a request is answered from, read at one version of the database."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def referentiel(self) -> Referentiel: ...


@dataclass(frozen=True, slots=True)
class Site:
    """One installation. `horloge` tells the time with its zone; tests give another one.

    `geocodeur` is there only when searches by address may ask one (`CARTO_GEOCODEUR_RECHERCHE`);
    `geocodeur_ecriture` places the addresses of records that are written. `embarque` is what the
    files of `data/` say; `referentiel` is that with the protocols as the database has them.
    `dessinees` are the maps where somebody has drawn them.
    """

    settings: Settings
    engine: Engine
    embarque: Referentiel
    horloge: Horloge
    relais: Relais
    geocodeur: Geocodeur | None = None
    geocodeur_ecriture: Geocodeur | None = None
    dessinees: Cartes | None = None

    @property
    def cartes(self) -> Cartes:
        """The maps: those that were drawn before, else drawn here the first time."""
        return self.dessinees or _dessiner(self.settings.mention_du_fond)

    @property
    def referentiel(self) -> Referentiel:
        """The embedded data with every period that is open: one state for a whole request."""
        if has_request_context():
            if "referentiel" in g:
                connu: Referentiel = g.referentiel
                return connu
            present: Present | None = request.environ.get(PRESENT)
            if present is not None:
                g.referentiel = present.referentiel
                return present.referentiel
        with reading(self.engine) as session:
            return self.referentiel_de(session)

    def referentiel_de(self, session: Session) -> Referentiel:
        """The same, read by a session that is open already."""
        referentiel = current_referentiel(session, self.embarque)
        if has_request_context():
            g.referentiel = referentiel
        return referentiel

    def periode_courante(self) -> str:
        """Code of the protocol's period today."""
        return self.referentiel.protocole_courant(self.horloge().date()).periode.code


def build_site(
    settings: Settings,
    embarque: Referentiel,
    horloge: Horloge | None = None,
    cartes: Cartes | None = None,
) -> Site:
    """Put an installation together: its database is opened when it is first asked."""
    return Site(
        settings=settings,
        engine=make_engine(settings.adresse_base),
        embarque=embarque,
        horloge=horloge or heure_de_paris,
        relais=Relais(settings.tuiles_url, settings.instance / "tuiles"),
        geocodeur=build_geocodeur(settings, embarque.communes),
        geocodeur_ecriture=build_geocodeur_ecriture(settings, embarque.communes),
        dessinees=cartes,
    )


@cache
def _dessiner(mention: str) -> Cartes:
    # Not above: what serves is given its maps, and needs no folium.
    from cartographie.carte import build_cartes

    return build_cartes(mention)


def heure_de_paris() -> datetime:
    """The time it is, wherever the server stands."""
    return datetime.now(PARIS)


def build_geocodeur(settings: Settings, communes: Communes) -> Geocodeur | None:
    """The geocoder of searches: one second, then a minute without asking after a failure."""
    if not settings.geocodeur_recherche:
        return None
    ban = GeocodeurDiffere(partial(_ban, settings, communes, timeout_s=ATTENTE_GEOCODEUR_S))
    return GeocodeurProtege(ban, time.monotonic)


def build_geocodeur_ecriture(settings: Settings, communes: Communes) -> Geocodeur:
    """The geocoder of records: somebody waits for it, and reads what became of the address."""
    if settings.geocodeur == "communes":
        return GeocodeurCommunes(communes)
    return GeocodeurDiffere(partial(_ban, settings, communes, timeout_s=ATTENTE_ECRITURE_S))


def _ban(settings: Settings, communes: Communes, timeout_s: float) -> Geocodeur:
    from cartographie.geocodage.ban import GeocodeurBan

    return GeocodeurBan(communes, domaine=settings.ban_domaine, timeout_s=timeout_s)


def init_app(app: Flask, site: Site) -> None:
    """Attach the installation to the application."""
    app.extensions[EXTENSION] = site


def site() -> Site:
    """The installation of the request being answered."""
    installation: Site = current_app.extensions[EXTENSION]
    return installation


def catalogue() -> Catalogue:
    """The published directory as it stands now; the same object while nothing changed.

    A page is made of one: whoever reads twice while somebody writes gets the first twice.
    """
    if "catalogue" in g:
        connu: Catalogue = g.catalogue
        return connu
    present: Present | None = request.environ.get(PRESENT)
    if present is not None:
        g.catalogue, g.referentiel = present.catalogue, present.referentiel
        return present.catalogue
    with reading(site().engine) as session:
        publie = current_catalogue(session, site().referentiel_de(session))
    if request.method == "GET":
        g.catalogue = publie
    return publie


def recherche_demandee(
    args: Mapping[str, Sequence[str]] | None = None, lieu: Lieu | None = None
) -> Recherche:
    """Understand the query string, or `args`. Raises ParametreError."""
    if args is None:
        args = request.args.to_dict(flat=False)
    return lire_recherche(args, site().referentiel, site().periode_courante(), lieu)


def reponse_a(recherche: Recherche) -> Reponse:
    """Answer from what is published, at this hour; the last one of a request stays in `g`."""
    g.reponse = repondre(recherche, catalogue(), site().referentiel, site().horloge())
    reponse: Reponse = g.reponse
    return reponse
