"""What comes out of the printer: pages of the PDFs as pictures, drawn by a reader of others."""

from __future__ import annotations

import struct
import zlib
from dataclasses import asdict

import pypdfium2
from flask import Flask

from cartographie.impression import imprimer
from cartographie.web.gestion.bilan import bilan_de
from cartographie.web.gestion.bilan_vue import vues_de_couverture
from cartographie.web.site import catalogue, site
from scripts.cibles import CIBLE, CaptureError

SELECTION = "/annuaire.pdf?lieu=38269&besoin=abri"
ANNEE = 2022
ECHELLE = 1.4


def take_all(app: Flask) -> None:
    """The directory, its discreet variant, the first pages of a review; each shows its fact."""
    client = app.test_client()
    shoot(client.get(SELECTION).data, "annuaire-papier", (0, 1), "à jour au 10 mars 2026")
    shoot(client.get(f"{SELECTION}&discret=1").data, "annuaire-discret-papier", (0,), "Liste")
    with app.test_request_context():
        vues = vues_de_couverture(catalogue(), site().referentiel)
        pdf = imprimer("bilan", asdict(bilan_de(ANNEE, vues)))
    shoot(pdf, "bilan-papier", (0, 1, 2), f"Bilan {ANNEE}")


def shoot(pdf: bytes, nom: str, pages: tuple[int, ...], fait: str) -> None:
    """One picture a page. Raises CaptureError when a page does not show its fact."""
    document = pypdfium2.PdfDocument(pdf)
    for numero in pages:
        page = document[numero]
        fichier = CIBLE / f"{nom}-{numero + 1}.png"
        dit = page.get_textpage().get_text_bounded()
        if fait not in dit:
            raise CaptureError(f"{fichier.name} : « {fait} » n’est pas dans la page.")
        image = page.render(scale=ECHELLE, grayscale=True)
        fichier.write_bytes(png(bytes(image.buffer), image.width, image.height, image.stride))


def png(gris: bytes, largeur: int, hauteur: int, pas: int) -> bytes:
    """A picture in greys, one byte a point, `pas` bytes a line."""
    lignes = b"".join(b"\0" + gris[y * pas : y * pas + largeur] for y in range(hauteur))
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 0, 0, 0, 0)
    morceaux = ((b"IHDR", entete), (b"IDAT", zlib.compress(lignes, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_morceau(nom, corps) for nom, corps in morceaux)


def _morceau(nom: bytes, corps: bytes) -> bytes:
    somme = zlib.crc32(nom + corps)
    return struct.pack(">I", len(corps)) + nom + corps + struct.pack(">I", somme)
