"""The search for secrets sees them: each form in each container, and nothing where nothing is."""

from __future__ import annotations

import base64
import gzip
import io
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import pypdf
import pytest
import shapely
from pypdf.generic import NameObject, StreamObject

from tests.mondes.encodages import Forme, Numero, Position, Secret, Texte, geohash
from tests.mondes.fouille import Chercheur, courriel

SECRETS: dict[str, Secret] = {
    "rue": Texte("Grand’Rue des Épinettes"),
    "numéro": Numero("0476309987"),
    "point": Position(5.7871937, 44.9033129),
}
CHERCHEUR = Chercheur(SECRETS)
FORMES = [(nom, forme) for nom, secret in SECRETS.items() for forme in set(secret.formes())]


def bruit(graine: int, longueur: int = 400) -> bytes:
    return random.Random(graine).randbytes(longueur)


def moitie_de(forme: Forme) -> bytes:
    """With a half, one of the other half that goes with it."""
    if not forme.moitie:
        return forme.octets
    famille, _, cote = forme.moitie.rpartition(" ")
    voulue = f"{famille} {'y' if cote == 'x' else 'x'}"
    autre = next(f.octets for _, f in FORMES if f.moitie == voulue)
    return forme.octets + b' , "' + autre


def test_every_form_of_every_secret_is_found_in_the_middle_of_noise() -> None:
    perdues = []
    for graine, (nom, forme) in enumerate(FORMES):
        if len(forme.octets) >= 5:
            contenu = bruit(graine) + moitie_de(forme) + bruit(graine + 1)
            trouvees = {n for n, _ in CHERCHEUR(contenu)}
            if nom not in trouvees:
                perdues.append((nom, forme))
    assert perdues == []
    assert len(FORMES) > 350


def test_nothing_is_found_where_nothing_is() -> None:
    assert CHERCHEUR(bruit(1, 2_000_000)) == set()
    # One half is in any list of coordinates; two halves that are far apart are not a point.
    assert CHERCHEUR(b"[5.787,45.1]" + b" " * 99 + b"44.903") == set()


# Written by hand, or by others: the forms are not judged by themselves.
@pytest.mark.parametrize(
    "contenu",
    [
        "GRAND’RUE DES ÉPINETTES".encode(),
        b"grand rue des epinettes",
        b"Grand%E2%80%99Rue%20des%20%C3%89pinettes",
        b"Grand&#8217;Rue des &#201;pinettes",
        b"Grand&rsquo;Rue des &Eacute;pinettes",
        b"Grand\\u2019Rue des \\u00c9pinettes",
        "Grand’Rue des Épinettes".encode("utf-16"),
        base64.b64encode("au 12 Grand’Rue des Épinettes, La Mure".encode()),
        b"tel:+33476309987",
        b"04.76.30.99.87",
        b"0033 4 76 30 99 87",
        b"87 99 30 76 04",
        b"7899036740",
        b'{"lat": 44.903, "lng": 5.787}',
        b"44,9033;5,7872",
        b"5.78719",
        b"POINT (5.7871937 44.9033129)",
        "44°54'11.9\" N".encode(),
        "5°47′13.9″ E".encode(),
        b"x=644227 y=5606313",
        b"E 919 962 / N 6 426 563",
        struct.pack("<2d", 44.9033129, 0),
        struct.pack(">d", 5.7871937),
        shapely.to_wkb(shapely.Point(5.7871937, 44.9033129), hex=True).encode(),
        base64.b64encode(b"x" + shapely.to_wkb(shapely.Point(5.7871937, 44.9033129))),
        base64.b64encode(b"lieu=44.90331,5.78719"),
    ],
)
def test_what_others_write_is_found(contenu: bytes) -> None:
    assert CHERCHEUR(b"avant " + contenu + b" apres")


def en_zip(octets: bytes) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", octets)
    return flux.getvalue()


def en_base(octets: bytes) -> bytes:
    """Long enough to be cut by the pages of the file, right in the middle of the secret."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE t (v BLOB)")
    base.execute("INSERT INTO t VALUES (?)", (b"." * 4_050 + octets + b"." * 9_000,))
    base.commit()
    contenu = base.serialize()
    base.close()
    return contenu


def en_pdf(octets: bytes) -> bytes:
    document = pypdf.PdfWriter()
    page = document.add_blank_page(100, 100)
    flux = StreamObject()
    flux.set_data(octets)
    page[NameObject("/Annexe")] = document._add_object(flux.flate_encode())
    sortie = io.BytesIO()
    document.write(sortie)
    return sortie.getvalue()


def en_tout(octets: bytes) -> bytes:
    return gzip.compress(en_zip(en_base(octets)))


@pytest.mark.parametrize("contenant", [gzip.compress, en_zip, en_base, en_pdf, en_tout])
@pytest.mark.parametrize("nom", SECRETS)
def test_what_can_be_opened_is_opened(contenant: Callable[[bytes], bytes], nom: str) -> None:
    octets = {
        "rue": "12 Grand’Rue des Épinettes".encode(),
        "numéro": b"04 76 30 99 87",
        "point": b"5.7871937",
    }[nom]
    assert nom in {trouve for trouve, _ in CHERCHEUR(contenant(octets))}


def test_a_mail_is_read_as_its_reader_does() -> None:
    message = EmailMessage()
    message["Subject"] = "Au 12, Grand’Rue des Épinettes"
    message.set_content("Bonjour. " * 30 + "04 76 30 99 87", cte="base64")
    trouvees = {nom for octets in courriel(message.as_bytes()) for nom, _ in CHERCHEUR(octets)}
    assert trouvees == {"rue", "numéro"}


def test_the_geohash_is_that_of_others() -> None:
    assert geohash(-5.6, 42.6)[:5] == "ezs42"
    assert geohash(10.40744, 57.64911) == "u4pruyd"
