"""Two databases that differ only in what is hidden answer byte for byte the same (invariant 1).

The second world has a dozen hidden records nearer than any public one, other notes and authors
everywhere, drafts, archives, and hidden edits between the public ones. Every route is asked, with
questions made to bring the hidden out: its place, its name, its slug, its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from cartographie import publication, registre, snapshot
from cartographie.acteurs import (
    Acces,
    Capacite,
    Contact,
    ContactKind,
    Diffusion,
    Fiche,
    Implantation,
    Localisation,
    Precision,
    Saisie,
    Statut,
    Visibilite,
)
from cartographie.communes import Communes
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests.mondes import abaisses, chiffres, courriers, ogc, propositions
from tests.site import adresse_de, installation

# Where hidden records are put: INSEE codes of places that people search from.
LIEUX = (
    "38269", "38185", "38544", "38226", "38548", "38052", "38053", "38563", "38087", "38399",
    "38509", "38193",
)  # fmt: skip
NUMERO_SECRET = "04 00 00 00 99"
MOT_SECRET = "zirconium"
QUESTIONS = (
    "",
    "lieu=38269",
    "lieu=38269&besoin=parler&tri=distance",
    "lieu=38185&besoin=abri&limite=100&page=9",
    "lieu=38226&rayon_km=1",
    "lieu=Vienne&ouvert=1&type=LEAO",
    "lieu=Lyon",
    "lieu=zzz",
    "lieu=38350",
    f"q={MOT_SECRET}",
    "q=cache-38269",
    "q=0400000099",
    "q=epinettes",
    "besoin=auteurs",
    "langue=kl",
    "mission=accueil-ecoute&public=adultes&objectif=22",
    "type=HEBERGEMENT&lieu=38087&tri=distance",
    "lieu=La+Mure&page=50",
)
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "slug": ("cache-38269", "cache-38185", "brouillon-38269", "archive-38269", "aiv-grenoble"),
    "periode": ("2022-2024", "2019-2021"),
    "numero": ("3", "22", "99"),
    "annee": ("2022", "1999"),
    "nom": ("style.css", "cache.css"),
    "empreinte": ("0" * 64,),
    "tableau": ("territoires-besoins", "completude", "absent"),
    "code": ("R001", "R999"),
    "compte": ("1", "99"),
    "lot": ("1", "99"),
    "forme": ("csv",),
    "z": ("9", "99"),
    "x": ("263",),
    "y": ("183",),
    "jeton": ("WyJhaXYiLDFd.x",),
    "collection": ("acteurs", "absente"),
    "objet": ("cache-38269", "aiv-grenoble"),
    "courrier_id": ("1",),
}
ARGUMENTS["slug"] += abaisses.SLUGS
CORPS: tuple[dict[str, Any], ...] = (
    {"latitude": 44.9031, "longitude": 5.7866},
    {"latitude": 45.19, "longitude": 5.72, "besoin": "abri", "tri": "distance", "limite": 100},
    {"adresse": "12 rue des Alpes, 38350 La Mure"},
    {"q": MOT_SECRET},
    {"evenement": "numero", "acteur": "cache-38269"},
    {"evenement": "numero", "acteur": "absent"},
)


@dataclass(frozen=True, slots=True)
class Mondes:
    """The same site twice: `nu` has nothing hidden, `plein` is full of it."""

    nu: Flask
    plein: Flask


@pytest.fixture(scope="module")
def mondes(tmp_path_factory: pytest.TempPathFactory, referentiel: Referentiel) -> Mondes:
    sites = []
    for nom in ("nu", "plein"):
        dossier = tmp_path_factory.mktemp(nom)
        adresse = f"sqlite:///{dossier / 'base.sqlite'}"
        engine = make_engine(adresse)
        init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
        vivre(engine, referentiel.communes, cacher=nom == "plein")
        abaisses.live(engine, referentiel, cacher=nom == "plein")
        chiffres.live(engine, cacher=nom == "plein")
        propositions.live(engine, referentiel, cacher=nom == "plein")
        courriers.live(engine, cacher=nom == "plein")
        sites.append(installation(adresse, Path(dossier)))
    return Mondes(*sites)


def vivre(engine: Engine, communes: Communes, *, cacher: bool) -> None:
    """The same public edits in both worlds; in one of them, hidden writes before each."""
    publics = ("aiv-grenoble", "osj-le-relais-grenoble", "fondation-boissel")
    for tour, slug in enumerate(publics):
        if cacher:
            hidden_writes(engine, communes, tour)
        modifier(engine, slug, partial(editer, tour=tour))
    if cacher:
        hidden_writes(engine, communes, len(publics))


def hidden_writes(engine: Engine, communes: Communes, tour: int) -> None:
    """Add hidden records, edit the earlier ones, and what is hidden of the public ones."""
    for code in LIEUX[tour * 3 : tour * 3 + 3]:
        for saisie in cachees(communes, code):
            with transaction(engine) as session:
                registre.create_acteur(session, saisie, par="essai", moyen="essai")
    for code in LIEUX[: tour * 3]:
        modifier(engine, f"cache-{code}", lambda s: replace(s, nom=s.nom + " bis"))
    with reading(engine) as session:
        slugs = [s.slug for s in registre.saisies(session) if s.diffusion is Diffusion.PUBLIQUE]
    for slug in slugs[tour * 7 : tour * 7 + 7]:
        modifier(engine, slug, partial(noter, tour=tour))


def editer(saisie: Saisie, tour: int) -> Saisie:
    """What everybody may see."""
    return replace(saisie, conditions=f"Édition {tour}.")


def noter(saisie: Saisie, tour: int) -> Saisie:
    """Other notes, authors, sources, capacities and inner numbers: nothing that is public."""
    interne = Contact(ContactKind.TELEPHONE, NUMERO_SECRET, MOT_SECRET, "24/7", Visibilite.INTERNE)
    return replace(
        saisie,
        notes_internes=f"{MOT_SECRET} {tour}",
        source=f"https://exemple.fr/{MOT_SECRET}/{tour}",
        verifie_par=MOT_SECRET,
        capacites=(*saisie.capacites, Capacite(date(2026, 1, 1 + tour), 12, 4, 1, MOT_SECRET)),
        contacts=(*saisie.contacts, interne),
        implantations=tuple(
            replace(i, localisation=replace(i.localisation, source=MOT_SECRET))
            for i in saisie.implantations
        ),
    )


def cachees(communes: Communes, code: str) -> Iterator[Saisie]:
    """At the very point from which people search: hidden, draft and archived, all ideal."""
    commune = communes.insee(code)
    assert commune is not None
    ideale = Saisie(
        slug=f"cache-{code}",
        nom=f"{MOT_SECRET.title()} {commune.nom}",
        type="LEAO" if int(code) % 2 else "HEBERGEMENT",
        acces=Acces.DIRECT if int(code) % 2 else Acces.ORIENTATION,
        statut=Statut.PUBLIE,
        diffusion=Diffusion.INTERNE,
        description=f"À {commune.nom}, {MOT_SECRET}.",
        missions=("accueil-ecoute", "orientation", "hebergement-urgence"),
        publics=("adultes",),
        langues=("kl",),
        verifie_le=date(2026, 3, 9),
        verifie_par=MOT_SECRET,
        implantations=(
            Implantation(
                Localisation(
                    longitude=commune.longitude,
                    latitude=commune.latitude,
                    precision=Precision.ADRESSE,
                    adresse=f"1 rue du {MOT_SECRET.title()}",
                    code_postal=commune.codes_postaux[0],
                    commune=commune.nom,
                    code_insee=code,
                    code_epci=commune.epci,
                ),
                horaires="24/7",
                telephone=NUMERO_SECRET,
            ),
        ),
        contacts=(Contact(ContactKind.TELEPHONE, NUMERO_SECRET, horaires="24/7"),),
    )
    yield ideale
    yield replace(
        ideale, slug=f"brouillon-{code}", statut=Statut.BROUILLON, diffusion=Diffusion.PUBLIQUE
    )
    yield replace(
        ideale, slug=f"archive-{code}", statut=Statut.ARCHIVE, diffusion=Diffusion.PUBLIQUE
    )


def modifier(engine: Engine, slug: str, changer: Callable[[Saisie], Saisie]) -> None:
    with transaction(engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        registre.update_acteur(
            session, slug, changer(saisie), revision_lue=revision, par="essai", moyen="essai"
        )


def demandes(app: Flask) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """(method, address, body) for every route, every argument and every question."""
    for regle in app.url_map.iter_rules():
        noms = sorted(regle.arguments)
        for valeurs in product(*(ARGUMENTS[nom] for nom in noms)):
            adresse = adresse_de(app, regle, dict(zip(noms, valeurs, strict=True)))
            for methode in sorted(regle.methods or ()):
                if methode == "POST":
                    yield from ((methode, adresse, corps) for corps in CORPS)
                else:
                    yield from ((methode, f"{adresse}?{q}", None) for q in QUESTIONS)
    yield from (("GET", f"/communes?q={q}", None) for q in ("la mu", MOT_SECRET, "cache"))
    for papier in ("/annuaire", "/annuaire.pdf"):
        yield from (
            ("GET", f"{papier}?{q}", None) for q in ("epci=200040657", "discret=1&besoin=abri")
        )
    yield from (("GET", adresse, None) for adresse in ogc.adresses())


def differences(mondes: Mondes) -> Iterator[str]:
    """Every question to which the two worlds do not answer the same bytes."""
    nu, plein = mondes.nu.test_client(), mondes.plein.test_client()
    for methode, adresse, corps in demandes(mondes.nu):
        reponses = [client.open(adresse, method=methode, json=corps) for client in (nu, plein)]
        vues = [(r.status_code, list(r.headers), r.data) for r in reponses]
        if vues[0] != vues[1]:
            yield f"{methode} {adresse} {corps or ''}".strip()


def test_every_route_answers_the_same_in_both_worlds(mondes: Mondes) -> None:
    assert list(differences(mondes)) == []


def test_what_visitors_send_is_answered_the_same_in_both_worlds(mondes: Mondes) -> None:
    nu, plein = mondes.nu.test_client(), mondes.plein.test_client()
    statuts = set()
    for adresse, corps in propositions.envois(mondes.nu):
        une, autre = (client.post(adresse, data=corps) for client in (nu, plein))
        assert (une.status_code, list(une.headers), une.data) == (
            autre.status_code, list(autre.headers), autre.data,
        ), adresse  # fmt: skip
        statuts.add(une.status_code)
    assert statuts == {303, 404, 422, 429}


def test_a_link_about_what_is_hidden_opens_nothing_in_either_world(mondes: Mondes) -> None:
    nu, plein = mondes.nu.test_client(), mondes.plein.test_client()
    for adresse in courriers.links(mondes.plein):
        for methode, suite, corps in (
            ("GET", "", None),
            ("HEAD", "", None),
            ("GET", "?modifier=1", None),
            ("POST", "", {"geste": "exact", "revision": "1"}),
            ("POST", "", {"geste": "proposer", "conditions": MOT_SECRET}),
            ("POST", "", {"geste": "ajouter.contacts"}),
        ):
            une, autre = (
                client.open(adresse + suite, method=methode, data=corps) for client in (nu, plein)
            )
            assert (une.status_code, list(une.headers), une.data) == (
                autre.status_code, list(autre.headers), autre.data,
            )  # fmt: skip
            assert une.status_code == 404
            assert MOT_SECRET not in autre.text.casefold()


def test_the_second_world_is_really_full_of_hidden_things(mondes: Mondes) -> None:
    def compter(app: Flask) -> tuple[int, int]:
        with reading(app.extensions["cartographie"].engine) as session:
            saisies = registre.saisies(session)
            revisions = sum(registre.revisions(session).values())
            return sum(s.diffusion is Diffusion.INTERNE for s in saisies), revisions

    internes_nu, revisions_nu = compter(mondes.nu)
    internes, revisions = compter(mondes.plein)
    assert internes_nu == 0
    assert internes >= 11
    assert revisions > revisions_nu + 50


def fuir_les_notes(saisie: Saisie, porteur: Saisie | None, communes: Communes) -> Fiche | None:
    fiche = publication.publier(saisie, porteur, communes)
    return fiche and replace(fiche, conditions=fiche.conditions + saisie.notes_internes)


def fuir_les_contacts(saisie: Saisie, porteur: Saisie | None, communes: Communes) -> Fiche | None:
    fiche = publication.publier(saisie, porteur, communes)
    return fiche and replace(fiche, contacts=saisie.contacts)


def fuir_les_cachees(saisie: Saisie, porteur: Saisie | None, communes: Communes) -> Fiche | None:
    if saisie.diffusion is Diffusion.INTERNE:
        saisie = replace(saisie, diffusion=Diffusion.PUBLIQUE)
    return publication.publier(saisie, porteur, communes)


def fuir_les_brouillons(saisie: Saisie, porteur: Saisie | None, communes: Communes) -> Fiche | None:
    return publication.publier(replace(saisie, statut=Statut.PUBLIE), porteur, communes)


@pytest.mark.parametrize(
    "fuite",
    [fuir_les_notes, fuir_les_contacts, fuir_les_cachees, fuir_les_brouillons],
)
def test_publishing_one_private_thing_is_seen(
    mondes: Mondes, monkeypatch: pytest.MonkeyPatch, fuite: Callable[..., Fiche | None]
) -> None:
    # The proof must be able to fail: the gate is broken, everything else is as shipped.
    monkeypatch.setattr(snapshot, "publier", fuite)
    monkeypatch.setattr(snapshot, "_ETATS", type(snapshot._ETATS)())
    try:
        assert next(differences(mondes), None) is not None
    finally:
        snapshot._ETATS.clear()
