"""Lists as files: what a French spreadsheet opens, what readers nobody here wrote find in them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from cartographie.catalogue import Catalogue
from cartographie.echanges import csv as table
from cartographie.echanges import xlsx
from cartographie.echanges.formats import FORMATS
from cartographie.referentiel import Referentiel
from cartographie.serialisation import ORDRE
from tests.fabrique import accueil, refuge
from tests.site import lire, objet, texte

PRIVES = ("statut", "diffusion", "notes_internes", "verifie_par", "source", "capacite_1_date")
ADRESSES = ("/acteurs.csv", "/acteurs.xlsx", "/acteurs.geojson")


def lire_csv(corps: bytes) -> list[dict[str, str]]:
    assert corps.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(corps.decode("utf-8-sig"), newline=""), delimiter=";"))


def lire_xlsx(corps: bytes) -> list[dict[str, Any]]:
    entete, *lignes = load_workbook(io.BytesIO(corps))["Fiches"].iter_rows(values_only=True)
    noms: Sequence[str] = [str(nom) for nom in entete]
    return [dict(zip(noms, ligne, strict=True)) for ligne in lignes]


def test_every_published_record_is_a_line_and_nothing_private_is_a_column(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    attendus = [fiche.slug for fiche in catalogue_reel.fiches]
    for lignes in (
        lire_csv(client.get("/acteurs.csv").data),
        lire_xlsx(client.get("/acteurs.xlsx").data),
    ):
        assert [ligne["slug"] for ligne in lignes] == attendus
        assert not [nom for nom in lignes[0] if nom in PRIVES or nom.startswith("relais")]
        assert not [nom for nom in lignes[0] if nom.endswith(("_visibilite", "1_source"))]
        assert "en_zone" in lignes[0]


def test_csv_is_what_a_french_excel_takes(client: FlaskClient) -> None:
    response = client.get("/acteurs.csv?type=LEAO")
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="acteurs.csv"'
    premiere = response.data.decode("utf-8-sig").split("\r\n")[0]
    assert premiere.startswith("slug;nom;sigle;type;")
    longitude = lire_csv(response.data)[0]["implantation_1_longitude"]
    assert "," in longitude
    assert 5 < float(longitude.replace(",", ".")) < 6


@pytest.mark.parametrize(
    ("tape", "ecrit"),
    [
        ('=HYPERLINK("https://exemple.fr")', '\'=HYPERLINK("https://exemple.fr")'),
        ("@SOMME(A1)", "'@SOMME(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("+33 4 76 00 00 00", "+33 4 76 00 00 00"),
        ("- le lundi", "'- le lundi"),
        ("-", "'-"),
        ("'ouvert'", "''ouvert'"),
        (" au bord", "' au bord"),
        ("Ouvert = oui", "Ouvert = oui"),
    ],
)
def test_no_cell_is_a_formula_and_a_telephone_stays_one(tape: str, ecrit: str) -> None:
    (ligne,) = lire_csv(table.write_complet([accueil(conditions=tape)]))
    assert ligne["conditions"] == ecrit


def test_an_excel_file_holds_texts_that_nothing_computes(referentiel: Referentiel) -> None:
    saisie = accueil(conditions="=1+1", frais="- rien", description="a\r\nb\n_x0041_ <é> & 'ï'")
    corps = FORMATS["xlsx"].write_complet([saisie, refuge()], referentiel)
    classeur = load_workbook(io.BytesIO(corps))
    assert classeur.sheetnames == ["Fiches", "Aide"]
    (rangee,) = list(classeur["Fiches"].iter_rows(min_row=2, max_row=2))
    par_nom = dict(zip((c.value for c in classeur["Fiches"][1]), rangee, strict=True))
    conditions = par_nom["conditions"]
    assert (conditions.value, conditions.data_type, conditions.number_format) == ("=1+1", "s", "@")
    assert par_nom["frais"].value == "- rien"
    assert par_nom["implantation_1_longitude"].value == 5.787
    assert par_nom["contact_1_valeur"].value == "04 76 30 00 02"
    assert classeur["Fiches"].freeze_panes == "A2"
    colonnes = {ligne[0] for ligne in classeur["Aide"].iter_rows(values_only=True)}
    assert set(par_nom) - colonnes == {n for n in par_nom if str(n).startswith("contact_2")}


@pytest.mark.parametrize("cle", FORMATS)
def test_the_same_records_give_the_same_bytes(
    cle: str, catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    forme = FORMATS[cle]
    fiches = catalogue_reel.fiches[:20]
    premier = forme.write(fiches, referentiel)
    assert forme.write(tuple(reversed(fiches)), referentiel) == premier
    saisies = [accueil(), refuge()]
    assert forme.write_complet(saisies, referentiel) == forme.write_complet(
        saisies[::-1], referentiel
    )


def test_no_date_of_the_day_is_in_a_workbook(referentiel: Referentiel) -> None:
    corps = FORMATS["xlsx"].write([], referentiel)
    with zipfile.ZipFile(io.BytesIO(corps)) as archive:
        assert {membre.date_time for membre in archive.infolist()} == {xlsx.DATE_FIXE}


def test_the_same_columns_in_both_tables_and_every_field_is_one(referentiel: Referentiel) -> None:
    saisies = [accueil(), refuge()]
    dans_csv = list(lire_csv(FORMATS["csv"].write_complet(saisies, referentiel))[0])
    assert dans_csv == list(lire_xlsx(FORMATS["xlsx"].write_complet(saisies, referentiel))[0])
    racines = {nom.split("_1_")[0].split("_2_")[0] + "s" for nom in dans_csv if "_1_" in nom}
    for champ in ORDRE:
        assert champ in racines or any(nom.startswith(champ) for nom in dans_csv), champ


@pytest.mark.parametrize("adresse", ADRESSES)
@pytest.mark.parametrize(
    "question", ["type=SANTE", "besoin=abri", "lieu=Vienne&rayon_km=15", "q=planning", "objectif=3"]
)
def test_files_take_the_filters_of_the_page(
    client: FlaskClient, adresse: str, question: str
) -> None:
    response = client.get(f"{adresse}?{question}")
    if adresse.endswith("geojson"):
        slugs = {f["id"] for f in objet(response)["features"]}
    else:
        lignes = (lire_csv if adresse.endswith("csv") else lire_xlsx)(response.data)
        slugs = {ligne["slug"] for ligne in lignes}
    voulus = {f["id"] for f in objet(client.get(f"/acteurs.geojson?{question}"))["features"]}
    assert 0 < len(slugs) < 128
    assert slugs == voulus


@pytest.mark.parametrize("adresse", ADRESSES)
def test_any_site_may_read_them_and_what_is_there_is_not_sent_again(
    client: FlaskClient, adresse: str
) -> None:
    premiere = client.get(adresse)
    assert premiere.headers["Access-Control-Allow-Origin"] == "*"
    assert premiere.headers["Cache-Control"] == "no-cache"
    seconde = client.get(adresse, headers={"If-None-Match": premiere.headers["ETag"]})
    assert (seconde.status_code, seconde.data) == (304, b"")
    assert client.get(f"{adresse}?type=ABSENT").status_code == 400


@pytest.mark.parametrize(
    ("question", "phrase", "suite"),
    [
        ("", "Télécharger toutes les fiches : CSV, Excel, GeoJSON", "/acteurs.csv"),
        ("?lieu=Mens&page=2", "Télécharger toutes les fiches", "/acteurs.csv"),
        ("?type=SANTE&tri=distance", "Télécharger cette liste", "/acteurs.csv?type=SANTE"),
        (
            "?lieu=Vienne&rayon_km=15",
            "Télécharger cette liste",
            "/acteurs.csv?lieu=Vienne&rayon_km=15&besoin=parler",
        ),
    ],
)
def test_the_page_leads_to_the_file_of_its_list(
    client: FlaskClient, question: str, phrase: str, suite: str
) -> None:
    page = lire(client.get(f"/{question}").text)
    (ligne,) = [e for e in page.iter("p") if texte(e).startswith("Télécharger")]
    assert texte(ligne).startswith(phrase)
    assert next(ligne.iter("a")).get("href") == suite
