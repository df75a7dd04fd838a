"""The home of /gestion: what needs care, one click for several verifications, a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cartographie import registre
from cartographie.acteurs import (
    Acces,
    Contact,
    ContactKind,
    Diffusion,
    Fermeture,
    Precision,
    Saisie,
    Statut,
)
from cartographie.database import reading, transaction
from cartographie.entretien import Soin, Tri, compter, examine, mois_depuis, trier
from cartographie.web.gestion.tableur import neutralise
from tests.comptes import Gestion, Navigateur
from tests.fabrique import PORTE, accueil, porte, refuge
from tests.site import MARDI, avec_classe, lire, par_id, texte

JOUR = MARDI.date()
FAITE = date(2026, 2, 1)


def soins(saisie: Saisie, jour: date = JOUR) -> set[Soin]:
    return set(examine(saisie, jour).soins)


# ── what needs care ──


def test_a_record_that_lacks_nothing_needs_nothing() -> None:
    assert soins(accueil(verifie_le=FAITE, implantations=(replace(PORTE, fermetures=()),))) == set()


@pytest.mark.parametrize(
    ("verifie_le", "attendu"),
    [
        (None, Soin.JAMAIS),
        (date(2025, 3, 10), Soin.ROUGE),
        (date(2025, 3, 11), Soin.ORANGE),
        (date(2025, 9, 10), Soin.ORANGE),
        (date(2025, 9, 11), None),
        (JOUR, None),
    ],
)
def test_a_record_is_stale_from_six_months_and_very_from_twelve(
    verifie_le: date | None, attendu: Soin | None
) -> None:
    trouves = soins(accueil(verifie_le=verifie_le)) & {Soin.JAMAIS, Soin.ROUGE, Soin.ORANGE}
    assert trouves == ({attendu} if attendu else set())


def test_months_are_whole_ones() -> None:
    assert mois_depuis(date(2025, 8, 31), date(2026, 2, 28)) == 5
    assert mois_depuis(date(2025, 8, 31), date(2026, 3, 1)) == 6


def test_an_internal_number_is_not_a_telephone_for_the_public() -> None:
    sans = accueil(contacts=(), implantations=porte(accueil(), {}, telephone=""))
    assert Soin.SANS_TELEPHONE in soins(sans)
    assert Soin.SANS_TELEPHONE not in soins(
        replace(sans, contacts=(Contact(ContactKind.SMS, "06 00 00 00 01"),))
    )


def test_a_zone_is_reached_through_its_relais_and_has_no_point_to_lack() -> None:
    assert soins(refuge(verifie_le=FAITE)) == set()
    assert soins(refuge(verifie_le=FAITE, relais=None)) == {
        Soin.SANS_TELEPHONE,
        Soin.SANS_HORAIRES,
    }


def test_a_door_known_to_its_commune_lacks_its_point() -> None:
    lieu = {"precision": Precision.COMMUNE}
    assert Soin.SANS_POINT in soins(accueil(implantations=porte(accueil(), lieu)))
    assert Soin.SANS_POINT in soins(accueil(implantations=()))
    reseau = accueil(implantations=(), acces=Acces.PROFESSIONNELS)
    assert Soin.SANS_POINT not in soins(reseau)


@pytest.mark.parametrize(
    ("fin", "proche"), [(date(2026, 3, 24), True), (date(2026, 3, 25), False), (FAITE, True)]
)
def test_a_closure_that_ends_within_two_weeks_is_to_be_looked_at(fin: date, proche: bool) -> None:
    ferme = replace(PORTE, fermetures=(Fermeture(date(2026, 1, 1), fin),))
    assert (Soin.FERMETURE in soins(accueil(implantations=(ferme,)))) is proche


def test_archives_need_nothing_and_are_listed_only_when_asked_for() -> None:
    examens = [examine(accueil(statut=Statut.ARCHIVE), JOUR), examine(refuge(), JOUR)]
    assert examens[0].soins == ()
    assert [e.saisie.slug for e in trier(examens, Tri())] == ["hebergement-grenoble"]
    assert [e.saisie.slug for e in trier(examens, Tri(statut=Statut.ARCHIVE))] == [
        "accueil-la-mure"
    ]
    assert compter(examens)[Soin.JAMAIS] == 1


def test_drafts_come_first_with_their_doubt() -> None:
    brouillon = accueil("zzz", nom="Zèbre", statut=Statut.BROUILLON, notes_internes="Peut-être.")
    liste = trier([examine(accueil(), JOUR), examine(brouillon, JOUR)], Tri())
    assert [e.saisie.slug for e in liste] == ["zzz", "accueil-la-mure"]
    assert liste[0].doute == "Peut-être."
    assert liste[1].doute == ""


# ── the page ──


def create(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def noms(page: str) -> list[str]:
    table = next(avec_classe(lire(page), "suivi-table--fiches"))
    return [texte(e) for e in table.iter("a")]


def cases(page: str) -> dict[str, str]:
    """Slug → value of its box."""
    valeurs = [e.get("value", "") for e in lire(page).iter("input") if e.get("name") == "fiche"]
    return {valeur.partition(":")[0]: valeur for valeur in valeurs}


def test_the_list_tells_what_each_record_needs_and_leads_to_its_form(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, accueil(verifie_le=None), refuge())
    page = editeur.get("/gestion")
    assert page.status_code == 200
    assert noms(page.text) == ["Accueil de La Mure", "Hébergement de Grenoble"]
    assert 'href="/gestion/acteurs/accueil-la-mure"' in page.text
    assert "Jamais confirmée <" not in texte(lire(page.text))
    (soin,) = [e for e in lire(page.text).iter("a") if "soin=jamais-confirmee" in e.get("href", "")]
    assert texte(soin) == "Jamais confirmée 2"


@pytest.mark.parametrize(
    ("question", "attendus"),
    [
        ("q=accueil", ["Accueil de La Mure"]),
        ("type=HEBERGEMENT", ["Hébergement de Grenoble"]),
        ("commune=La+Mure", ["Accueil de La Mure"]),
        ("statut=archive", ["Vieille fiche"]),
        ("soin=jamais-confirmee", ["Hébergement de Grenoble"]),
        ("soin=nimporte&statut=quoi&page=abc", ["Hébergement de Grenoble", "Accueil de La Mure"]),
    ],
)
def test_the_list_is_filtered(
    gestion: Gestion, editeur: Navigateur, question: str, attendus: list[str]
) -> None:
    archive = accueil("vieille", nom="Vieille fiche", statut=Statut.ARCHIVE, implantations=())
    create(gestion, accueil(verifie_le=FAITE), refuge(), archive)
    page = editeur.get(f"/gestion?{question}")
    assert noms(page.text) == attendus


def test_nothing_found_is_said(editeur: Navigateur) -> None:
    page = editeur.get("/gestion?q=introuvable")
    assert "Aucune fiche ne répond à ce choix." in page.text


def test_long_lists_come_by_pages(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, *(refuge(f"lieu-{n:02d}", nom=f"Lieu {n:02d}") for n in range(53)))
    assert len(noms(editeur.get("/gestion").text)) == 50
    seconde = editeur.get("/gestion?page=2").text
    assert noms(seconde) == ["Lieu 50", "Lieu 51", "Lieu 52"]
    assert "Page 2 sur 2" in texte(lire(seconde))


# ── « vérifiées aujourd’hui » ──


def test_ticked_records_are_verified_today_by_who_is_signed_in(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, accueil(), refuge(), accueil("tiers", nom="Tiers"))
    boites = cases(editeur.get("/gestion").text)
    voulues = [boites["accueil-la-mure"], boites["hebergement-grenoble"]]
    reponse = editeur.poster("/gestion/verifications", {"fiche": voulues, "q": "a"})
    assert reponse.status_code == 303
    suite = editeur.get(reponse.headers["Location"])
    assert "2 fiches marquées comme vérifiées aujourd’hui." in suite.text
    assert par_id(lire(suite.text), "q").get("value") == "a"
    with reading(gestion.engine) as session:
        for slug in ("accueil-la-mure", "hebergement-grenoble"):
            saisie, revision = registre.get_saisie(session, slug)
            assert (saisie.verifie_le, saisie.verifie_par, revision) == (JOUR, "Ève Martin", 2)
            assert registre.history(session, slug)[0].par == "editeur@exemple.fr"
        assert registre.get_saisie(session, "tiers")[1] == 1


def test_a_record_changed_meanwhile_is_named_and_left_alone(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, accueil(), refuge())
    boites = cases(editeur.get("/gestion").text)
    with transaction(gestion.engine) as session:
        registre.update_acteur(
            session, "accueil-la-mure", accueil(frais="5 €"), revision_lue=1, par="x", moyen="x"
        )
    reponse = editeur.poster("/gestion/verifications", {"fiche": list(boites.values())})
    assert reponse.status_code == 409
    alerte = texte(next(avec_classe(lire(reponse.text), "fr-alert--warning")))
    assert "Accueil de La Mure : La fiche a changé" in alerte
    with reading(gestion.engine) as session:
        assert registre.get_saisie(session, "accueil-la-mure")[0] == accueil(frais="5 €")
        assert registre.get_saisie(session, "hebergement-grenoble")[0].verifie_le == JOUR


def test_sending_the_same_selection_twice_is_harmless(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, refuge())
    data = {"fiche": list(cases(editeur.get("/gestion").text).values())}
    assert editeur.poster("/gestion/verifications", data).status_code == 303
    assert editeur.poster("/gestion/verifications", data).status_code == 303
    with reading(gestion.engine) as session:
        assert registre.get_saisie(session, "hebergement-grenoble")[1] == 2


def test_a_revision_cannot_be_chosen(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, refuge())
    data = {"fiche": ["hebergement-grenoble:1"]}
    assert editeur.poster("/gestion/verifications", data).status_code == 400


# ── the spreadsheet ──


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(debut: str) -> None:
    assert neutralise(f"{debut}1+1") == f"'{debut}1+1"
    assert neutralise("Accueil = écoute") == "Accueil = écoute"


def test_the_list_opens_in_a_french_spreadsheet(gestion: Gestion, editeur: Navigateur) -> None:
    piege: dict[str, Any] = {"nom": '=HYPERLINK("https://exemple.fr";"x")', "implantations": ()}
    create(gestion, accueil(**piege), refuge(diffusion=Diffusion.ZONE))
    reponse = editeur.get("/gestion/fiches.csv?type=LEAO")
    assert reponse.data.startswith("\ufeffIdentifiant;Nom;".encode())
    assert reponse.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="fiches-2026-03-10.csv"' in reponse.headers["Content-Disposition"]
    assert reponse.headers["Cache-Control"] == "no-store"
    lignes = list(csv.reader(io.StringIO(reponse.data.decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) == 2
    assert lignes[1][:2] == ["accueil-la-mure", '\'=HYPERLINK("https://exemple.fr";"x")']
