"""The atlas: the same acteurs as record by record, said in numbers, from published Fiches alone."""

from __future__ import annotations

import base64
import json
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from cartographie.acteurs import Precision
from cartographie.atlas import PAS, Atlas, build_atlas, choix, details
from cartographie.calques import COLONNES, enregistrements
from cartographie.catalogue import Catalogue
from cartographie.recherche import Recherche, repondre
from cartographie.referentiel import Referentiel
from tests.site import MARDI, objet


@pytest.fixture(scope="module")
def atlas(catalogue_reel: Catalogue, referentiel: Referentiel) -> Atlas:
    return build_atlas(catalogue_reel.fiches, referentiel.communes, referentiel.vocabulaire)


def lire(atlas: Atlas) -> dict[str, Any]:
    lu: dict[str, Any] = json.loads(atlas.corps)
    return lu


def sommes(valeurs: list[int]) -> list[int]:
    return list(accumulate(valeurs))


def test_every_door_is_at_its_place_within_a_metre(atlas: Atlas, catalogue_reel: Catalogue) -> None:
    portes = lire(atlas)["portes"]
    lues = zip(*(sommes(portes[nom]) for nom in ("acteur", "x", "y")), strict=True)
    attendues = [
        (rang, i.localisation.longitude, i.localisation.latitude)
        for rang, fiche in enumerate(catalogue_reel.fiches)
        for i in fiche.implantations
        if i.localisation.precision is Precision.ADRESSE
    ]
    assert len(attendues) > 15
    for (rang, x, y), (voulu, longitude, latitude) in zip(lues, attendues, strict=True):
        assert rang == voulu
        assert (x / PAS, y / PAS) == pytest.approx((longitude, latitude), abs=0.6 / PAS)


def test_the_atlas_holds_no_name_number_nor_address(
    atlas: Atlas, catalogue_reel: Catalogue
) -> None:
    texte = atlas.corps.decode()
    for fiche in catalogue_reel.fiches:
        assert f'"{fiche.nom}"' not in texte
        assert f'"{fiche.slug}"' not in texte
        assert not any(
            i.localisation.adresse in texte for i in fiche.implantations if i.localisation.adresse
        )


@pytest.mark.parametrize("quoi", [{"besoin": "soins"}, {"types": ("CISPD",)}, {"besoin": "abri"}])
def test_an_answer_in_ranks_is_the_answer_in_words(
    quoi: dict[str, Any], atlas: Atlas, catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = repondre(Recherche(**quoi), catalogue_reel, referentiel, MARDI)
    mots = enregistrements(reponse, referentiel.communes, referentiel.vocabulaire)
    court: dict[str, Any] = choix(reponse, atlas, referentiel.communes, 20)
    bits = np.frombuffer(base64.b64decode(court["choix"]), dtype=np.uint8)
    rangs = np.flatnonzero(np.unpackbits(bits, bitorder="little"))
    slugs = {catalogue_reel.fiches[rang].slug for rang in rangs}
    assert slugs == {ligne[0] for ligne in json.loads(json.dumps(mots["acteurs"]))}
    assert court["total"] == mots["total"] == len(slugs)
    assert court["atlas"] == atlas.empreinte
    montres = [r.slug for g in reponse.groupes for r in g.resultats[:20] if r.slug]
    assert list(court["lignes"]) == montres
    assert all(catalogue_reel.fiches[rang].slug == slug for slug, rang in court["lignes"].items())


def test_what_a_rank_is_called_is_what_the_map_says_of_it_in_words(
    atlas: Atlas, catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = repondre(Recherche(), catalogue_reel, referentiel, MARDI)
    mots = json.loads(
        json.dumps(enregistrements(reponse, referentiel.communes, referentiel.vocabulaire))
    )
    territoires = lire(atlas)["territoires"]
    lignes = json.loads(
        json.dumps(details(catalogue_reel.fiches, range(atlas.nombre), atlas, referentiel.communes))
    )
    par_slug = {ligne[1][0]: ligne for ligne in lignes}
    place = COLONNES.index("territoire")
    for rang, acteur in enumerate(mots["acteurs"]):
        _, ligne, portes = par_slug[acteur[0]]
        assert ligne[:place] == acteur[:place]
        ici, la = acteur[place], ligne[place]
        assert (ici < 0) == (la < 0)
        assert ici < 0 or mots["territoires"][ici] == territoires[la]
        assert portes == [porte[3:] for porte in mots["portes"] if porte[0] == rang]


def test_networks_and_zones_are_the_same(
    atlas: Atlas, catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = repondre(
        Recherche(types=tuple(referentiel.vocabulaire.types)), catalogue_reel, referentiel, MARDI
    )
    mots = json.loads(
        json.dumps(enregistrements(reponse, referentiel.communes, referentiel.vocabulaire))
    )
    nombres = lire(atlas)
    slugs = [fiche.slug for fiche in catalogue_reel.fiches]
    en_mots = {mots["acteurs"][rang][0] for rang, _ in mots["reseaux"]}
    assert {slugs[rang] for rang in sommes(nombres["reseaux"])} == en_mots
    for zone in nombres["zones"]:
        zone["acteurs"] = {slugs[rang] for rang in sommes(zone["acteurs"])}
    for zone in mots["zones"]:
        zone["acteurs"] = {mots["acteurs"][rang][0] for rang in zone["acteurs"]}
        assert zone in nombres["zones"]
    assert len(mots["zones"]) == len(nombres["zones"])


def test_ranks_are_answered_in_the_present_atlas_alone(client: FlaskClient) -> None:
    points = client.get("/carte/points.json")
    assert points.headers["Cache-Control"] == "no-cache"
    empreinte = objet(points)["empreinte"]
    fiches = objet(client.get(f"/carte/fiches.json?atlas={empreinte}&rangs=0,2"))
    assert [ligne[0] for ligne in fiches["fiches"]] == [0, 2]
    for faux in (f"atlas={'0' * 16}&rangs=0", "rangs=-1", "rangs=100000", "rangs=un"):
        assert client.get(f"/carte/fiches.json?{faux}").status_code == 400


def test_a_page_tells_its_own_answer_to_its_map(client: FlaskClient) -> None:
    page = client.get("/?type=JUSTICE").text
    debut = page.index('<template id="carte-donnees">') + len('<template id="carte-donnees">')
    texte = page[debut : page.index("</template>", debut)]
    dit = json.loads(texte.replace("&lt;", "<").replace("&amp;", "&"))
    assert dit == objet(client.get("/carte.json?type=JUSTICE"))


def test_lines_asked_for_by_their_slug_are_those_of_the_answer(client: FlaskClient) -> None:
    toutes = objet(client.get("/carte.json?lieu=38185&besoin=soins"))["acteurs"]
    voulus = [toutes[3][0], toutes[7][0]]
    question = "&".join(f"acteur={slug}" for slug in (*voulus, "absent"))
    restent = objet(client.get(f"/carte.json?lieu=38185&besoin=soins&{question}"))["acteurs"]
    assert [acteur[0] for acteur in restent] == voulus
