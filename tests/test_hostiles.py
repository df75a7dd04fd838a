"""Files made to hurt, or only badly saved: each is answered in a sentence, soon, beside others."""

from __future__ import annotations

import io
import json
import resource
import threading
import time
import zipfile
from collections.abc import Callable

import pytest

from cartographie.echanges import Lot
from cartographie.echanges.formats import FORMATS
from cartographie.echanges.lecture import processus
from cartographie.echanges.lecture.processus import read_file
from cartographie.referentiel import Referentiel
from tests.apports import apporter, gardes
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil

PROMIS_S = 2.0
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ENTETE = "slug;nom;type;acces\r\n"
BONNE = "ligne;Écoute à l’écart;LEAO;telephone\r\n"


def classeur(
    referentiel: Referentiel, feuille: bytes, autres: dict[str, bytes] | None = None
) -> bytes:
    """A real workbook of ours whose table is replaced."""
    flux = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].write_complet([], referentiel))) as vrai,
        zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as faux,
    ):
        for membre in vrai.namelist():
            vise = membre == "xl/worksheets/sheet1.xml"
            faux.writestr(membre, feuille if vise else vrai.read(membre))
        for nom, contenu in (autres or {}).items():
            faux.writestr(nom, contenu)
    return flux.getvalue()


def feuille(rangees: str) -> bytes:
    corps = f"<worksheet {NS}><sheetData>{rangees}</sheetData></worksheet>"
    return f'<?xml version="1.0"?>{corps}'.encode()


def texte(ou: str, valeur: str) -> str:
    return f'<c r="{ou}" t="inlineStr"><is><t>{valeur}</t></is></c>'


def bombe(referentiel: Referentiel) -> bytes:
    return classeur(referentiel, feuille(" " * 60_000_000))


def million_de_rangees(referentiel: Referentiel) -> bytes:
    return classeur(referentiel, feuille("<row/>" * 1_000_000))


def rangee_au_loin(referentiel: Referentiel) -> bytes:
    loin = f'<row r="1048576">{texte("XFD1048576", "x")}</row>'
    return classeur(referentiel, feuille(f'<row r="1">{texte("A1", "slug")}</row>{loin}'))


def entites(referentiel: Referentiel) -> bytes:
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    tete = f'<!DOCTYPE x [<!ENTITY a0 "ha">{lol}]>'
    corps = f'<row r="1">{texte("A1", "&a9;")}</row>'
    piege = feuille(corps).replace(b"<worksheet", tete.encode() + b"<worksheet")
    return classeur(referentiel, piege)


def formule(referentiel: Referentiel) -> bytes:
    rangees = (
        f'<row r="1">{texte("A1", "slug")}{texte("B1", "nom")}</row>'
        f'<row r="2">{texte("A2", "x")}<c r="B2"><f>1+1</f><v>2</v></c></row>'
    )
    return classeur(referentiel, feuille(rangees))


def cellule_enorme(referentiel: Referentiel) -> bytes:
    enorme = texte("A2", "é" * 5_000_000)
    rangees = f'<row r="1">{texte("A1", "slug")}</row><row r="2">{enorme}</row>'
    return classeur(referentiel, feuille(rangees))


def trop_de_parties(referentiel: Referentiel) -> bytes:
    return classeur(referentiel, feuille(""), {f"x/{n}.xml": b"<a/>" for n in range(5_000)})


HOSTILES: dict[str, tuple[str, Callable[[Referentiel], bytes], str]] = {
    "zip bomb": ("xlsx", bombe, "trop gros une fois décompressé"),
    "a million empty rows": ("xlsx", million_de_rangees, "trop long"),
    "a row far away": ("xlsx", rangee_au_loin, "trop long"),
    "entities": ("xlsx", entites, "pas un classeur"),
    "a formula": ("xlsx", formule, "formule"),
    "a cell of 10 MB": ("xlsx", cellule_enorme, "trop longue"),
    "thousands of members": ("xlsx", trop_de_parties, "trop de parties"),
    "not a workbook": ("xlsx", lambda _: b"PK\x03\x04" + b"\xff" * 1000, "pas un classeur"),
    "a zip that is none": (
        "xlsx", lambda r: classeur(r, b"<a")[:-200], "pas un classeur",
    ),
    "deep JSON": ("geojson", lambda _: b'{"a":' + b"[" * 3_000_000, "trop imbriqué"),
    "deep objects": ("geojson", lambda _: b'{"a":' * 1_000_000, "trop imbriqué"),
    "a long number": (
        "geojson",
        lambda _: b'{"type":"FeatureCollection","features":[' + b"9" * 200_000 + b"]}",
        "FeatureCollection",
    ),
    "JSON in UTF-16": ("geojson", lambda _: "{}".encode("utf-16"), "UTF-8"),
    "a million lines": ("csv", lambda _: ENTETE.encode() + b"\r\n" * 1_000_000, "lignes"),
    "a cell of 7 MB": ("csv", lambda _: ENTETE.encode() + b"a" * 7_000_000, "trop longue"),
    "too many columns": ("csv", lambda _: b"slug" + b";" * 1_000_000, "trop de colonnes"),
    "an open quote": ("csv", lambda _: ENTETE.encode() + b'x;"' + b"a\n" * 20_000, "CSV"),
    "bytes": ("csv", lambda _: bytes(range(256)) * 1000, "pas un texte"),
    "too big": ("csv", lambda _: b"a" * 8_000_001, "trop gros"),
    "nothing": ("csv", lambda _: b" \r\n", "vide"),
    "homoglyphs": (
        "csv",
        lambda _: "slug;diffusion\r\nx;publіque\r\n".encode(),
        "autre alphabet",
    ),
    "a formula as text": ("csv", lambda _: b"slug;nom\r\nx;=cmd|' /C calc'!A0\r\n", "formule"),
}  # fmt: skip


