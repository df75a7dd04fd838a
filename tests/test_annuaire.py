"""The directory as a page: the lines of `/`, numbered as on its map, and a discreet variant."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cartographie.acteurs import Localisation, Precision
from cartographie.plan import PointNumerote, dessiner_plans, lettre_de
from cartographie.plan_marques import Boite, Marque, Repere, degager, grouper, suite_fr
from cartographie.referentiel import Referentiel
from cartographie.web.annuaire import build_vue
from tests.site import avec_classe, lire, par_id, texte

EXPOSANTS = ("violence", "victime", "femme", "conjugal")


def page(client: FlaskClient, requete: str = "") -> Element:
    return lire(client.get(f"/annuaire{requete}").text)


def entrees(racine: Element) -> list[Element]:
    return list(avec_classe(racine, "entree"))


def dessins(racine: Element) -> list[Element]:
    return [e for e in racine.iter() if str(e.tag).endswith("svg")]


def test_the_lines_are_those_of_the_list_in_the_same_order(client: FlaskClient) -> None:
    requete = "?lieu=La+Mure&besoin=abri"
    liste = lire(client.get(f"/{requete}&page=3").text)
    noms = [texte(next(e.iter("h3"))) for e in avec_classe(liste, "resultat") if e.get("data-slug")]
    imprimes = [texte(next(e.iter("h3"))) for e in entrees(page(client, requete))]
    assert imprimes == [f"{rang}. {nom}" for rang, nom in enumerate(noms, 1)]
    assert len(noms) == 17


def test_the_map_and_the_list_have_the_same_numbers(app: Flask, client: FlaskClient) -> None:
    racine = page(client, "?lieu=Grenoble&besoin=parler")
    numeros = {int(e.get("value", "")) for e in entrees(racine)}
    assert numeros == set(range(1, 58))
    with app.test_request_context():
        vue = build_vue({"lieu": ["Grenoble"], "besoin": ["parler"]})
    plan = vue.plans[0]
    dessines = " ".join(re.findall(r'font-weight="bold"[^>]*>([^<]+)<', plan.svg))
    lettres = {un.lettre: un.numeros for un in plan.lettres}
    situes = {n for mots in (dessines, *lettres.values()) for n in deplier(mots)}
    # Every line that has a place is on the map; every letter drawn is told.
    places = {e.numero for s in vue.sections for e in s.entrees if e.endroits}
    assert situes == places
    assert set(re.findall(r"\b[A-Z]{1,2}\b", dessines)) == set(lettres)


def deplier(mots: str) -> set[int]:
    """`3, 5–8` → 3, 5, 6, 7, 8."""
    nombres: set[int] = set()
    for debut, fin in re.findall(r"(\d+)(?:–(\d+))?", mots):
        nombres |= set(range(int(debut), int(fin or debut) + 1))
    return nombres


def point(numero: int, longitude: float, latitude: float, precision: str) -> PointNumerote:
    lieu = Localisation(longitude, latitude, Precision(precision), commune="Grenoble")
    return PointNumerote(numero, lieu)


def test_nothing_is_drawn_as_a_door_below_an_address(referentiel: Referentiel) -> None:
    points = [
        point(1, 5.72, 45.18, "adresse"),
        point(2, 5.78, 45.20, "commune"),
        point(3, 5.60, 45.30, "epci"),
        point(4, 5.50, 45.25, "departement"),
    ]
    (plan,) = dessiner_plans(points, referentiel.communes)
    assert plan.svg.count('class="plan__adresse"') == 1
    assert plan.svg.count('class="plan__zone"') == 2
    assert plan.svg.count("stroke-dasharray") == 2
    assert [un.numeros for un in plan.lettres] == ["2", "3"]
    assert dessiner_plans(points[3:], referentiel.communes) == ()


def test_addresses_too_close_share_a_letter_and_get_a_closer_map(referentiel: Referentiel) -> None:
    serres = [point(n, 5.72 + n / 250, 45.18 + n / 300, "adresse") for n in range(1, 9, 2)]
    loin = point(20, 4.9, 45.5, "adresse")
    ensemble, detail = dessiner_plans((*serres, loin), referentiel.communes)
    assert [(un.lettre, un.numeros) for un in ensemble.lettres] == [("A", "1, 3, 5, 7")]
    assert detail.titre == "Détail du repère A"
    assert not detail.lettres
    vus = re.findall(r'font-weight="bold"[^>]*>([^<]+)<', detail.svg)
    assert sorted(vus) == ["1", "3", "5", "7"]


def test_the_place_that_was_asked_from_is_on_the_map(app: Flask, referentiel: Referentiel) -> None:
    points = [point(1, 5.72, 45.18, "adresse")]
    (plan,) = dessiner_plans(points, referentiel.communes, referentiel.communes.lieu("La Mure"))
    assert plan.svg.count('class="plan__lieu"') == 1
    assert ">La Mure<" in plan.svg
    # A place that is told from far away has no point, hence no cross.
    (plan,) = dessiner_plans(points, referentiel.communes, referentiel.communes.lieu("Paris 75001"))
    assert "plan__lieu" not in plan.svg


def test_no_mark_covers_the_name_of_the_place_that_was_asked_from() -> None:
    cadre = Boite(0, 0, 680, 300)
    mure = Repere(300, 150, "La Mure")
    assert degager(mure, [], cadre) == mure
    dessus = Marque(300, 150, (4,))
    for marques in ([dessus], [dessus, Marque(350, 150, (5,))], [Marque(290, 152, (64, 65, 66))]):
        posee = degager(mure, marques, cadre)
        assert not any(posee.boite_du_nom.touche(m.boite) for m in marques)
        assert posee.boite.contient(300, 150)
    # Near the right edge, and where no room is left: inside the map all the same.
    assert degager(Repere(660, 150, "La Mure"), [], cadre).dx < 0
    partout = [Marque(x, 150, (x,)) for x in range(0, 680, 20)]
    assert cadre.entoure(degager(mure, partout, cadre).boite_du_nom)


def test_a_line_never_crosses_a_letter(referentiel: Referentiel) -> None:
    serres = [point(n, 5.70 + n / 90, 45.18 + n / 200, "commune") for n in range(6)]
    loin = point(20, 4.9, 45.5, "adresse")
    plan, *_ = dessiner_plans((*serres, loin), referentiel.communes)
    assert plan.svg.rindex("plan__lien") < plan.svg.index("plan__zone")


def test_numbers_that_follow_each_other_are_joined() -> None:
    assert suite_fr((3, 5, 6, 7, 8)) == "3, 5–8"
    assert suite_fr((2, 1)) == "1, 2"
    assert [lettre_de(rang) for rang in (0, 25, 26, 52)] == ["A", "Z", "AA", "BA"]
    (une,) = grouper([Marque(0, 0, (1,)), Marque(3, 3, (2,))], longues=False)
    assert une.texte == "1, 2"


def test_an_entry_says_what_is_known_and_what_is_not(client: FlaskClient) -> None:
    racine = page(client, "?q=ALPA")
    (alpa,) = [e for e in entrees(racine) if "ALPA" in texte(e)][:1]
    dit = texte(alpa)
    assert "Lundi : 9 h 30 – 17 h ; mardi à jeudi : fermé" in dit
    assert "(horaire non daté)" in dit
    assert "Non renseigné : rendez-vous nécessaire" in dit
    assert "Accès : On peut s’y présenter" in dit
    assert "Jamais confirmé" in dit


def test_the_day_the_numbers_and_the_code_stand_at_the_top(client: FlaskClient) -> None:
    racine = page(client, "?lieu=Vienne&besoin=droits")
    dit = texte(racine)
    assert "Vérifiez avant d’orienter : à jour au 10 mars 2026." in dit
    assert dit.index("116 006 Aide aux victimes") < dit.index("Être reçue")
    assert "http://localhost/?lieu=Vienne&besoin=droits" in dit
    (code,) = avec_classe(racine, "annuaire__qr")
    assert [e.get("viewBox") for e in dessins(code)]


def test_a_dashed_mark_does_not_deny_the_address_that_the_list_tells(client: FlaskClient) -> None:
    racine = page(client, "?lieu=Fontaine&besoin=plainte")
    (note,) = (texte(e) for e in avec_classe(racine, "annuaire__note") if "pointillé" in texte(e))
    assert "le point exact n’est pas connu ou pas communiqué" in note
    assert "81 mail Marcel-Cachin" in texte(racine)


def test_the_whole_directory_is_printed_when_nothing_is_asked(client: FlaskClient) -> None:
    racine = page(client)
    assert len(entrees(racine)) == 123
    assert "Les services pour les auteurs de violences ne figurent pas" in texte(racine)
    assert len(entrees(page(client, "?besoin=auteurs"))) == 6


def test_an_epci_keeps_who_has_a_door_there_or_covers_it(client: FlaskClient) -> None:
    # Matheysine, around La Mure.
    racine = page(client, "?epci=200040657")
    dits = [texte(e) for e in entrees(racine)]
    assert any("La Mure" in dit for dit in dits)
    assert 0 < len(dits) < 20
    refus = client.get("/annuaire?epci=99")
    assert refus.status_code == 400
    assert "n’est pas une valeur connue" in refus.text


def test_the_discreet_one_has_no_map_no_code_and_no_telling_word(client: FlaskClient) -> None:
    reponse = client.get("/annuaire?lieu=La+Mure&besoin=abri&discret=1")
    racine = lire(reponse.text)
    assert texte(next(racine.iter("title"))) == "Liste"
    (article,) = avec_classe(racine, "annuaire")
    assert not dessins(article)
    dit = texte(article).lower()
    assert not [mot for mot in EXPOSANTS if mot in dit]
    assert "carte des services" not in dit
    assert "115" in dit


@pytest.mark.parametrize("requete", ["", "?lieu=La+Mure&besoin=abri", "?discret=1", "?lieu=zzz"])
def test_titles_and_links_are_neutral(client: FlaskClient, requete: str) -> None:
    racine = page(client, requete)
    titre = texte(next(racine.iter("title"))).lower()
    liens = " ".join(a.get("href", "") for a in racine.iter("a")).lower()
    assert not [mot for mot in EXPOSANTS if mot in titre + liens]


def test_the_list_leads_to_its_printed_form_with_its_filters(client: FlaskClient) -> None:
    racine = lire(client.get("/?lieu=La+Mure&public=enfants&page=2").text)
    (lien,) = [a for a in racine.iter("a") if texte(a) == "Imprimer cette liste"]
    assert lien.get("href") == "/annuaire?lieu=La+Mure&public=enfants"
    racine = lire(client.get("/?lieu=La+Mure").text)
    (lien,) = [a for a in racine.iter("a") if texte(a) == "Imprimer cette liste"]
    assert lien.get("href") == "/annuaire?lieu=La+Mure&besoin=parler"


def test_an_address_is_reduced_to_its_commune(client: FlaskClient) -> None:
    reponse = client.get("/annuaire?lieu=12+rue+des+Alpes,+38350+La+Mure")
    assert reponse.status_code == 303
    assert "Alpes" not in reponse.headers["Location"]


def test_the_choice_of_an_epci_keeps_the_other_filters(client: FlaskClient) -> None:
    racine = page(client, "?besoin=abri&discret=1&epci=200040657")
    choisi = [o for o in par_id(racine, "epci").iter("option") if o.get("selected") is not None]
    assert ["Matheysine" in texte(o) for o in choisi] == [True]
    caches = {
        (i.get("name"), i.get("value")) for i in racine.iter("input") if i.get("type") == "hidden"
    }
    assert caches == {("besoin", "abri"), ("discret", "1")}
