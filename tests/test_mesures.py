"""What is counted, from where, and that nothing else is: pages, gestures, robots, hidden slugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient

from cartographie.suivi import Canal, Cle, Genre
from tests.site import MARDI

if TYPE_CHECKING:
    from tests.releve import Releve

pytest_plugins = ("tests.releve",)

JOUR = MARDI.date()
LA_MATHEYSINE = "200040657"
LE_TRIEVES = "200030658"
NAVIGATEUR = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def cle(genre: Genre, canal: Canal = Canal.SITE, **valeurs: str) -> Cle:
    return Cle(JOUR, genre, canal, **valeurs)


# ── pages, where they are rendered ──


@pytest.mark.parametrize(
    ("adresse", "attendus"),
    [
        ("/", []),
        ("/?tri=distance", []),
        ("/?lieu=La+Mure", [cle(Genre.RECHERCHE, epci=LA_MATHEYSINE)]),
        ("/?lieu=38269&besoin=soins", [cle(Genre.RECHERCHE, besoin="soins", epci=LA_MATHEYSINE)]),
        ("/?lieu=38269&besoin=soins&page=2", []),
        # Lines that the map of the same answer asks for.
        ("/?lieu=Mens&besoin=abri&acteur=aiv-grenoble", []),
        ("/?besoin=abri", [cle(Genre.RECHERCHE, besoin="abri")]),
        ("/?q=aide", [cle(Genre.RECHERCHE)]),
        ("/?lieu=Lyon", [cle(Genre.RECHERCHE, epci="hors-isere")]),
        ("/?lieu=zzz", []),
        (
            "/?lieu=Mens&besoin=abri",
            [
                cle(Genre.RECHERCHE, besoin="abri", epci=LE_TRIEVES),
                cle(Genre.ISOLEMENT, besoin="abri", epci=LE_TRIEVES),
            ],
        ),
        ("/acteurs/aiv-grenoble", [cle(Genre.FICHE, acteur="aiv-grenoble")]),
        ("/acteurs/absent", []),
        ("/proches?lieu=38269", [cle(Genre.RECHERCHE, Canal.API, epci=LA_MATHEYSINE)]),
        ("/acteurs.geojson", [cle(Genre.EXPORT, Canal.API)]),
        ("/carte.json?lieu=38269", []),
        ("/communes?q=la", []),
        ("/suivi", []),
        ("/sante", []),
    ],
)
def test_a_page_is_counted_once_where_it_is_rendered(
    client: FlaskClient, releve: Releve, adresse: str, attendus: list[Cle]
) -> None:
    client.get(adresse)
    assert releve.lire() == dict.fromkeys(attendus, 1)


def test_a_page_that_did_not_change_is_still_a_consultation(
    client: FlaskClient, releve: Releve
) -> None:
    etiquette = client.get("/acteurs/aiv-grenoble").headers["ETag"]
    encore = client.get("/acteurs/aiv-grenoble", headers={"If-None-Match": etiquette})
    assert encore.status_code == 304
    assert releve.lire() == {cle(Genre.FICHE, acteur="aiv-grenoble"): 2}


@pytest.mark.parametrize(
    "entetes",
    [
        {"User-Agent": ROBOT},
        {"User-Agent": "Mozilla/5.0 (compatible; AhrefsBot/7.0)"},
        {"User-Agent": "Baiduspider"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Dest": "image"},
    ],
)
def test_nobody_asked_for_it(client: FlaskClient, releve: Releve, entetes: dict[str, str]) -> None:
    client.get("/acteurs/aiv-grenoble", headers=entetes)
    client.post("/mesures", data={"evenement": "carte"}, headers=entetes)
    assert releve.lire() == {}


def test_asking_for_the_head_is_not_reading(client: FlaskClient, releve: Releve) -> None:
    client.head("/acteurs/aiv-grenoble", headers={"User-Agent": NAVIGATEUR})
    client.options("/acteurs/aiv-grenoble")
    assert releve.lire() == {}


def test_our_own_page_is_not_a_program(client: FlaskClient, releve: Releve) -> None:
    client.post("/proches", json={"lieu": "38269"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert releve.lire() == {cle(Genre.RECHERCHE, epci=LA_MATHEYSINE): 1}


def test_a_precise_place_is_counted_by_its_epci_alone(client: FlaskClient, releve: Releve) -> None:
    client.post("/proches", json={"adresse": "12 rue des Alpes, 38350 La Mure"})
    client.post("/proches", json={"latitude": 44.9031, "longitude": 5.7866})
    assert releve.lire() == {cle(Genre.RECHERCHE, Canal.API, epci=LA_MATHEYSINE): 2}


# ── gestures, told by the script ──


def envoyer(client: FlaskClient, champs: dict[str, Any] | str | bytes, **options: Any) -> None:  # noqa: ANN401
    response = client.post("/mesures", data=champs, **options)
    assert (response.status_code, response.data) == (204, b"")
    assert "Set-Cookie" not in response.headers
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"evenement": "carte"}, cle(Genre.CARTE)),
        (
            {"evenement": "numero", "acteur": "aiv-grenoble"},
            cle(Genre.NUMERO, acteur="aiv-grenoble"),
        ),
        ({"evenement": "impression", "canal": "site"}, cle(Genre.IMPRESSION)),
        (
            {"evenement": "carte", "canal": "integration", "hote": "WWW.Grenoble.fr."},
            cle(Genre.CARTE, Canal.INTEGRATION, hote="www.grenoble.fr"),
        ),
        ({"evenement": "carte", "canal": "site", "hote": "www.grenoble.fr"}, cle(Genre.CARTE)),
    ],
)
def test_a_gesture_is_counted(
    client: FlaskClient, releve: Releve, champs: dict[str, str], attendu: Cle
) -> None:
    # From a sandboxed frame too, whose origin is `null`.
    envoyer(client, champs, headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"})
    assert releve.lire() == {attendu: 1}


@pytest.mark.parametrize(
    "champs",
    [
        {},
        "",
        {"evenement": "visite"},
        {"evenement": "fiche", "acteur": "aiv-grenoble"},
        {"evenement": "recherche", "canal": "site"},
        {"evenement": "numero", "canal": "api"},
        {"evenement": "numero", "acteur": "Jean Dupont"},
        {"evenement": "numero", "acteur": "12 rue des Alpes"},
        {"evenement": "numero", "acteur": "a" * 101},
        {f"champ{n}": "x" for n in range(50)},
        b"\xff\xfe\x00",
        "evenement=carte&" + "x" * 30_000,
        '{"evenement": "carte"}',
    ],
)
def test_anything_else_is_answered_alike_and_not_counted(
    client: FlaskClient, releve: Releve, champs: dict[str, str] | str | bytes
) -> None:
    envoyer(client, champs)
    assert releve.lire() == {}


@pytest.mark.parametrize(
    "hote",
    ["192.168.0.12", "[2001:db8::1]", "localhost", "a b.fr", "x" * 120 + ".fr", "jean@exemple.fr"],
)
def test_a_host_is_a_name_and_nothing_else(client: FlaskClient, releve: Releve, hote: str) -> None:
    envoyer(client, {"evenement": "carte", "canal": "integration", "hote": hote})
    assert releve.lire() == {cle(Genre.CARTE, Canal.INTEGRATION): 1}


# ── the map inside somebody's page ──


def test_an_embedded_map_is_counted_with_its_host_then_its_searches(
    client: FlaskClient, releve: Releve
) -> None:
    ailleurs = {"Referer": "https://www.lamure.fr/aide?qui=moi", "Sec-Fetch-Site": "cross-site"}
    client.get("/integration/carte?lieu=38269", headers=ailleurs)
    client.get("/integration/carte?lieu=38269", headers={"Sec-Fetch-Site": "same-origin"})
    assert releve.lire() == {
        cle(Genre.INTEGRATION, Canal.INTEGRATION, hote="www.lamure.fr"): 1,
        cle(Genre.RECHERCHE, Canal.INTEGRATION, epci=LA_MATHEYSINE): 1,
    }
