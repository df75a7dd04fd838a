"""Two installations of one clock, and what is done to both or to one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cartographie.config import RACINE, Settings
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests.comptes import Horloge
from tests.mondes import abaisses, chiffres, courriers, propositions
from tests.mondes.fiches import vivre
from tests.site import CLE, SORTIE, assembler

CLE_SAUVEGARDE = "essai-de-cle-de-quarante-caracteres-0001"
Vue = tuple[int, list[tuple[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Monde:
    """One installation that can be written to."""

    app: Flask
    horloge: Horloge

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["cartographie"].engine
        return engine

    @property
    def referentiel(self) -> Referentiel:
        """The embedded data."""
        referentiel: Referentiel = self.app.extensions["cartographie"].embarque
        return referentiel

    @property
    def settings(self) -> Settings:
        settings: Settings = self.app.extensions["cartographie"].settings
        return settings

    def compter(self) -> None:
        """Write what was counted so far: not at a moment that the two worlds would not share."""
        assert self.app.extensions["mesures"].flush()


@dataclass(frozen=True, slots=True)
class Jumeaux:
    """`nu` has nothing hidden, `plein` is full of it and goes on being written to."""

    nu: Monde
    plein: Monde
    horloge: Horloge

    @property
    def tous(self) -> tuple[Monde, Monde]:
        return self.nu, self.plein

    def avancer(self, **duree: float) -> None:
        """Let time pass in both: counts of before are written before."""
        for monde in self.tous:
            monde.compter()
        self.horloge.avance(**duree)


def ouvrir(adresses: tuple[str, str], dossier: Path) -> Jumeaux:
    """Two sites over two databases that hold the same."""
    horloge = Horloge()
    mondes = []
    for nom, adresse in zip(("nu", "plein"), adresses, strict=True):
        reglages = Settings(
            database_url=adresse,
            instance=dossier / nom,
            secret_key=CLE,
            sortie_url=SORTIE,
            tuiles_url="",
            geocodeur="communes",
            courriel_ddfe="delegation@exemple.fr",
            sauvegarde_cle=CLE_SAUVEGARDE,
        )
        mondes.append(Monde(assembler(reglages, horloge), horloge))
    return Jumeaux(mondes[0], mondes[1], horloge)


def peupler(engine: Engine, referentiel: Referentiel, *, cacher: bool, vide: bool = False) -> None:
    """The same public life in every world; in one of them, everything hidden in between."""
    if vide:
        init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    vivre(engine, referentiel.communes, cacher=cacher)
    abaisses.live(engine, referentiel, cacher=cacher)
    chiffres.live(engine, cacher=cacher)
    propositions.live(engine, referentiel, cacher=cacher)
    courriers.live(engine, cacher=cacher)


def vue(response: TestResponse) -> Vue:
    """All that a visitor receives, as it is: nothing is left out, nothing is rounded."""
    return response.status_code, list(response.headers), response.data
