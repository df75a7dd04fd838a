"""Every format in two worlds, in sequence: the same public edits, and hidden ones in between.

After each step the two databases answer byte for byte the same, headers included: no number, date,
order or identifier of a file tells that something hidden was written.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.database import make_engine, transaction, writing_engine
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from tests import bases
from tests.fabrique import CC_MATHEYSINE, LE_115, accueil, refuge
from tests.mondes.traces import lieu_secret
from tests.site import installation

ADRESSES = (
    "/flux.atom",
    f"/flux.atom?epci={CC_MATHEYSINE}",
    "/flux.atom?objectif=2022-2024/2",
    "/data-inclusion.json",
    "/data-inclusion.json?lieu=La+Mure&rayon_km=30&besoin=parler",
    "/acteurs.gpkg",
    "/acteurs.gpkg?q=secret",
    *(f"/acteurs/{slug}.vcf" for slug in ("public-0", "public-1", "cache-1", "lieu", "absent")),
    *(
        f"/oembed?url=http%3A%2F%2Flocalhost%2Facteurs%2F{slug}"
        for slug in ("public-0", "cache-1", "absent")
    ),
    "/oembed?url=http%3A%2F%2Flocalhost%2F%3Fq%3Dsecret",
    "/integration?q=secret",
)
INTERNE = {"diffusion": Diffusion.INTERNE}
Geste = Callable[[Engine], None]


def creer(saisie: Saisie) -> Geste:
    def faire(engine: Engine) -> None:
        with transaction(engine) as session:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")

    return faire


def changer(slug: str, **valeurs: Any) -> Geste:  # noqa: ANN401
    def faire(engine: Engine) -> None:
        with transaction(engine) as session:
            saisie, revision = registre.get_saisie(session, slug)
            registre.update_acteur(
                session, slug, replace(saisie, **valeurs), revision_lue=revision, par="e", moyen="e"
            )

    return faire


def abaisser(slug: str, vers: Diffusion, referentiel: Referentiel) -> Geste:
    def faire(engine: Engine) -> None:
        with transaction(engine) as session:
            _, revision = registre.get_saisie(session, slug)
            demande = Demande(vers, LE_115 if vers is Diffusion.ZONE else None)
            registre.lower(session, slug, demande, referentiel, revision_lue=revision, par="e")

    return faire


def passer_un_jour(engine: Engine) -> None:
    """All that was written so far happened a day earlier."""
    # It reads before it writes, while counts may be written.
    with writing_engine(engine).begin() as connexion:
        lignes = connexion.execute(text("SELECT id, jour FROM journal ORDER BY jour")).all()
        for identifiant, jour in lignes:
            avant = date.fromisoformat(str(jour)).toordinal() - 1
            connexion.execute(
                text("UPDATE journal SET jour = :jour WHERE id = :id"),
                {"jour": date.fromordinal(avant).isoformat(), "id": identifiant},
            )


def publics(referentiel: Referentiel) -> list[Geste]:
    """What happens in both worlds."""
    return [
        creer(accueil("public-0", nom="Un accueil")),
        creer(accueil("public-1", participations=())),
        creer(refuge("refuge")),
        passer_un_jour,
        changer("public-0", conditions="Sur rendez-vous."),
        changer("public-1", porteur="public-0"),
        passer_un_jour,
        changer("public-1", statut=Statut.ARCHIVE),
        changer("public-0", verifie_le=date(2026, 3, 1), nom="Un autre accueil"),
        passer_un_jour,
        changer("public-1", statut=Statut.PUBLIE),
        changer("refuge", description="Pour toutes."),
        creer(lieu_secret(slug="lieu", participations=())),
        abaisser("lieu", Diffusion.ZONE, referentiel),
        changer("refuge", statut=Statut.ARCHIVE),
        abaisser("public-0", Diffusion.INTERNE, referentiel),
    ]


def paraitre_et_disparaitre(slug: str, referentiel: Referentiel) -> Geste:
    """Published by mistake, then internal: nobody asked anything in between."""

    def faire(engine: Engine) -> None:
        creer(lieu_secret(slug=slug, participations=()))(engine)
        abaisser(slug, Diffusion.INTERNE, referentiel)(engine)

    return faire


def cachees(referentiel: Referentiel, hasard: random.Random) -> Iterator[Geste]:
    """What happens in one of them alone, for ever: drafts, notes, lowerings, archives."""
    rang = 0
    while True:
        rang += 1
        slug = f"cache-{rang}"
        yield creer(accueil(slug, nom=f"Secret {rang}", **INTERNE))
        yield changer(slug, nom=f"Secret {rang} bis", verifie_le=date(2026, 1, rang % 27 + 1))
        yield changer(slug, statut=hasard.choice([Statut.ARCHIVE, Statut.BROUILLON]))
        yield creer(accueil(f"brouillon-{rang}", statut=Statut.BROUILLON, porteur=slug))
        yield changer(f"brouillon-{rang}", participations=(), statut=Statut.ARCHIVE)
        yield paraitre_et_disparaitre(f"disparu-{rang}", referentiel)


def annoter(engine: Engine, rang: int) -> None:
    """Change what is hidden of every record that everybody sees."""
    with transaction(engine) as session:
        slugs = [
            s.slug for s in registre.saisies(session)
            if s.diffusion is Diffusion.PUBLIQUE and s.slug.startswith("public")
        ]  # fmt: skip
    for slug in slugs:
        changer(slug, notes_internes=f"secret {rang}", verifie_par=f"secret {rang}")(engine)


def reponses(app: Flask) -> list[tuple[str, int, list[tuple[str, str]], bytes]]:
    client = app.test_client()
    vues = [(adresse, client.get(adresse)) for adresse in ADRESSES]
    return [(adresse, r.status_code, list(r.headers), r.data) for adresse, r in vues]


@pytest.mark.parametrize("graine", [1, 2])
def test_formats_tell_nothing_of_hidden_edits_in_between(
    tmp_path: Path, modele: Engine, referentiel: Referentiel, graine: int
) -> None:
    hasard = random.Random(graine)
    mondes: list[tuple[Engine, Flask]] = []
    for nom in ("nu", "plein"):
        adresse = bases.copier(modele, tmp_path, nom)
        mondes.append((make_engine(adresse), installation(adresse, tmp_path / nom)))
    (nu, site_nu), (plein, site_plein) = mondes
    suite = cachees(referentiel, hasard)
    etats = set()
    for rang, geste in enumerate(publics(referentiel)):
        for _ in range(hasard.randrange(1, 5)):
            next(suite)(plein)
        annoter(plein, rang)
        geste(nu)
        geste(plein)
        vues = reponses(site_nu)
        assert vues == reponses(site_plein), f"étape {rang}"
        etats.add(vues[0][3])
    # The feed did follow what is public, and the other world is full.
    assert len(etats) >= 10
    with nu.connect() as un, plein.connect() as autre:
        ecrits = [
            c.execute(text("SELECT count(*) FROM revision")).scalar_one() for c in (un, autre)
        ]
    assert ecrits[1] > 2 * ecrits[0]
    for engine, _ in mondes:
        engine.dispose()