@pytest.mark.parametrize("nom", HOSTILES)
def test_a_hostile_file_is_answered_in_a_sentence_within_two_seconds(
    nom: str, referentiel: Referentiel
) -> None:
    forme, faire, phrase = HOSTILES[nom]
    contenu = faire(referentiel)
    debut = calcul_s()
    lot = read_file(contenu, forme)
    duree = calcul_s() - debut
    assert lot.lignes == ()
    assert phrase in lot.erreurs[0].faute.message
    assert duree < PROMIS_S


def calcul_s() -> float:
    """Seconds of processor that this process and those it started have taken.

    What a person waits on a machine that does nothing else; a clock would measure its neighbours.
    """
    mesures = [resource.getrusage(q) for q in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(mesure.ru_utime + mesure.ru_stime for mesure in mesures)


def test_what_goes_on_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    # A file of a thousand lines takes longer than this: the clock of who asked stops it.
    monkeypatch.setattr(processus, "ATTENTE_S", 0.05)
    lot = read_file((ENTETE + BONNE * 1000).encode(), "csv")
    assert "trop de calcul" in lot.erreurs[0].faute.message


def test_more_than_two_files_at_once_are_asked_to_come_back() -> None:
    assert processus.PLACES.acquire(blocking=False)
    assert processus.PLACES.acquire(blocking=False)
    try:
        assert "réessayez" in read_file(ENTETE.encode(), "csv").erreurs[0].faute.message
    finally:
        processus.PLACES.release()
        processus.PLACES.release()


def test_visitors_are_served_while_a_hostile_file_is_read(
    gestion: Gestion, editeur: Navigateur, referentiel: Referentiel
) -> None:
    contenu = million_de_rangees(referentiel)
    reponses = []

    def envoyer() -> None:
        reponses.append(apporter(editeur, contenu, "hostile.xlsx"))

    fil = threading.Thread(target=envoyer)
    visiteur = gestion.app.test_client()
    visiteur.get("/sante")
    fil.start()
    attentes = []
    while fil.is_alive():
        debut = time.monotonic()
        assert visiteur.get("/sante").status_code == 200
        attentes.append(time.monotonic() - debut)
    fil.join()
    assert len(attentes) > 3
    assert sorted(attentes)[len(attentes) // 2] < 0.5
    (reponse,) = reponses
    assert reponse.status_code == 422
    assert "trop long" in reponse.text
    assert gardes(gestion) == (0, 0)


@pytest.mark.parametrize(
    ("separateur", "codage"),
    [
        (";", "utf-8-sig"),
        (",", "utf-8"),
        (";", "cp1252"),
        ("\t", "utf-16"),
        ("\t", "utf-16-le"),
        ("\t", "utf-16-be"),
        (";", "mac-crlf"),
    ],
)
def test_whatever_a_spreadsheet_saved_is_read_right(separateur: str, codage: str) -> None:
    lignes = [
        ["slug", "nom", "implantation_1_longitude"],
        ["x", "Écoute œuvre – l’été €", '"5,787"' if separateur == "," else "5,787"],
    ]
    corps = "\r\n".join(separateur.join(ligne) for ligne in lignes)
    if codage == "mac-crlf":
        contenu = corps.replace("\r\n", "\n").encode()
    elif codage == "utf-16-be":
        contenu = b"\xfe\xff" + corps.encode(codage)
    else:
        contenu = corps.encode(codage)
    lot = read_file(contenu, "csv")
    assert lot.erreurs == ()
    (ligne,) = lot.lignes
    assert ligne.valeurs["nom"] == "Écoute œuvre – l’été €"
    assert ligne.parties["implantations"][0] == {"longitude": 5.787}


def test_excel_s_own_line_of_separator_is_understood() -> None:
    lot = read_file(b"sep=|\r\nslug|nom\r\nx|CAF\r\n|sans identifiant\r\n", "csv")
    assert lot.lignes[0].valeurs["nom"] == "CAF"
    assert [erreur.ligne for erreur in lot.erreurs] == [4]


def test_a_thousand_records_pass_in_every_format(referentiel: Referentiel) -> None:
    saisies = [accueil(f"a-{n}") for n in range(1000)]
    for cle, forme in FORMATS.items():
        lot: Lot = read_file(forme.write_complet(saisies, referentiel), cle)
        assert (len(lot.lignes), lot.erreurs) == (1000, ()), cle


def test_a_broken_export_is_refused_at_its_line() -> None:
    document = {"type": "FeatureCollection", "features": [{"properties": {"slug": "a"}}, 3]}
    lot = read_file(json.dumps(document, indent=1).encode(), "geojson")
    assert [ligne.slug for ligne in lot.lignes] == ["a"]
    assert [erreur.ligne for erreur in lot.erreurs] == [9]
