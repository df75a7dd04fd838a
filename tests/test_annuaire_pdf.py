"""The PDF of a selection: valid by what typst promises and by what a reader finds, the same twice,
and nothing of a record read as an order."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cartographie import impression
from cartographie.errors import ImpressionError
from cartographie.impression.caracteres import imprimable
from cartographie.web.annuaire import build_vue
from cartographie.web.annuaire_valeurs import Annuaire
from tests import hostiles
from tests.pdf import balises, encre, mots, ouvrir, racine

SELECTION = "/annuaire.pdf?lieu=La+Mure&besoin=abri"


@pytest.fixture(scope="module")
def pdf(app: Flask) -> bytes:
    fait: bytes = app.test_client().get(SELECTION).data
    return fait


def vue(app: Flask, **args: str) -> Annuaire:
    with app.test_request_context():
        return build_vue({nom: [valeur] for nom, valeur in args.items()})


def compiler(donnees: object) -> bytes:
    demande = {"gabarit": "annuaire", "donnees": donnees}
    return impression.compiler(json.dumps(demande).encode())


def test_it_says_to_be_pdf_ua_with_its_title_language_and_day(pdf: bytes) -> None:
    lecteur = ouvrir(pdf)
    catalogue = racine(lecteur)
    assert catalogue["/Lang"] == "fr-FR"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    meta = catalogue["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta.replace(" ", "")
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Annuaire des services de l’Isère"
    # The day of printing, from the clock of the site: no hour, hence nothing that moves.
    assert str(lecteur.metadata["/CreationDate"]).startswith("D:20260310")


def test_its_structure_can_be_walked_and_pictures_have_words(pdf: bytes) -> None:
    elements = list(balises(ouvrir(pdf)))
    sortes = [element.sorte for element in elements]
    titres = [sorte for sorte in sortes if sorte in ("/H1", "/H2", "/H3")]
    assert titres[0] == "/H1"
    assert titres.count("/H1") == 1
    assert titres.count("/H3") == 17
    # No level is jumped over.
    assert all(int(b[2]) - int(a[2]) <= 1 for a, b in pairwise(titres))
    figures = [element for element in elements if element.sorte == "/Figure"]
    assert len(figures) >= 2
    assert all(figure.alt.strip() for figure in figures)


def test_every_font_is_inside_and_every_page_has_ink(pdf: bytes) -> None:
    lecteur = ouvrir(pdf)
    for numero, une in enumerate(lecteur.pages):
        page: Any = une
        assert page["/Tabs"] == "/S"
        for police in page["/Resources"]["/Font"].values():
            (descendante,) = police.get_object()["/DescendantFonts"]
            descripteur = descendante.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descripteur)
        assert 0.005 < encre(pdf, numero) < 0.4


def test_it_says_what_the_page_says(app: Flask, pdf: bytes) -> None:
    lu = mots(pdf)
    dit = vue(app, lieu="La Mure", besoin="abri")
    assert "Vérifiez avant d’orienter : à jour au 10 mars 2026" in lu
    assert "17 Police et gendarmerie" in lu
    for section in dit.sections:
        assert section.libelle in lu
        for entree in section.entrees:
            assert f"{entree.numero} {entree.nom}".replace("\u00a0", " ") in lu
            assert all(un.valeur in lu for un in entree.joindre)


def test_the_same_values_give_the_same_bytes(app: Flask, pdf: bytes) -> None:
    assert compiler(asdict(vue(app, lieu="La Mure", besoin="abri"))) == pdf


def test_hostile_texts_are_shown_and_never_obeyed(app: Flask) -> None:
    modele = vue(app, lieu="La Mure", besoin="abri")
    section = modele.sections[0]
    entree = section.entrees[0]
    hostile = tuple(
        replace(
            entree,
            numero=rang,
            nom=f"N{rang} {texte}",
            missions=texte,
            acces=texte,
            confirmation=texte,
            faits=((texte, texte),),
            joindre=tuple(replace(un, valeur=texte, horaires=texte) for un in entree.joindre),
            endroits=tuple(replace(un, adresse=texte, libelle=texte) for un in entree.endroits),
        )
        for rang, texte in enumerate(hostiles.TEXTES, 1)
    )
    piege = replace(
        modele,
        criteres=hostiles.TEXTES,
        notes=hostiles.TEXTES,
        sections=(replace(section, entrees=hostile),),
    )
    fait = compiler(asdict(piege))
    assert len(hostile) >= 25
    titres = [b for b in balises(ouvrir(fait)) if b.sorte == "/H3"]
    assert len(titres) == len(hostile)
    lu = mots(fait)
    for exact in ('#eval("1+1")', '#read("/etc/passwd")', "$ x^2 + integral_0^1 $", "{{7*7}}"):
        assert exact in lu
    assert "root:" not in lu
    assert "= Titre == Sous-titre" in lu


@pytest.mark.parametrize("texte", hostiles.TEXTES)
def test_what_cannot_be_shown_is_left_out_or_replaced(texte: str) -> None:
    propre = imprimable(texte)
    assert all(c.isprintable() for c in propre)
    assert imprimable(propre) == propre


def test_a_document_that_takes_too_long_is_given_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impression, "ATTENTE_S", 0.01)
    with pytest.raises(ImpressionError, match="n’a pas pu être préparé"):
        compiler(asdict(vue(app, besoin="abri")))


def test_a_long_selection_is_bounded_and_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartographie.web.annuaire_vue.FICHES_MAX", 5)
    courte = vue(app)
    assert courte.total == 5
    assert "s’arrête à 5 fiches sur 123" in courte.notes[0]


def test_a_full_queue_is_a_sentence_and_a_503(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impression, "FILE_S", 0.01)
    prises = [impression.PLACES.acquire(blocking=False) for _ in range(2)]
    try:
        response = app.test_client().get("/annuaire.pdf?besoin=soins&lieu=Mens")
    finally:
        for _ in filter(None, prises):
            impression.PLACES.release()
    assert response.status_code == 503
    assert impression.OCCUPE in response.text


def test_the_discreet_one_says_nothing_of_what_it_is_for(client: FlaskClient) -> None:
    response = client.get("/annuaire.pdf?lieu=La+Mure&besoin=abri&discret=1")
    assert response.headers["Content-Disposition"] == 'inline; filename="liste.pdf"'
    lecteur = ouvrir(response.data)
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Liste"
    assert lecteur.metadata.author is None
    assert not [b for b in balises(lecteur) if b.sorte == "/Figure"]
    lu = mots(response.data).lower()
    assert not [mot for mot in ("violence", "victime", "femme", "conjugal") if mot in lu]
    assert date(2026, 3, 10).isoformat() not in lu
