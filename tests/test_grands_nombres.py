"""Numbers larger than any of ours, wherever one may be given: refused, and never an error.

Python reads no whole number of more than 4,300 digits, and no column holds one of twenty.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cartographie.echanges.formats import FORMATS
from cartographie.echanges.lecture import csv as lecture_csv
from cartographie.echanges.lecture import geojson
from cartographie.imports import plan_import
from cartographie.referentiel import Referentiel
from tests.comptes import Gestion, jeton
from tests.fabrique import accueil
from tests.formulaires import ouvrir
from tests.mondes.questions import CONNUES
from tests.preuves import Preuve
from tests.site import adresse_de, lire
from tests.tableaux import texte
from tests.test_securite import ARGUMENTS
from tests.vues import DE_GESTION, PUBLIQUES, Vue
from tests.vues_monde import Monde, build

LONG = "9" * 5_000
# What no column holds, what is a digit and no number, what is a number and not finite.
AUTRES = (str(2**31), str(2**63), "²", "1e400", "nan", "-1")
REEL = "aiv-grenoble"
PARTIE = re.compile(r"<(?:int[^:>]*:)(\w+)>")
JSON_BRUTS = ("NaN", "Infinity", LONG, f'{{"limite":{LONG}}}', '{"latitude":1e400,"longitude":NaN}')


# ── addresses and headers ──


def test_a_number_that_no_table_holds_is_no_address(ecriture: Gestion) -> None:
    client = ecriture.client("administrateur").client
    corps = {"csrf_token": jeton(client)}
    demandees = 0
    for regle in ecriture.app.url_map.iter_rules():
        for nombre in (LONG, str(2**63), str(2**31)):
            chemin, remplis = PARTIE.subn(nombre, regle.rule)
            for nom in regle.arguments:
                chemin = re.sub(rf"<([^:>]+:)?{nom}>", ARGUMENTS[nom], chemin)
            for methode in (regle.methods or set()) & {"GET", "POST"} if remplis else ():
                reponse = client.open(chemin, method=methode, data=corps)
                assert reponse.status_code == 404, (methode, regle.rule, nombre[:20])
                demandees += 1
    assert demandees > 40


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("If-Modified-Since", "Tue, 10 Mar 99999999999 10:00:00 GMT"),
        ("If-Modified-Since", LONG),
        ("If-Unmodified-Since", "Tue, 10 Mar 99999999999 10:00:00 GMT"),
        ("If-Range", "Tue, 10 Mar 99999999999 10:00:00 GMT"),
        ("Range", f"bytes={LONG}-"),
        ("Referer", "http://["),
        ("Referer", f"http://exemple.fr:{LONG}/"),
        ("Accept", f"text/html;q={LONG}"),
        ("X-Forwarded-For", LONG),
        ("Cookie", f"session={LONG}"),
        ("Content-Length", LONG),
    ],
)
def test_a_header_out_of_all_measure_changes_nothing(
    client: FlaskClient, nom: str, valeur: str
) -> None:
    for chemin in ("/integration/carte", "/sante", "/static/style.css"):
        assert client.get(chemin, headers={nom: valeur}).status_code == 200, chemin


# ── forms of the people who keep the records ──


@pytest.mark.parametrize("geste", ["apercu", "enregistrer", "corriger"])
def test_a_block_made_of_what_does_not_exist_is_a_new_one(ecriture: Gestion, geste: str) -> None:
    qui = ecriture.client("editeur")
    tapes = {**ouvrir(qui, REEL), "nom": [""], "geste": [geste]}
    bases = [nom for nom in tapes if nom.endswith(".base")]
    assert {nom.partition(".")[0] for nom in bases} == {
        "implantations",
        "contacts",
        "participations",
    }
    for nombre in (LONG, "²"):
        corps = {**tapes, **{nom: [nombre] for nom in bases}}
        reponse = qui.client.post(f"/gestion/acteurs/{REEL}", data=corps)
        assert reponse.status_code in (200, 422), reponse.status_code
        assert "Il faut un nom" in reponse.text or geste == "corriger"


def test_undoing_a_revision_that_cannot_be_undoes_nothing(ecriture: Gestion) -> None:
    qui = ecriture.client("administrateur")
    chemin = "/gestion/comptes/1/ecritures"
    reponse = qui.poster(chemin, {"depuis": "2026-03-09T08:30", "fiche": f"{REEL}:{LONG}"})
    assert reponse.status_code == 200
    assert "0 fiche remise" in reponse.text
    for trop_tot in ("0001-01-01T00:00", "0001-01-01"):
        assert qui.get(chemin, query_string={"depuis": trop_tot}).status_code == 422
        assert qui.poster(chemin, {"depuis": trop_tot}).status_code == 422


# ── bodies and files ──


def test_a_body_that_is_no_finite_number_is_refused_in_a_sentence(client: FlaskClient) -> None:
    for chemin in ("/", "/proches", "/carte.json"):
        for corps in JSON_BRUTS:
            reponse = client.post(chemin, data=corps, content_type="application/json")
            assert reponse.status_code == 400, (chemin, corps[:30])
        for nom in ("latitude", "limite", "page", "rayon_km", "objectif"):
            for champs in ({nom: LONG}, {nom: LONG, "longitude": "5.7"}):
                assert client.post(chemin, json=champs).status_code < 500, (chemin, nom)


def test_a_file_with_such_a_number_in_any_of_its_cells_is_read(referentiel: Referentiel) -> None:
    complet = FORMATS["csv"].write_complet([accueil()], referentiel).decode("utf-8-sig")
    titres, rangee = csv.reader(io.StringIO(complet), delimiter=";")
    for rang, titre in enumerate(titres):
        for nombre in (LONG, f"2022-2024, objectif {LONG}, pilote, nommee", f"{LONG} au {LONG}"):
            fautive = [*rangee[:rang], nombre, *rangee[rang + 1 :]]
            plan = plan_import(lecture_csv.read(texte([titres, fautive])), {}, referentiel)
            assert plan.erreurs or titre == "notes_internes", titre


def test_so_is_a_document_with_one_as_any_of_its_properties(referentiel: Referentiel) -> None:
    document = json.loads(FORMATS["geojson"].write_complet([accueil()], referentiel))
    proprietes = document["features"][0]["properties"]
    for nom in (*proprietes, f"contacts.{LONG}.valeur", LONG):
        for brut in (LONG, "9" * 4_299, "1e400", "NaN", f'"{LONG}"'):
            document["features"][0]["properties"] = {**proprietes, nom: "ICI"}
            octets = json.dumps(document).replace('"ICI"', brut).encode()
            plan = plan_import(geojson.read(io.BytesIO(octets)), {}, referentiel)
            assert plan.erreurs or nom == "notes_internes", (nom[:20], brut[:20])


# ── all of them ──


@dataclass(frozen=True, slots=True)
class Formulaire:
    """A form of a page: who sees it, where it goes, what it sends, what of it may be a number."""

    role: str
    methode: str
    action: str
    champs: dict[str, str]
    boutons: tuple[tuple[str, str], ...]
    nombres: tuple[str, ...]


@pytest.fixture(scope="module")
def monde(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monde]:
    bati = build(base_chargee, tmp_path_factory.mktemp("nombres"))
    yield bati
    bati.gestion.engine.dispose()


def formulaires(monde: Monde) -> list[Formulaire]:
    """Every form of every page, once."""
    liens = (monde.partenaire, f"{monde.partenaire}?modifier=1", monde.invitation)
    trouves: dict[tuple[str, tuple[str, ...]], Formulaire] = {}
    for vue in (*PUBLIQUES, *DE_GESTION, *map(Vue, liens)):
        for element in lire(monde.qui(vue.role).get(vue.chemin).text).iter("form"):
            lu = _formulaire(vue, element)
            trouves.setdefault((f"{lu.methode} {lu.action}", tuple(lu.champs)), lu)
    return list(trouves.values())


def _formulaire(vue: Vue, element: Element) -> Formulaire:
    nommes = [e for e in element.iter() if e.get("name")]
    champs = [e for e in nommes if e.tag != "button"]
    return Formulaire(
        vue.role,
        element.get("method", "get").upper(),
        urlsplit(urljoin(vue.chemin, element.get("action", ""))).path,
        {e.get("name", ""): e.get("value", "") for e in champs},
        tuple((e.get("name", ""), e.get("value", "")) for e in nommes if e.tag == "button"),
        tuple(dict.fromkeys(e.get("name", "") for e in champs if _est_un_nombre(e))),
    )


def _est_un_nombre(champ: Element) -> bool:
    """What a page fills by itself, what it asks for as a number, what is made of digits."""
    genre = champ.get("type") in ("hidden", "number", "checkbox", "radio")
    chiffres = champ.get("inputmode") == "numeric" or champ.get("value", "").isdecimal()
    return (genre or chiffres) and champ.get("name") != "csrf_token"


def corps_a_essayer(formulaire: Formulaire) -> Iterator[dict[str, str]]:
    """Each field alone, a long number in it; those that are numbers with others, and together."""
    champs = formulaire.champs
    for nom in champs.keys() - {"csrf_token"}:
        yield {**champs, nom: LONG}
    for nombre in AUTRES:
        for nom in formulaire.nombres:
            yield {**champs, nom: nombre}
    for nom, valeur in formulaire.boutons:
        yield {**champs, nom: valeur, **dict.fromkeys(formulaire.nombres, LONG)}
        yield {**champs, nom: f"{valeur}{LONG}"}


@pytest.mark.long
def test_no_field_of_any_form_takes_one_for_more_than_a_fault(monde: Monde, preuve: Preuve) -> None:
    essais, fautes = 0, []
    for formulaire in formulaires(monde):
        client = monde.qui(formulaire.role).client
        for corps in corps_a_essayer(formulaire):
            reponse = _envoyer(client, formulaire, corps)
            essais += 1
            # A session that went would hide all that follows.
            perdue = reponse.status_code == 401 and formulaire.role
            if reponse.status_code >= 500 or perdue:
                fautes.append((formulaire.methode, formulaire.action, reponse.status_code))
    preuve("grands nombres × champs des formulaires", essais, "erreurs", len(fautes))
    assert essais > 1_000
    assert fautes == []


def _envoyer(client: FlaskClient, formulaire: Formulaire, corps: dict[str, str]) -> TestResponse:
    if formulaire.methode == "POST":
        return client.post(formulaire.action, data=corps)
    courts = {nom: valeur[:1_500] for nom, valeur in corps.items()}
    return client.get(formulaire.action, query_string=courts)


@pytest.mark.long
def test_no_parameter_of_any_address_either(monde: Monde, preuve: Preuve) -> None:
    client, essais, fautes = monde.app.test_client(), 0, []
    for regle in monde.app.url_map.iter_rules():
        chemin = adresse_de(monde.app, regle, {nom: ARGUMENTS[nom] for nom in regle.arguments})
        for nom in CONNUES.get(regle.endpoint, ()) if "GET" in (regle.methods or ()) else ():
            for nombre in (LONG[:1_900], *AUTRES):
                reponse = client.get(chemin.partition("?")[0], query_string={nom: nombre})
                essais += 1
                if reponse.status_code in {500, 502, 503}:
                    fautes.append((regle.rule, nom, nombre[:20]))
    preuve("grands nombres × paramètres", essais, "erreurs", len(fautes))
    assert fautes == []
