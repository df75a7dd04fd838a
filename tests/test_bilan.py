"""The annual review: what was measured is said, and so is what nobody knows."""

from __future__ import annotations

from datetime import date, datetime
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import delete

from cartographie import consultations, impression, registre
from cartographie.database import reading, transaction
from cartographie.horaires import PARIS
from cartographie.models import Consultation
from cartographie.registre.activite import activity
from cartographie.suivi import Canal, Cle, Genre
from cartographie.web.gestion.bilan_vue import arrondi_fr, dire_ecritures
from tests.comptes import Gestion, Navigateur
from tests.pdf import balises, encre, mots, ouvrir, pages, racine
from tests.site import avec_classe, lire, texte


@pytest.fixture(scope="module")
def bureau(ecriture: Gestion) -> Navigateur:
    """Signed in over the real records, with a few counts of this year."""
    with transaction(ecriture.engine) as session:
        # Other tests visit the pages of the base that was copied.
        session.execute(delete(Consultation))
        comptes = {
            Cle(date(2026, 2, 3), Genre.RECHERCHE, Canal.SITE, besoin="parler"): 43,
            Cle(date(2026, 2, 3), Genre.EXPORT, Canal.SITE): 3,
        }
        consultations.add(session, comptes, datetime(2026, 2, 3, 12, tzinfo=PARIS))
    return ecriture.client("editeur")


LUES: dict[int, Element] = {}


def page(bureau: Navigateur, annee: int) -> Element:
    """The page of a year, parsed once: nothing here changes it."""
    if annee not in LUES:
        LUES[annee] = lire(bureau.get(f"/gestion/bilan/{annee}").text)
    return LUES[annee]


def test_the_year_that_is_not_over_says_so_and_which_protocol_is(bureau: Navigateur) -> None:
    assert bureau.get("/gestion/bilan").headers["Location"] == "/gestion/bilan/2026"
    dit = texte(page(bureau, 2026))
    assert "Année en cours : ce bilan s’arrête au 10 mars 2026." in dit
    assert "échu le 31/12/2024" in dit
    assert "Objectifs sans aucun chiffre de 2026" in dit
    assert "Non connu : aucun chiffre de 2026 ne mesure cette cible." in dit


def test_a_past_year_says_what_is_of_today(bureau: Navigateur) -> None:
    dit = texte(page(bureau, 2022))
    assert "Les fiches et les cartes sont celles du 10 mars 2026" in dit
    assert "leur état d’alors n’est pas connu" in dit
    assert "Les consultations de 2022 ne sont pas connues" in dit
    assert "Aucune fiche n’a été écrite en 2022." in dit


def test_every_axis_and_objective_is_there_with_pilots_and_acteurs(bureau: Navigateur) -> None:
    racine_html = page(bureau, 2022)
    objectifs = list(avec_classe(racine_html, "bilan-annuel__objectif"))
    assert len(objectifs) == 25
    assert len(list(avec_classe(racine_html, "bilan-annuel__axe"))) == 4
    assert len(list(avec_classe(racine_html, "bilan-annuel__action"))) == 53
    premier = texte(objectifs[0])
    assert "Ordre des avocats" in premier
    assert "Tribunal judiciaire de Vienne (pilote, nommé par le protocole)" in premier
    # Who is deduced from a category is under it, and is no pilot by name.
    assert "Au titre de : associations" in [texte(titre) for titre in objectifs[0].iter("dt")]


def test_figures_of_the_year_stand_with_their_source(bureau: Navigateur) -> None:
    blocs = list(avec_classe(page(bureau, 2020), "bilan-annuel__objectif"))
    avec = [texte(bloc) for bloc in blocs if "Source :" in texte(bloc)]
    sans = [texte(bloc) for bloc in blocs if "n’est connu" in texte(bloc)]
    assert avec
    assert len(avec) + len(sans) == 25


def test_maps_and_their_sentences_are_those_of_coverage(bureau: Navigateur) -> None:
    racine_html = page(bureau, 2026)
    cartes = list(avec_classe(racine_html, "bilan-annuel__carte"))
    assert len(cartes) == 4
    publique = lire(bureau.get("/couverture?besoin=abri").text)
    (phrase,) = list(avec_classe(publique, "couverture__phrase"))[:1]
    assert texte(phrase) in texte(cartes[1])


def test_counts_are_rounded_and_say_since_when(bureau: Navigateur) -> None:
    dit = texte(page(bureau, 2026))
    assert "Comptées depuis février 2026, arrondies à 5 près." in dit
    assert "Recherches 45" in dit
    assert "Exports téléchargés moins de 5" in dit
    assert [arrondi_fr(n) for n in (0, 1, 4, 5, 7, 8, 1002)] == [
        "0", "moins de 5", "moins de 5", "5", "5", "10", "1\u202f000",
    ]  # fmt: skip


def test_a_year_that_nothing_is_known_of_has_no_review(bureau: Navigateur) -> None:
    for annee in ("1999", "2027", "9999"):
        assert bureau.get(f"/gestion/bilan/{annee}").status_code == 404
        assert bureau.get(f"/gestion/bilan/{annee}.pdf").status_code == 404
    assert bureau.get("/gestion/bilan/zzz").status_code == 404


def test_the_pdf_is_tagged_says_the_same_and_is_the_same_twice(
    bureau: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    reponse = bureau.get("/gestion/bilan/2022.pdf")
    assert reponse.headers["Content-Disposition"] == 'inline; filename="bilan-2022.pdf"'
    assert reponse.headers["Cache-Control"] == "no-store"
    lecteur = ouvrir(reponse.data)
    assert racine(lecteur)["/Lang"] == "fr-FR"
    meta = racine(lecteur)["/Metadata"].get_data().decode().replace(" ", "")
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    sortes = [balise.sorte for balise in balises(lecteur)]
    assert sortes.count("/H3") == 25 + 4
    assert sortes.count("/H4") == 53
    assert "/TH" in sortes
    assert all(b.alt for b in balises(lecteur) if b.sorte == "/Figure")
    monkeypatch.setattr(impression, "_FAITS", impression._Faits())
    assert bureau.get("/gestion/bilan/2022.pdf").data == reponse.data
    dit = mots(reponse.data)
    assert "leur état d’alors n’est pas connu" in dit
    assert "Objectif 25" in dit
    assert all(0.002 < encre(reponse.data, n) < 0.5 for n in range(len(lecteur.pages)))
    # What the signs of the maps mean stands on the page of the maps.
    cartes = next(une for une in pages(reponse.data) if "Couverture du territoire au" in une)
    assert "Losange" in cartes


def test_writes_are_counted_in_their_year_without_a_name(bureau: Navigateur) -> None:
    engine = bureau.app.extensions["cartographie"].engine
    with reading(engine) as session:
        total = sum(registre.revisions(session).values())
        toutes = activity(
            session, datetime(2020, 1, 1, tzinfo=PARIS), datetime(2100, 1, 1, tzinfo=PARIS)
        )
        aucune = activity(
            session, datetime(2000, 1, 1, tzinfo=PARIS), datetime(2001, 1, 1, tzinfo=PARIS)
        )
    assert (toutes.ecritures, toutes.fiches, toutes.creations) == (total, 139, 139)
    assert sum(nombre for _, nombre in toutes.moyens) == total
    assert (aucune.ecritures, aucune.moyens) == (0, ())
    assert ("… par chargement initial", "139") in dire_ecritures(toutes)
    assert dire_ecritures(aucune) == ()
