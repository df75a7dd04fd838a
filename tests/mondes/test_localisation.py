"""Nobody finds where a shelter was: five attacks end at the point that is published of its zone.

The places were once typed as addresses, then erased. The same attacks find a record whose address
is published: they are good ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Acces, Diffusion, Saisie
from cartographie.catalogue import lambert
from cartographie.database import make_engine, transaction
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from tests import bases
from tests.fabrique import LE_115, PORTE, accueil
from tests.mondes.attaques import Attaquant, Point
from tests.preuves import Preuve
from tests.site import installation

TEMOIN = "temoin-du-sud"
# Slug → commune, and the place that was typed before it was erased (longitude, latitude).
LIEUX = {
    TEMOIN: ("38269", "La Mure", 5.79213, 44.91177),
    "abri-du-sud": ("38226", "Mens", 5.75184, 44.81442),
    "abri-du-centre": ("38185", "Grenoble", 5.71317, 45.16904),
}
Attaque = Callable[[Attaquant], Point]
# How far from the point that it looks for each attack may end, in metres.
ATTAQUES: dict[str, tuple[Attaque, float]] = {
    "distances": (Attaquant.par_les_distances, 2),
    "arrondis": (Attaquant.par_les_arrondis, 300),
    "rayon": (Attaquant.par_le_rayon, 5),
    "boite": (Attaquant.par_la_boite, 2),
    "rang": (Attaquant.par_le_rang, 40),
}


def abri(slug: str, referentiel: Referentiel) -> Saisie:
    """A shelter as somebody typed it first: with its door."""
    code, nom, longitude, latitude = LIEUX[slug]
    commune = referentiel.communes.insee(code)
    assert commune is not None
    lieu = replace(
        PORTE.localisation,
        longitude=longitude,
        latitude=latitude,
        code_postal=commune.codes_postaux[0],
        commune=nom,
        code_insee=code,
        code_epci=commune.epci,
    )
    return accueil(
        slug,
        nom="Abri",
        type="HEBERGEMENT",
        acces=Acces.ORIENTATION,
        missions=("hebergement-urgence",),
        territoire=None,
        participations=(),
        implantations=(replace(PORTE, localisation=lieu),),
    )


@pytest.fixture(scope="module")
def visiteur(
    base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory, referentiel: Referentiel
) -> FlaskClient:
    """Of a site with two shelters that were lowered, and a place that stayed public."""
    dossier: Path = tmp_path_factory.mktemp("localisation")
    adresse = bases.copier(base_chargee, dossier)
    engine = make_engine(adresse)
    for slug in LIEUX:
        with transaction(engine) as session:
            registre.create_acteur(session, abri(slug, referentiel), par="essai", moyen="essai")
        if slug != TEMOIN:
            with transaction(engine) as session:
                demande = Demande(Diffusion.ZONE, LE_115)
                registre.lower(session, slug, demande, referentiel, revision_lue=1, par="essai")
    engine.dispose()
    return installation(adresse, dossier).test_client()


@pytest.mark.parametrize(
    "slug", ["abri-du-sud", pytest.param("abri-du-centre", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("nom", ATTAQUES)
def test_an_attack_ends_at_the_published_point(
    visiteur: FlaskClient, referentiel: Referentiel, preuve: Preuve, nom: str, slug: str
) -> None:
    attaque, tolerance_m = ATTAQUES[nom]
    code, _, *efface = LIEUX[slug]
    zone = referentiel.communes.zone(code)
    publie, vrai = lambert(zone.longitude, zone.latitude), lambert(*efface)
    trouve = attaque(Attaquant(visiteur, referentiel.communes, slug))
    ecart, reste = math.dist(trouve, publie), math.dist(trouve, vrai)
    print(f"{nom} {slug} : à {ecart:.1f} m du point publié, à {reste:.0f} m du lieu effacé")
    approche = ecart > tolerance_m or reste < math.dist(publie, vrai) - tolerance_m
    preuve("attaques de localisation", 1, "approches", int(approche))
    assert not approche


@pytest.mark.parametrize("nom", ATTAQUES)
def test_the_same_attack_finds_what_is_published(
    visiteur: FlaskClient, referentiel: Referentiel, nom: str
) -> None:
    attaque, tolerance_m = ATTAQUES[nom]
    trouve = attaque(Attaquant(visiteur, referentiel.communes, TEMOIN))
    assert math.dist(trouve, lambert(*LIEUX[TEMOIN][2:])) < tolerance_m
