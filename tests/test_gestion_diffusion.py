"""The pages that hide a record: nothing goes before everything is said, and then all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cartographie import registre
from cartographie.acteurs import Contact, ContactKind, Diffusion, Relais, Saisie
from cartographie.database import reading, transaction
from cartographie.referentiel import Referentiel
from cartographie.revelation import Mot, reveler
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil, refuge
from tests.mondes.traces import POINT, SECRETS, SLUG, contenu, lieu_secret, traces
from tests.site import avec_classe, lire, par_id, texte

PAGE = f"/gestion/acteurs/{SLUG}/diffusion"
NOM = "Accueil de la Matheysine"


@pytest.fixture
def visite(gestion: Gestion, editeur: Navigateur) -> Navigateur:
    """An editor in front of a place that has to be hidden, edited once already."""
    create(gestion, lieu_secret(frais="2 €"))
    write(gestion, lieu_secret(), 1)
    return editeur


def create(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def write(gestion: Gestion, saisie: Saisie, revision: int) -> None:
    with transaction(gestion.engine) as session:
        registre.update_acteur(
            session, saisie.slug, saisie, revision_lue=revision, par="camille", moyen="essai"
        )


def read(gestion: Gestion, slug: str = SLUG) -> tuple[Saisie, int]:
    with reading(gestion.engine) as session:
        return registre.get_saisie(session, slug)


def revision(page: str) -> str:
    return next(e.get("value", "") for e in lire(page).iter("input") if e.get("name") == "revision")


def changer(visite: Navigateur, vers: str, **champs: str) -> TestResponse:
    """Fill the page as it is and send it."""
    page = visite.get(f"{PAGE}?vers={vers}")
    assert page.status_code == 200
    data: dict[str, Any] = {"vers": vers, "revision": revision(page.text)} | champs
    return visite.poster(PAGE, data)


def erreurs(page: TestResponse) -> str:
    return " ".join(texte(e) for e in avec_classe(lire(page.text), "fr-error-text"))


def test_the_page_says_what_will_disappear(visite: Navigateur) -> None:
    page = visite.get(f"{PAGE}?vers=zone")
    pertes = texte(next(avec_classe(lire(page.text), "suivi-pertes")))
    for perdu in ("12 Grand’Rue des Épinettes", "04 76 30 99 86", "12 places", "refuge-epinettes"):
        assert perdu in pertes, perdu


def test_lowered_to_its_zone_a_place_is_found_nowhere_any_more(
    gestion: Gestion, visite: Navigateur
) -> None:
    public = gestion.client()
    assert traces(public.get(f"/acteurs/{SLUG}").data)
    reponse = changer(visite, "zone", nom="accueil de la matheysine", relais="115")
    assert reponse.status_code == 303
    assert "sont effacées" in visite.get(reponse.headers["Location"]).text
    pages = [f"/acteurs/{SLUG}", f"/acteurs/{SLUG}.vcf", "/", "/?lieu=38269&q=accueil"]
    pages += ["/acteurs.geojson", "/carte.json?lieu=38269", "/proches?lieu=38269"]
    for page in pages:
        assert traces(public.get(page).data) == [], page
    for page in ("", "/fiches.csv", f"/acteurs/{SLUG}", f"/acteurs/{SLUG}/diffusion"):
        reponse = visite.get(f"/gestion{page}")
        assert (reponse.status_code, traces(reponse.data)) == (200, []), page
    for suite in ("", "/1", "/2", "/3"):
        reponse = visite.get(f"/gestion/acteurs/{SLUG}/historique{suite}")
        assert (reponse.status_code, traces(reponse.data)) == (200, []), suite
    assert traces(contenu(gestion.engine)) == []
    relais = read(gestion)[0].relais
    assert relais is not None
    assert (relais.telephone, relais.horaires) == ("115", "24/7")


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"relais": "115"}, "Ce n’est pas le nom de la fiche"),
        ({"nom": "Autre chose", "relais": "115"}, "Ce n’est pas le nom de la fiche"),
        ({"nom": NOM}, "Choisissez la ligne"),
        ({"nom": NOM, "relais": "autre"}, "Choisissez la ligne"),
        (
            {"nom": NOM, "relais": "autre", "relais_libelle": "X", "relais_telephone": "0476"},
            "Il faut un numéro",
        ),
        ({"nom": NOM, "relais": "autre", "relais_telephone": "0476405010"}, "qui répond"),
    ],
)
def test_nothing_goes_before_everything_is_said(
    gestion: Gestion, visite: Navigateur, champs: dict[str, str], message: str
) -> None:
    reponse = changer(visite, "zone", **champs)
    assert reponse.status_code == 422
    assert message in erreurs(reponse)
    assert read(gestion) == (lieu_secret(), 2)
    # Nothing typed is lost.
    for nom in ("nom", "relais_libelle", "relais_telephone"):
        champ = next(e for e in lire(reponse.text).iter("input") if e.get("name") == nom)
        assert champ.get("value", "") == champs.get(nom, "")


def test_a_text_that_says_where_it_is_is_corrected_in_the_same_page(
    gestion: Gestion, visite: Navigateur
) -> None:
    write(gestion, lieu_secret(description="Au 12 rue des Alpes, à Susville."), 2)
    page = visite.get(f"{PAGE}?vers=zone")
    champ = par_id(lire(page.text), "texte_description")
    assert texte(champ) == "Au 12 rue des Alpes, à Susville."
    assert "rue" in erreurs(page)
    bons = {"nom": NOM, "relais": "115"}
    refus = changer(visite, "zone", **bons, texte_description="Toujours au 12 rue des Alpes.")
    assert refus.status_code == 422
    assert texte(par_id(lire(refus.text), "texte_description")) == "Toujours au 12 rue des Alpes."
    assert read(gestion)[1] == 3
    fait = changer(visite, "zone", **bons, texte_description="Écoute et repos.")
    assert fait.status_code == 303
    assert read(gestion)[0].description == "Écoute et repos."
    assert b"rue des Alpes" not in contenu(gestion.engine)


def test_somebody_wrote_meanwhile_nothing_is_erased(gestion: Gestion, visite: Navigateur) -> None:
    page = visite.get(f"{PAGE}?vers=zone")
    write(gestion, lieu_secret(frais="3 €"), 2)
    data = {"vers": "zone", "revision": revision(page.text), "nom": NOM, "relais": "115"}
    reponse = visite.poster(PAGE, data)
    assert reponse.status_code == 409
    assert "rien n’a été changé" in reponse.text
    assert read(gestion) == (lieu_secret(frais="3 €"), 3)
    assert visite.poster(PAGE, data | {"revision": revision(reponse.text)}).status_code == 303


def test_sending_it_twice_is_harmless(gestion: Gestion, visite: Navigateur) -> None:
    page = visite.get(f"{PAGE}?vers=interne")
    data = {"vers": "interne", "revision": revision(page.text), "nom": NOM}
    assert visite.poster(PAGE, data).status_code == 303
    assert visite.poster(PAGE, data).status_code == 303
    assert read(gestion)[1] == 3


def test_internal_means_that_the_site_says_nothing_of_it(
    gestion: Gestion, visite: Navigateur
) -> None:
    assert changer(visite, "interne", nom=NOM).status_code == 303
    public = gestion.client()
    absente = public.get("/acteurs/nexiste-pas")
    assert public.get(f"/acteurs/{SLUG}").data == absente.data
    assert "Matheysine" not in public.get("/acteurs.geojson").text
    assert traces(contenu(gestion.engine)) == []


def test_raising_asks_who_allowed_it_and_brings_nothing_back(
    gestion: Gestion, visite: Navigateur
) -> None:
    changer(visite, "zone", nom=NOM, relais="115")
    refus = changer(visite, "publique", autorise_le="2030-01-01")
    assert refus.status_code == 422
    assert "Dites qui" in erreurs(refus)
    assert "passé ou présent" in erreurs(refus)
    accord = {"autorise_par": "Mme Martin, directrice", "autorise_le": "02/03/2026"}
    assert changer(visite, "publique", **accord).status_code == 303
    saisie, _ = read(gestion)
    assert (saisie.diffusion, saisie.contacts) == (Diffusion.PUBLIQUE, ())
    historique = visite.get(f"/gestion/acteurs/{SLUG}/historique").text
    assert "Autorisé par Mme Martin, directrice, le 2 mars 2026." in texte(lire(historique))
    assert "Mme Martin" not in gestion.client().get(f"/acteurs/{SLUG}").text


def test_the_porteurs_public_line_is_offered_with_its_hours(
    gestion: Gestion, editeur: Navigateur
) -> None:
    ligne = Contact(ContactKind.TELEPHONE, "04 76 40 50 10", "Standard", "Mo-Fr 09:00-17:00")
    create(gestion, accueil("porteur", nom="Association", contacts=(ligne,), porteur=""))
    create(gestion, lieu_secret(porteur="porteur"))
    page = editeur.get(f"{PAGE}?vers=zone")
    assert "Ligne publique de Association : 04 76 40 50 10" in texte(lire(page.text))
    assert changer(editeur, "zone", nom=NOM, relais="porteur-0").status_code == 303
    relais = Relais("Ligne publique de Association", "04 76 40 50 10", "Mo-Fr 09:00-17:00")
    assert read(gestion)[0].relais == relais


def test_a_slug_that_names_the_place_is_explained(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, replace(lieu_secret(), slug="accueil-la-mure"))
    page = editeur.get("/gestion/acteurs/accueil-la-mure/diffusion?vers=zone")
    assert "ne change jamais" in texte(par_id(lire(page.text), "slug"))


@pytest.mark.parametrize("vers", ["", "secrete"])
def test_a_diffusion_that_does_not_exist_changes_nothing(
    gestion: Gestion, visite: Navigateur, vers: str
) -> None:
    assert visite.get(f"{PAGE}?vers={vers}").status_code == 200
    assert visite.poster(PAGE, {"vers": vers}).status_code == 404
    assert visite.poster(PAGE, {"vers": "zone", "revision": "2", "nom": NOM}).status_code == 400
    assert read(gestion)[1] == 2


def test_a_record_that_does_not_exist_has_no_page(editeur: Navigateur) -> None:
    assert editeur.get("/gestion/acteurs/personne/diffusion").status_code == 404


# ── what a record reveals ──


def test_the_zone_is_told_with_its_inhabitants(visite: Navigateur) -> None:
    page = texte(lire(visite.get(PAGE).text))
    assert "la Matheysine" in page
    assert "habitants" in page


def test_what_is_shared_with_a_published_address_is_told(referentiel: Referentiel) -> None:
    voisin = accueil(
        "voisin",
        nom="Voisin",
        contacts=(Contact(ContactKind.TELEPHONE, "+33 4 76 30 99 86"),),
        site_web="https://www.refuge-epinettes.exemple.fr/nous",
    )
    vue = reveler(lieu_secret(porteur="voisin"), [voisin, refuge()], referentiel.communes)
    assert [p.quoi for p in vue.partages] == [
        "son porteur",
        "le numéro 04 76 30 99 86",
        "le site refuge-epinettes.exemple.fr",
    ]
    assert {(p.slug, p.adresse) for p in vue.partages} == {
        ("voisin", "12 rue des Alpes, 38350 La Mure")
    }


def test_a_national_number_shared_by_all_tells_nothing(referentiel: Referentiel) -> None:
    abri = accueil("abri", contacts=(Contact(ContactKind.TELEPHONE, "115"),))
    assert reveler(refuge(), [abri], referentiel.communes).partages == ()


def test_words_that_help_to_find_the_place_are_told(referentiel: Referentiel) -> None:
    bavarde = refuge(description="Au 3 rue Haute, derrière la gare, près de Voiron.")
    mots = reveler(bavarde, [], referentiel.communes).mots
    assert mots[0].raison == "ce texte contient le nom d’une rue"
    assert Mot("description", "Description", "« gare » aide à situer le lieu") in mots
    assert Mot("description", "Description", "nomme la commune de Voiron") in mots
    assert reveler(refuge(), [], referentiel.communes).mots == ()


def test_the_secrets_of_these_tests_are_really_there() -> None:
    assert len(SECRETS) == 6
    assert POINT[0] != round(POINT[0], 6)
