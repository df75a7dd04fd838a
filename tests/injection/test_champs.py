"""What may be typed where: every text field of a record stands in one of two tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from urllib.parse import unquote, urlsplit

import pytest

from cartographie.acteurs import Contact, ContactKind, Saisie
from cartographie.depots import PRECISIONS, PROPOSABLES, normaliser
from cartographie.errors import SaisieError
from cartographie.protocole.saisie import CHAMPS, read_releve
from cartographie.referentiel import Referentiel
from cartographie.utilisateurs import read_courriel, read_nom
from cartographie.validation import valider
from cartographie.validation.champs import EN_LIGNES, LONGUEURS
from cartographie.web.rendu import appel_uri
from tests.fabrique import accueil
from tests.injection.champs import FORMES, LIBRES, piege, poser, text_fields, valeur
from tests.injection.textes import HOSTILES, LIGNES, REFUSES
from tests.preuves import Preuve

# Read as an address, they would write a mail to somebody else, or more than an address.
COURRIELS = ("a?bcc=b@c.fr", "a?body=x&subject=y@c.fr", "a%0d%0abcc=x@c.fr", "a#b@c.fr", "`a`@c.fr")
COURRIELS_REFUSES = (
    "a\x00@c.fr",
    "a\u202eb@c.fr",
    "a\x1b@c.fr",
    "a b@c.fr",
    '"a"@c.fr',
    "<a>@c.fr",
)


def fautes(saisie: Saisie, referentiel: Referentiel) -> dict[str, str]:
    """Path without ranks → sentences."""
    dites: defaultdict[str, str] = defaultdict(str)
    for faute in valider(saisie, referentiel, {}):
        chemin = ".".join(m for m in faute.champ.split(".") if not m.isdigit())
        dites[chemin] += f"{faute.message} "
    return dict(dites)


def court(chemin: str) -> str:
    """As faults name it: the place of a door is laid flat."""
    return chemin.replace("localisation.", "")


def test_every_text_field_is_known_to_these_proofs() -> None:
    tous = list(text_fields(Saisie))
    assert len(tous) == len(set(tous)) > 35
    assert sorted((*LIBRES, *FORMES)) == sorted(tous)
    assert len(HOSTILES) >= 25
    assert {court(champ) for champ in LONGUEURS} <= set(LIBRES) | {"site_web"}


def test_what_a_proposal_may_say_is_in_them_too() -> None:
    racines = {champ.partition(".")[0] for champ in (*LIBRES, *FORMES)}
    codes = {"acces", "destinataires", "rendez_vous", "accessible_pmr", "enfants_accueillis"}
    assert racines | codes >= PROPOSABLES
    assert {champ.name for champ in fields(Saisie)} >= PROPOSABLES
    assert set(PRECISIONS) == {"numero", "numero_juste", "depuis", "adresse", "commune"}


def test_a_hostile_text_is_taken_where_anything_may_be_typed(referentiel: Referentiel) -> None:
    for nom, texte in HOSTILES.items():
        assert fautes(piege("piege-1", texte), referentiel) == {}, nom


def test_and_refused_in_french_where_a_shape_is_asked_for(
    referentiel: Referentiel, preuve: Preuve
) -> None:
    bonne = piege("piege-1", "Un texte")
    passes = [
        (champ, nom)
        for champ, attendu in FORMES.items()
        for nom, texte in (HOSTILES | REFUSES | LIGNES).items()
        if attendu not in fautes(poser(bonne, champ, texte), referentiel).get(court(champ), "")
    ]
    essais = len(FORMES) * len(HOSTILES | REFUSES | LIGNES)
    preuve("textes × champs à forme", essais, "acceptés", len(passes))
    assert passes == []


def test_what_nobody_sees_is_kept_nowhere(referentiel: Referentiel, preuve: Preuve) -> None:
    bonne = piege("piege-1", "Un texte")
    gardes = []
    for champ in LIBRES:
        for nom, texte in (REFUSES | LIGNES).items():
            permis = nom in LIGNES and champ in EN_LIGNES
            dit = fautes(poser(bonne, champ, texte), referentiel).get(court(champ), "")
            if ("invisible" in dit) is permis:
                gardes.append((champ, nom))
    preuve(
        "caractères invisibles × champs", len(LIBRES) * len(REFUSES | LIGNES), "gardés", len(gardes)
    )
    assert gardes == []


def test_no_text_is_longer_than_its_field(referentiel: Referentiel) -> None:
    for champ in LIBRES:
        assert len(valeur(champ, "a" * 9000)) in (*LONGUEURS.values(), 200)
        trop = poser(piege("piege-1", "a"), champ, "a" * 6000)
        assert "caractères" in fautes(trop, referentiel)[court(champ)], champ


@pytest.mark.parametrize("adresse", COURRIELS)
def test_an_address_to_write_to_writes_to_nobody_else(
    adresse: str, referentiel: Referentiel
) -> None:
    contact = Contact(ContactKind.COURRIEL, adresse)
    assert fautes(accueil(contacts=(contact,)), referentiel) == {}
    lien = appel_uri(contact)
    assert lien.startswith("mailto:")
    parties = urlsplit(lien)
    assert (parties.query, parties.fragment, unquote(parties.path)) == ("", "", adresse)
    assert "&" not in lien


@pytest.mark.parametrize("adresse", [*COURRIELS_REFUSES, "a" * 300 + "@c.fr"])
def test_what_is_no_address_is_refused(adresse: str, referentiel: Referentiel) -> None:
    saisie = replace(accueil(), contacts=(Contact(ContactKind.COURRIEL, adresse),))
    assert "contacts.valeur" in fautes(saisie, referentiel)


def test_a_message_loses_what_nobody_sees_and_nothing_else() -> None:
    for texte in HOSTILES.values():
        assert normaliser(texte) == texte.strip()
    for texte in REFUSES.values():
        assert len(normaliser(texte)) < len(texte) or "\n" in normaliser(texte)


def test_a_figure_keeps_hostile_words_and_refuses_what_nobody_sees(
    referentiel: Referentiel,
) -> None:
    (protocole,) = referentiel.protocoles
    libres = ("indicateur", "unite", "territoire", "source", "note")
    assert set(libres) < set(CHAMPS)
    for texte in HOSTILES.values():
        dit = texte[:290].strip()
        lu = read_releve({"valeur": "3", **dict.fromkeys(libres, dit)}, protocole, ())
        assert {getattr(lu, champ) for champ in libres} == {" ".join(dit.split())}
    for texte in REFUSES.values():
        if len(f"a{texte}b".split()) > 1:
            continue  # a blank like another, once between two words
        with pytest.raises(SaisieError, match="invisible"):
            read_releve({"valeur": "3", **dict.fromkeys(libres, texte)}, protocole, ())


def test_who_writes_has_a_name_and_an_address_that_can_be_seen() -> None:
    for texte in HOSTILES.values():
        assert read_nom(texte[:120]) == " ".join(texte[:120].split())
    for texte in REFUSES.values():
        if len(f"a{texte}b".split()) > 1:
            continue
        with pytest.raises(SaisieError, match="invisible"):
            read_nom(texte)
        with pytest.raises(SaisieError, match="adresse"):
            read_courriel(f"{texte}@exemple.fr")
