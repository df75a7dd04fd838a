"""The embedded map, without a browser: who may frame it, parameters, sentences, headers."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from cartographie.config import Settings
from cartographie.web.cadre import CADRE, PRESENTATION
from cartographie.web.security import ENCADRABLES
from tests import bases
from tests.site import MARDI, SORTIE, adresse_de, assembler, avec_classe, lire, par_id, texte
from tests.test_securite import ARGUMENTS

CARTE = "/integration/carte"


def politique(client: FlaskClient, adresse: str) -> list[str]:
    return client.get(adresse).headers["Content-Security-Policy"].split("; ")


def ecarts(client: FlaskClient, question: str) -> str:
    response = client.get(f"{CARTE}?{question}")
    assert response.status_code == 200
    page = lire(response.text)
    assert list(avec_classe(page, "carte")), "the map shows"
    assert list(avec_classe(page, "resultat")), "so does the list"
    return " ".join(texte(e) for e in avec_classe(page, "cadre__ecarts"))


# ── who may frame what ──


def test_every_other_page_refuses_to_be_framed(app: Flask, client: FlaskClient) -> None:
    for regle in app.url_map.iter_rules():
        if "GET" not in (regle.methods or ()):
            continue
        arguments = {nom: ARGUMENTS[nom] for nom in regle.arguments}
        admis = "*" if regle.endpoint in ENCADRABLES else "'none'"
        lue = politique(client, adresse_de(app, regle, arguments))
        assert f"frame-ancestors {admis}" in lue, regle.rule


@pytest.mark.parametrize("adresse", ["/integration/absente", "/absente", "/acteurs/absent"])
def test_errors_refuse_to_be_framed(client: FlaskClient, adresse: str) -> None:
    assert "frame-ancestors 'none'" in politique(client, adresse)


def test_the_setting_narrows_who_may_frame(base_chargee: Engine, tmp_path: Path) -> None:
    reglages = Settings(
        database_url=bases.adresse(base_chargee),
        instance=tmp_path,
        integration_origines=("https://isere.exemple.fr", "https://mairie.exemple.fr:8443"),
    )
    client = assembler(reglages, lambda: MARDI).test_client()
    admis = "frame-ancestors 'self' https://isere.exemple.fr https://mairie.exemple.fr:8443"
    for adresse in (CARTE, "/integration/vide"):
        assert admis in politique(client, adresse)
    assert "frame-ancestors 'none'" in politique(client, "/integration")
    assert "https://mairie.exemple.fr:8443" in client.get("/integration").text


def test_only_the_builder_may_hold_a_frame_and_only_ours(client: FlaskClient) -> None:
    assert "frame-src 'self'" in politique(client, "/integration")
    assert not [d for d in politique(client, CARTE) if d.startswith("frame-src")]


def test_what_the_frame_needs_is_readable_from_an_opaque_origin(client: FlaskClient) -> None:
    page = lire(client.get(CARTE).text)
    scripts = [e.get("src", "") for e in page.iter("script")]
    feuilles = [e.get("href", "") for e in page.iter("link")]
    donnees = next(avec_classe(page, "carte"))
    voulus = [*scripts, *feuilles, donnees.get("data-fond", "")]
    for adresse in (*voulus, CARTE, "/carte.json?lieu=Mens", "/communes?q=me"):
        response = client.get(adresse, headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 200, adresse
        assert response.headers["Access-Control-Allow-Origin"] == "*", adresse
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin", adresse
        assert "Set-Cookie" not in response.headers


def test_records_open_in_a_tab_that_is_still_in_the_sandbox(client: FlaskClient) -> None:
    # A browser shows an error in place of a page that isolates itself there.
    for adresse in ("/", "/acteurs/aiv-grenoble", CARTE):
        assert client.get(adresse).headers["Cross-Origin-Opener-Policy"] == "unsafe-none"


# ── what the address says ──


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("couleur=rouge", "« couleur »"),
        ("a=1&b=2", "« a », « b »"),
        ("version=9", "La version « 9 » n’existe pas."),
        ("liste=oui", "« liste » vaut 0 ou 1."),
        ("compact=2", "« compact » vaut 0 ou 1."),
        ("zoom=99", "nombre entier de 7 à"),
        ("zoom=1.5", "nombre entier de 7 à"),
        ("centre=48.85,2.35", "par exemple 45.19,5.72"),
        ("centre=nan,nan", "On attend un nombre."),
        ("centre=45.19", "par exemple 45.19,5.72"),
        ("titre=" + "x" * 81, "Le titre est trop long"),
        ("type=BIDULE", "« BIDULE » n’est pas une valeur connue."),
        ("lieu=zzzz", "Le paramètre « lieu » est laissé de côté."),
        ("rayon_km=-3&tri=hasard", "On peut trier par pertinence ou par distance."),
        ("liste=0&liste=1", "« liste » a plusieurs valeurs"),
        ("lieu=Mens&lieu=Vienne", "« lieu » a plusieurs valeurs"),
        ("besoin=soins&besoin=abri", "Une seule valeur est possible ici."),
        ("objectif=99", "n’est pas un objectif du protocole"),
    ],
)
def test_what_has_no_meaning_is_set_aside_with_a_sentence(
    client: FlaskClient, question: str, phrase: str
) -> None:
    assert phrase in ecarts(client, question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "version=1&lieu=Mens&besoin=soins&type=SANTE&type=LEAO&centre=45.19,5.72&zoom=12&titre=Ici",
        "liste=0&compact=1",
        "lieu=&type=&titre=",
        "lieu=Mens&lieu=Mens",
    ],
)
def test_what_has_a_meaning_is_not_spoken_of(client: FlaskClient, question: str) -> None:
    assert ecarts(client, question) == ""


def test_the_map_is_asked_only_what_was_understood(client: FlaskClient) -> None:
    page = lire(client.get(f"{CARTE}?lieu=Mens&type=BIDULE&couleur=rouge&zoom=99").text)
    requete = next(e for e in page.iter() if "data-cadre" in e.attrib).get("data-requete", "")
    assert parse_qs(requete) == {"lieu": ["Mens"]}
    assert par_id(page, "bilan").get("data-requete") == requete
    assert client.get(f"/carte.json?{requete}").status_code == 200


def test_a_place_that_is_not_understood_is_said_beside_its_field(client: FlaskClient) -> None:
    page = lire(client.get(f"{CARTE}?lieu=Saint&compact=1").text)
    assert par_id(page, "lieu").get("value") == "Saint"
    choix = list(par_id(page, "lieu-erreur").iter("a"))
    assert choix
    for lien in choix:
        assert urlsplit(lien.get("href", "")).path == CARTE
        assert "compact=1" in lien.get("href", "")


@pytest.mark.parametrize(
    ("question", "vue"),
    [
        ("centre=45.19,5.72&zoom=12", "12/45.19000/5.72000"),
        ("centre=45.19,5.72", "11/45.19000/5.72000"),
        ("lieu=Mens&zoom=13", "13/44.8"),
        ("zoom=9", "9/45.29000/5.55000"),
        ("lieu=Mens", ""),
    ],
)
def test_the_view_is_the_one_asked_for(client: FlaskClient, question: str, vue: str) -> None:
    page = lire(client.get(f"{CARTE}?{question}").text)
    trouvee = next(e for e in page.iter() if "data-vue" in e.attrib).get("data-vue", "")
    assert trouvee.startswith(vue)
    assert bool(trouvee) is bool(vue)


def test_every_link_keeps_how_the_map_is_shown(client: FlaskClient) -> None:
    question = "version=1&centre=45.19,5.72&zoom=12&liste=0&titre=Ici&compact=1"
    page = lire(client.get(f"{CARTE}?lieu=Vienne&type=SANTE&{question}").text)
    voulu = parse_qs(question)
    internes = [a.get("href", "") for a in page.iter("a") if CARTE in a.get("href", "")]
    assert len(internes) > 10
    for href in internes:
        lus = parse_qs(urlsplit(href).query)
        presentation = {nom: lus.get(nom) for nom in PRESENTATION}
        if "liste" in voulu and lus.get("liste") == ["1"]:
            presentation["liste"] = ["0"]  # the link that opens the list
        assert presentation == voulu, href
    caches = {
        e.get("name"): e.get("value") for e in page.iter("input") if e.get("type") == "hidden"
    }
    assert {nom: [caches[nom]] for nom in PRESENTATION} == voulu


def test_the_frame_holds_numbers_exits_and_lines_that_suffice(client: FlaskClient) -> None:
    page = lire(client.get(f"{CARTE}?lieu=La+Mure&type=SANTE").text)
    sortie = par_id(page, "quitter")
    assert (sortie.get("href"), sortie.get("target")) == (SORTIE, "_top")
    assert sortie.get("rel") == "noreferrer"
    vider = next(avec_classe(page, "cadre__vider"))
    assert (vider.get("href"), vider.get("target")) == ("/integration/vide", "_self")
    assert {"tel:17", "tel:3919"} <= {a.get("href") for a in page.iter("a")}
    for lien in page.iter("a"):
        href = lien.get("href", "")
        if href.startswith("/") and not href.startswith("/integration/"):
            assert lien.get("target") == "_blank"
            assert lien.get("rel") == "noopener noreferrer"
    assert any("38350 La Mure" in texte(e) for e in avec_classe(page, "resultat"))


def test_the_hours_of_every_door_are_on_its_line(client: FlaskClient) -> None:
    page = lire(client.get(f"{CARTE}?type=ACCUEIL_DE_JOUR&lieu=Bourgoin-Jallieu").text)
    lignes = [texte(e) for e in avec_classe(page, "resultat") if e.get("data-slug")]
    assert any("Lundi9 h 30 – 17 h" in ligne for ligne in lignes)


def test_an_empty_frame_says_nothing_of_what_was_there(client: FlaskClient) -> None:
    page = client.get("/integration/vide").text.lower()
    assert "fermez l’onglet" in page
    for mot in ("violence", "femme", "service", "isère", "3919"):
        assert mot not in page


# ── what it says of itself ──


def test_the_frame_says_that_it_is_one_to_what_counts(client: FlaskClient) -> None:
    assert lire(client.get(CARTE).text).get("data-canal") == "integration"
    assert lire(client.get("/").text).get("data-canal") is None


def test_an_address_typed_in_the_frame_is_reduced_to_its_commune(client: FlaskClient) -> None:
    adresse = f"{CARTE}?compact=1&lieu=12+rue+des+Alpes,+38350+La+Mure"
    redirection = client.get(adresse)
    assert redirection.status_code == 303
    assert "Alpes" not in redirection.headers["Location"]
    assert "compact=1" in redirection.headers["Location"]
    assert "Nous n’avons gardé que la commune" in client.get(redirection.headers["Location"]).text


MOTS = st.sampled_from([*CADRE.parametres, "hauteur", "reduit", "inconnu"])


VALEURS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["1", "0", "45.19,5.72", "nan,1e9", "Saint", "12", "\u202e", "9" * 90]),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.lists(st.tuples(MOTS, VALEURS), max_size=8))
def test_the_map_always_shows(client: FlaskClient, question: list[tuple[str, str]]) -> None:
    propre = [(nom, v.encode("utf-8", "replace").decode()) for nom, v in question]
    for adresse in (CARTE, "/integration"):
        response = client.get(adresse, query_string=propre, follow_redirects=True)
        assert response.status_code == 200
        assert "data-cadre" in response.text or 'id="apercu"' in response.text
