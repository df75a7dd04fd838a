"""What was erased is nowhere, what is kept in secret is only where it may be.

Secrets are sought in every encoding, in every byte that leaves and in every byte that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import sauvegardes
from cartographie.database import make_engine
from cartographie.referentiel import Referentiel
from tests.mondes import canaris, lieux
from tests.mondes.canaris import EFFACES, GARDES, Vie
from tests.mondes.encodages import Numero, Position, Texte
from tests.mondes.fouille import Chercheur
from tests.mondes.serveurs import servir
from tests.poste import Facteur, Poste, ouvrir
from tests.preuves import Preuve

SANS_BASE = ("fiche interne",)
CHERCHEUR = Chercheur({**EFFACES, **GARDES})


@dataclass
class Fouille:
    """What was searched and what was found: place → (where, secret, encoding)."""

    lieux: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)

    def fouiller(self, lieu: str, trouves: Iterable[lieux.Trouve]) -> set[str]:
        """Search a place; the names of the secrets that are there."""
        ici = self.lieux.setdefault(lieu, set())
        for ou, octets in trouves:
            ici |= {(ou, nom, encodage) for nom, encodage in CHERCHEUR(octets)}
        return {nom for _, nom, _ in ici}


@pytest.fixture
def poste() -> Iterator[Poste]:
    yield from ouvrir(Facteur())


@pytest.fixture
def vie(engine: Engine, tmp_path: Path, poste: Poste) -> Iterator[Vie]:
    adresse = engine.url.render_as_string(hide_password=False)
    vie = canaris.vivre(adresse, tmp_path / "instance", poste.url)
    yield vie
    vie.gestion.app.extensions["mesures"].flush()
    vie.gestion.engine.dispose()


def test_x(vie, engine, tmp_path, poste, referentiel):
    f = Fouille()
    pub = lambda: lieux.lire(vie.gestion.app.test_client(), vie.gestion.app, gestion=False)
    print("AVANT base", sorted(set(EFFACES) - f.fouiller("avant base", lieux.base(engine))))
    print("AVANT public", sorted(f.fouiller("avant public", pub())))
    n = len(poste.recus)
    print("mails", n)
    print("mails avant", f.fouiller("mails", lieux.courriels(poste)))
    canaris.effacer(vie)

    def dire(nom, tr):
        f.fouiller(nom, tr)
        print(nom, sorted(f.lieux[nom])[:20])

    dire("public", pub())
    g = lieux.lire(vie.administrateur.client, vie.gestion.app, gestion=True)
    t = f.fouiller("admin", g)
    print("admin efface", t & set(EFFACES), "manque", set(GARDES) - t)
    print([x for x in f.lieux["admin"] if x[1] in EFFACES])
    g = lieux.lire(vie.editeur.client, vie.gestion.app, gestion=True)
    t = f.fouiller("editeur", g)
    print("editeur efface", t & set(EFFACES), "manque", set(GARDES) - t)
    dire("base", lieux.base(engine))
    print([x for x in f.lieux["base"] if x[1] in EFFACES])
    dire("fichiers", lieux.fichiers(tmp_path))
    print("F", [x for x in f.lieux["fichiers"] if x[1] in EFFACES])
    if engine.dialect.name != "sqlite":
        dire("pg", lieux.postgresql(engine))
        print("PG", [x for x in f.lieux["pg"] if x[1] in EFFACES])
    neuve = make_engine(f"sqlite:///{tmp_path / 'neuve' / 'base.sqlite'}")
    autre = replace(vie.settings, database_url=str(neuve.url), instance=tmp_path / "neuve")
    plan = sauvegardes.plan_restore(neuve, autre, vie.ancienne.fichier)
    sauvegardes.restore(neuve, autre, plan, referentiel, vie.gestion.horloge())
    dire("restauree", lieux.base(neuve))
    print("R", [x for x in f.lieux["restauree"] if x[1] in EFFACES])
