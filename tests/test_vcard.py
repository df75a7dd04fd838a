"""A record as a contact: read by vobject, hostile texts inert, zones without a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import vobject
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from cartographie.acteurs import Contact, ContactKind, Fiche, Precision, Saisie
from cartographie.catalogue import Catalogue
from cartographie.echanges import vcard
from cartographie.publication import publier
from cartographie.referentiel import Referentiel
from tests.fabrique import accueil, refuge, sans_point
from tests.site import lire, texte

ADRESSE = "https://carte.exemple.fr/acteurs/un"
JOUR = date(2026, 3, 10)
HOSTILES = (
    "Accueil\r\nTEL:+33600000000",
    "a;b,c\\n:d\\",
    "END:VCARD\nBEGIN:VCARD",
    "\u2028TEL:1\u0085TEL:2\x0bTEL:3",
    "é" * 120,
    "=HYPERLINK(1)<script>alert(1)</script>`${1}`",
)


def ecrire(referentiel: Referentiel, saisie: Saisie) -> bytes:
    fiche = publier(saisie, None, referentiel.communes)
    assert fiche is not None
    return vcard.write(fiche, fiche.nom, ADRESSE, JOUR)


def test_a_reader_finds_numbers_addresses_point_and_hours(referentiel: Referentiel) -> None:
    corps = ecrire(referentiel, accueil())
    (carte,) = list(vobject.readComponents(corps.decode()))
    assert carte.version.value == "3.0"
    assert carte.fn.value == "Accueil de La Mure"
    assert [tel.value for tel in carte.tel_list] == ["+33476300002", "+33476300001"]
    assert (carte.adr.value.street, carte.adr.value.city) == ("12 rue des Alpes", "La Mure")
    assert (carte.adr.value.code, carte.adr.value.country) == ("38350", "France")
    assert carte.geo.value == "44.903000;5.787000"
    assert carte.url.value == "https://accueil.exemple.fr"
    notes = carte.note.value.split("\n")
    assert notes[0].startswith("Maison du territoire : lundi 9 h – 17 h ; mardi")
    assert notes[1].startswith("Accueil : lundi 9 h – 12 h")
    assert notes[-1] == f"Confirmé le 3 mai 2026. À vérifier sur {ADRESSE}"
    for prive in ("NOTE-SECRETE", "interne@exemple.fr", "BAN"):
        assert prive not in corps.decode()


def test_every_real_record_is_read_and_no_line_is_too_long(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    for fiche in catalogue_reel.fiches:
        corps = client.get(f"/acteurs/{fiche.slug}.vcf").data
        assert all(len(ligne) <= 75 for ligne in corps.split(b"\r\n"))
        (carte,) = list(vobject.readComponents(corps.decode()))
        assert len(getattr(carte, "tel_list", [])) == sum(
            c.kind is not ContactKind.COURRIEL for c in (*fiche.telephones, *sms(fiche))
        )
        rues = {i.localisation.adresse for i in fiche.implantations} - {""}
        adresses = [adr.value.street for adr in getattr(carte, "adr_list", [])]
        assert rues == set(adresses) - {""}, fiche.slug
        precises = [i.localisation.precision is Precision.ADRESSE for i in fiche.implantations]
        assert not hasattr(carte, "geo") or any(precises), fiche.slug
        if fiche.en_zone:
            assert not hasattr(carte, "geo")
            assert not getattr(getattr(carte, "adr", None), "value", None) or (
                carte.adr.value.street == ""
            )


def sms(fiche: Fiche) -> tuple[Contact, ...]:
    return tuple(c for c in fiche.contacts if c.kind is ContactKind.SMS)


def test_a_street_is_told_without_its_point_and_hours_with_their_age(
    referentiel: Referentiel,
) -> None:
    inconnue = accueil(verifie_le=None, source_date="")
    ancienne = sans_point(inconnue, horaires_date="2023-05")
    (carte,) = list(vobject.readComponents(ecrire(referentiel, ancienne).decode()))
    assert (carte.adr.value.street, carte.adr.value.code) == ("12 rue des Alpes", "38350")
    assert not hasattr(carte, "geo")
    sur_place, accueil_tel, *_ = carte.note.value.split("\n")
    assert sur_place.endswith("vendredi 9 h – 17 h (horaire de mai 2023)")
    assert accueil_tel.endswith("(horaire non daté)")


def test_a_zone_has_no_street_no_point_and_its_relay(referentiel: Referentiel) -> None:
    (carte,) = list(vobject.readComponents(ecrire(referentiel, refuge()).decode()))
    assert carte.tel.value == "115"
    assert not hasattr(carte, "geo")
    assert (carte.adr.value.street, carte.adr.value.city) == ("", "Grenoble")


@pytest.mark.parametrize("texte_hostile", HOSTILES)
def test_hostile_texts_are_values_and_nothing_else(
    referentiel: Referentiel, texte_hostile: str
) -> None:
    contact = Contact(ContactKind.COURRIEL, texte_hostile, texte_hostile)
    saisie = accueil(
        nom=texte_hostile, conditions=texte_hostile, contacts=(contact,), site_web=texte_hostile
    )
    corps = ecrire(referentiel, saisie).decode()
    (carte,) = list(vobject.readComponents(corps))
    assert [tel.value for tel in carte.tel_list] == ["+33476300001"]
    attendu = vcard.INVISIBLES.sub(" ", texte_hostile.replace("\r\n", "\n")).strip()
    assert carte.fn.value == attendu
    noms = {ligne.split(":")[0].split(";")[0].split(".")[-1] for ligne in depliees(corps)}
    assert noms <= {
        *("BEGIN", "VERSION", "FN", "N", "ORG", "X-ABSHOWAS", "X-ABLABEL"),
        *("TEL", "EMAIL", "ADR", "GEO", "URL", "NOTE", "END"),
    }


@settings(max_examples=60, deadline=None)
@given(valeur=st.text(max_size=300))
def test_any_text_comes_back_as_it_was(referentiel: Referentiel, valeur: str) -> None:
    corps = ecrire(referentiel, accueil(conditions=valeur)).decode()
    assert all(len(ligne.encode()) <= 75 for ligne in corps.split("\r\n"))
    (carte,) = list(vobject.readComponents(corps))
    propre = vcard.INVISIBLES.sub(" ", valeur.replace("\r\n", "\n").replace("\r", "\n")).strip()
    assert propre in carte.note.value


def depliees(corps: str) -> list[str]:
    return corps.replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def test_it_is_offered_with_a_warning_under_a_neutral_name(client: FlaskClient) -> None:
    page = lire(client.get("/acteurs/aiv-grenoble").text)
    (lien,) = [a for a in page.iter("a") if texte(a) == "Ajouter aux contacts"]
    assert "reste dans le téléphone" in texte(page)
    response = client.get(lien.get("href", ""))
    assert response.content_type == "text/vcard; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'inline; filename="contact.vcf"'
    (carte,) = list(vobject.readComponents(response.text))
    assert not [m for m in ("violence", "victime", "femme") if m in carte.fn.value.lower()]


def test_absent_and_hidden_are_the_same_answer(client: FlaskClient) -> None:
    assert client.get("/acteurs/absent.vcf").status_code == 404


def test_folding_never_cuts_a_character(referentiel: Referentiel) -> None:
    fiche = publier(accueil(), None, referentiel.communes)
    assert fiche is not None
    longue = replace(fiche, description="", conditions="🧑‍🤝‍🧑é" * 80)
    assert "🧑‍🤝‍🧑é" * 80 in "\n".join(depliees(vcard.write(longue, "x", ADRESSE, JOUR).decode()))
