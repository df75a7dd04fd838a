"""The pages of coverage without a browser: everything is in the HTML, in words, for everybody."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie import registre
from cartographie.carte import build_carte_couverture
from cartographie.catalogue import Catalogue
from cartographie.couverture import CLASSES
from cartographie.database import reading
from cartographie.recherche import LISTE_PARTIELLE
from cartographie.variables import MOTS_EXPOSANTS
from tests.comptes import Gestion, Navigateur
from tests.site import avec_classe, lire, texte

FICHIERS = ("/couverture.csv", "/couverture.csv?par=epci", "/couverture.geojson")


def page(client: FlaskClient, chemin: str = "/couverture") -> Element:
    reponse = client.get(chemin)
    assert reponse.status_code == 200, reponse.text[:500]
    return lire(reponse.text)


def lignes(racine: Element) -> list[list[str]]:
    """The table by commune, cell by cell."""
    return [[texte(c) for c in tr] for tr in racine.iter("tr") if tr.get("data-code")]


def test_the_page_says_the_result_before_anything_is_drawn(client: FlaskClient) -> None:
    racine = page(client)
    phrase = texte(next(avec_classe(racine, "couverture__phrase")))
    assert re.match(r"Pour « Parler, .* », environ \d+ % des habitantes et habitants", phrase)
    assert phrase.endswith("à vol d’oiseau.")
    tout = texte(racine)
    assert tout.index(phrase) < tout.index("Distance au plus proche, à vol d’oiseau")
    assert LISTE_PARTIELLE in tout
    assert "la route est plus longue" in tout


def test_every_commune_is_in_the_table_and_on_the_drawn_map(client: FlaskClient) -> None:
    racine = page(client, "/couverture?besoin=abri")
    assert len(lignes(racine)) == 512
    dessin = next(avec_classe(racine, "aplats"))
    chemins = [p for p in dessin if "aplat" in p.get("class", "").split()]
    contours = sum((p.get("d") or "").count("M") for p in chemins)
    assert contours >= 512
    classes = {tr.get("data-classe") for tr in racine.iter("tr") if tr.get("data-code")}
    assert {p.get("class", "")[-1] for p in chemins} == classes
    # A class is a hatching and words: each is defined once, and named in the legend.
    motifs = {m.get("id") for m in racine.iter() if str(m.tag).endswith("pattern")}
    assert motifs == {f"aplat-{rang}" for rang in range(len(CLASSES))}
    assert {p.get("fill") for p in chemins} <= {f"url(#{motif})" for motif in motifs}
    legende = texte(next(avec_classe(racine, "aplats-legende"))).lower()
    assert all(CLASSES[int(rang)] in legende for rang in classes if rang)


def test_without_a_single_place_the_page_says_who_answers_otherwise(client: FlaskClient) -> None:
    racine = page(client, "/couverture?besoin=enfants")
    assert "aucun lieu où se présenter n’est publié" in texte(racine)
    liens = [a.get("href") for a in next(avec_classe(racine, "couverture__suites")).iter("a")]
    assert "/couverture?besoin=enfants&acces=orientation" in liens
    assert "/?besoin=enfants" in liens
    assert next(une[3] for une in lignes(racine)) == "aucun lieu"
    oriente = page(client, "/couverture?besoin=enfants&acces=orientation")
    assert "reçoit sur orientation" in texte(next(avec_classe(oriente, "couverture__phrase")))


@pytest.mark.parametrize("colonne", [0, 1, 2])
def test_a_table_is_sorted_by_links_both_ways(client: FlaskClient, colonne: int) -> None:
    racine = page(client, "/couverture?besoin=abri&tri=competence&tri_epci=-20")
    table = next(t for t in racine.iter("table") if "commune" in texte(t[0]))
    entete = [th for th in table.iter("th") if th.get("scope") == "col"][colonne]
    lien = next(entete.iter("a")).get("href") or ""
    assert "tri_epci=-20" in lien
    croissant = [une[colonne] for une in lignes(page(client, f"/couverture{lien}"))]
    inverse = [
        une[colonne]
        for une in lignes(page(client, f"/couverture{lien.replace('&tri=', '&tri=-')}"))
    ]
    assert sorted(croissant) == sorted(inverse)
    assert croissant[0] == inverse[-1] != croissant[-1]
    retour = page(client, f"/couverture{lien}")
    assert [th.get("aria-sort") for th in retour.iter("th")].count("ascending") == 1


def test_farthest_first_and_who_has_nobody(client: FlaskClient) -> None:
    racine = page(client, "/couverture?besoin=abri&tri=-distance")
    km = [int(re.sub(r"\D", "", une[3].split("(")[0])) for une in lignes(racine)[:200]]
    assert km == sorted(km, reverse=True)
    fichier = client.get("/couverture.csv?besoin=abri").text.splitlines()[1:]
    trop_loin = sum(int(une.split(";")[5]) > 30_000 for une in fichier)
    sans = texte(next(avec_classe(racine, "couverture__repli")))
    assert f": {trop_loin} communes" in sans


@pytest.mark.parametrize(
    ("question", "mots"),
    [
        ("besoin=danger", "aucune distance ne compte"),
        ("mission=zzz", "n’est pas une valeur connue"),
        ("besoin=parler&type=SANTE", "un seul critère"),
        ("tri=hasard", "On peut trier par"),
        ("acces=telephone", "n’est pas une valeur connue"),
    ],
)
def test_what_has_no_meaning_is_said_and_the_form_stays(
    client: FlaskClient, question: str, mots: str
) -> None:
    reponse = client.get(f"/couverture?{question}")
    assert reponse.status_code == 400
    racine = lire(reponse.text)
    assert mots in texte(racine)
    assert any(e.get("name") == "pour" for e in racine.iter("select"))
    if "tri" not in question:
        assert client.get(f"/couverture.csv?{question}").status_code == 400


def test_the_form_leads_to_the_address_that_stays(client: FlaskClient) -> None:
    choix = [o.get("value") for o in page(client).iter("option")]
    assert "besoin:danger" not in choix
    for valeur in ("besoin:abri", "mission:orientation", "type:SANTE", "objectif:22"):
        assert valeur in choix
    reponse = client.get("/couverture?pour=type:SANTE&acces=direct")
    assert (reponse.status_code, reponse.location) == (303, "/couverture?type=SANTE")
    suivi = page(client, "/couverture?objectif=22")
    choisie = [o.get("value") for o in suivi.iter("option") if o.get("selected") is not None]
    assert choisie == ["objectif:22", "direct"]


def test_titles_and_names_of_files_are_neutral_and_answers_are_kept_by_their_digest(
    client: FlaskClient,
) -> None:
    titre = texte(next(page(client, "/couverture?besoin=auteurs&acces=orientation").iter("title")))
    assert not any(mot in titre.lower() for mot in MOTS_EXPOSANTS)
    for chemin in ("/couverture", *FICHIERS):
        reponse = client.get(chemin)
        nom = reponse.headers.get("Content-Disposition", "")
        assert not any(mot in nom for mot in MOTS_EXPOSANTS)
        empreinte = {"If-None-Match": reponse.headers["ETag"]}
        assert client.get(chemin, headers=empreinte).status_code == 304


def test_the_script_is_folium_s_and_holds_no_word_of_any_record(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    carte = build_carte_couverture()
    assert carte == build_carte_couverture()
    reponse = client.get(f"/couverture/{carte.empreinte}.js")
    assert reponse.text == carte.script
    assert "immutable" in reponse.headers["Cache-Control"]
    assert not re.search(r"https?:|//cdn|<|innerHTML|style=|markerCluster", carte.script)
    assert not any(f.nom in carte.script or f.slug in carte.script for f in catalogue_reel.fiches)
    assert client.get("/couverture/0000.js").status_code == 404


def test_other_pages_lead_there(client: FlaskClient) -> None:
    for chemin in ("/", "/suivi"):
        liens = [a.get("href") for a in page(client, chemin).iter("a")]
        assert "/couverture" in liens


# ── a fictitious acteur ──


@pytest.fixture(scope="module")
def delegation(ecriture: Gestion) -> Navigateur:
    """Signed in as an editor."""
    return ecriture.client("editeur")


def etat(engine: Engine) -> object:
    with reading(engine) as session:
        return registre.saisies(session), registre.revisions(session)


def test_a_trial_shows_what_would_change_and_writes_nothing(
    ecriture: Gestion, delegation: Navigateur
) -> None:
    avant = etat(ecriture.engine)
    chemin = "/gestion/couverture?pour=besoin:abri&lieu=La+Mure&territoire=epci"
    racine = lire(delegation.get(chemin).text)
    phrase = texte(next(avec_classe(racine, "couverture__phrase")))
    assert re.match(r"Près de La Mure, un acteur de plus .* donnerait à \d+", phrase)
    assert "à vol d’oiseau" in phrase
    assert len(list(avec_classe(racine, "couverture__volet"))) == 2
    changees = {texte(tr[0]): [texte(c) for c in tr] for tr in racine.iter("tr")}
    assert "→ dans la commune" in changees["La Mure"][3]
    assert changees["La Mure"][4] == "non renseigné → oui"
    assert changees["À 20 km au plus"][3].startswith("+ ")
    assert "Vienne" not in changees
    assert etat(ecriture.engine) == avant
    sans = lire(delegation.get("/gestion/couverture?besoin=abri").text)
    assert len(list(avec_classe(sans, "couverture__volet"))) == 1


@pytest.mark.parametrize(
    ("question", "mots"),
    [
        ("lieu=zzz", "zzz"),
        ("lieu=Lyon", "hors de l’Isère"),
        ("latitude=45", "une latitude et une longitude"),
        ("latitude=48,85&longitude=2,35", "hors de l’Isère"),
        ("latitude=nan&longitude=5", "On attend un nombre"),
        ("lieu=Mens&territoire=lune", "Choisissez un territoire"),
    ],
)
def test_a_place_that_has_no_meaning_is_said(
    delegation: Navigateur, question: str, mots: str
) -> None:
    reponse = delegation.get(f"/gestion/couverture?{question}")
    assert reponse.status_code == 400
    assert mots in texte(lire(reponse.text))


def test_a_position_is_a_door_and_a_commune_is_not(delegation: Navigateur) -> None:
    exacte = delegation.get("/gestion/couverture?besoin=abri&latitude=44,9031&longitude=5,7866")
    assert "→ dans la commune" not in texte(lire(exacte.text))
    assert re.search(r"→ \d+,?\d* k?m \(La Mure\)", texte(lire(exacte.text)))
