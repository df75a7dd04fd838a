"""What was erased is nowhere, what is kept in secret is only where it may be.

Secrets are sought in every encoding, in every byte that leaves and in every byte that stays: what
anybody is answered, what an account may read, logs, mails, files, databases, backups.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import sauvegardes
from cartographie.database import make_engine
from cartographie.referentiel import Referentiel
from tests.comptes import Navigateur
from tests.mondes import canaris, lieux
from tests.mondes.canaris import EFFACES, GARDES, Vie
from tests.mondes.encodages import Numero, Position, Texte
from tests.mondes.fouille import Chercheur
from tests.mondes.serveurs import servir
from tests.mondes.traces import SLUG
from tests.poste import Facteur, Poste, ouvrir
from tests.preuves import Preuve

CHERCHEUR = Chercheur({**EFFACES, **GARDES})
TOUS = frozenset(CHERCHEUR.secrets)
# Who is written to finds his own address in what he receives, and nowhere else.
DESTINATAIRE = {"courriel interne"}
COURTE, LONGUE = 60, int(os.environ.get("MONDES_CANARIS", "2000"))


@dataclass
class Fouille:
    """What was searched: `fouilles` pairs of a secret and a place, `trouves` with where."""

    fouilles: int = 0
    trouves: list[tuple[str, str, str, str]] = field(default_factory=list)

    def fouiller(
        self, lieu: str, trouves: Iterable[lieux.Trouve], interdits: Collection[str]
    ) -> set[str]:
        """Search a place; the names of all the secrets that are there, allowed ones included."""
        vus: set[str] = set()
        self.fouilles += len(interdits)
        for ou, octets in trouves:
            for nom, encodage in CHERCHEUR(octets):
                vus.add(nom)
                if nom in interdits:
                    self.trouves.append((lieu, ou, nom, encodage))
        return vus


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


def publiques(vie: Vie) -> Iterator[lieux.Trouve]:
    return lieux.lire(vie.gestion.app.test_client(), vie.gestion.app, gestion=False)


def de_gestion(*lecteurs: Navigateur) -> Iterator[lieux.Trouve]:
    for qui in lecteurs:
        yield from lieux.lire(qui.client, qui.app, gestion=True)


def journaux(vie: Vie, dossier: Path) -> bytes:
    """What a real server says while everybody asks it for secrets."""
    adresse = vie.gestion.engine.url.render_as_string(hide_password=False)
    textes = [s.valeur for s in CHERCHEUR.secrets.values() if isinstance(s, Texte)]
    numeros = [s.chiffres for s in CHERCHEUR.secrets.values() if isinstance(s, Numero)]
    points = [
        f"{s.longitude},{s.latitude}" for s in CHERCHEUR.secrets.values() if isinstance(s, Position)
    ]
    with servir(adresse, vie.settings.instance, TMPDIR=str(dossier)) as serveur:
        assert lieux.indiscretions(serveur, [*textes, *numeros, *points]) > 200
    return serveur.dit


def restaurer(vie: Vie, dossier: Path, referentiel: Referentiel) -> Iterator[lieux.Trouve]:
    """The backup of before, put in place on an empty machine; then the bytes of its file."""
    neuve = make_engine(f"sqlite:///{dossier / 'base.sqlite'}")
    reglages = replace(vie.settings, database_url=str(neuve.url), instance=dossier)
    plan = sauvegardes.plan_restore(neuve, reglages, vie.ancienne.fichier)
    bilan = sauvegardes.restore(neuve, reglages, plan, referentiel, vie.gestion.horloge())
    assert bilan.reduites == (SLUG,)
    yield from lieux.base(neuve)
    neuve.dispose()
    yield from lieux.fichiers(dossier)


@pytest.mark.base_neuve
@pytest.mark.parametrize(
    ("engine", "entiere"),
    [
        ("sqlite", False),
        pytest.param("sqlite", True, marks=pytest.mark.long),
        pytest.param("postgresql", True, marks=pytest.mark.long),
    ],
    indirect=["engine"],
)
def test_what_was_erased_is_nowhere_and_the_rest_is_where_it_may_be(
    vie: Vie,
    engine: Engine,
    entiere: bool,
    tmp_path: Path,
    poste: Poste,
    referentiel: Referentiel,
    preuve: Preuve,
) -> None:
    fouille = Fouille()
    # Before: the search sees what is there.
    assert fouille.fouiller("avant", lieux.base(engine), ()) >= set(EFFACES)
    fiche = vie.gestion.app.test_client().get(f"/acteurs/{SLUG}").data
    assert {"rue", "site", "téléphone du lieu"} <= fouille.fouiller("avant", [("", fiche)], ())
    avant = len(poste.recus)
    canaris.echantillonner(engine)
    canaris.effacer(vie)
    canaris.continuer(vie)

    fouille.fouiller("réponses publiques", publiques(vie), TOUS)
    nombre = LONGUE if entiere else COURTE
    hasard = lieux.demander(vie.gestion.app, 1, nombre)
    fouille.fouiller("réponses au hasard", hasard, TOUS)
    # Pages of an account show what is kept: were it not found there, the search would be blind.
    lecteurs = (vie.administrateur, vie.editeur)[: 2 if entiere else 1]
    assert fouille.fouiller("gestion", de_gestion(*lecteurs), EFFACES) >= set(GARDES)
    assert len(poste.recus) == avant + 2
    fouille.fouiller("courriels d’avant", lieux.courriels(poste), set(GARDES) - DESTINATAIRE)
    fouille.fouiller("courriels", lieux.courriels(poste, avant), TOUS - DESTINATAIRE)
    if entiere:
        temporaire = tmp_path / "temporaire"
        temporaire.mkdir()
        fouille.fouiller("journaux", [("sortie", journaux(vie, temporaire))], TOUS)
    fouille.fouiller("base", lieux.base(engine), EFFACES)
    if engine.dialect.name == "postgresql":
        fouille.fouiller("fichiers de la base", lieux.postgresql(engine), EFFACES)
    coffres = lieux.fichiers(vie.settings.dossier_sauvegardes)
    fouille.fouiller("sauvegardes", coffres, TOUS)
    rendue = restaurer(vie, tmp_path / "neuve", referentiel)
    fouille.fouiller("base restaurée", rendue, EFFACES)
    # Last, so that whatever was done above and left something behind is seen.
    fouille.fouiller("fichiers", lieux.fichiers(tmp_path), EFFACES)
    preuve("secrets × lieux fouillés", fouille.fouilles, "trouvés", len(fouille.trouves))
    assert fouille.trouves == []
