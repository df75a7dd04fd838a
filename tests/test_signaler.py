"""`/acteurs/<slug>/signaler`: anybody may speak, nothing says who did, nothing public moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from cartographie import courrier
from cartographie.acteurs import Diffusion, Statut
from cartographie.database import reading, transaction
from cartographie.depots import MotifDepot, OrigineDepot
from cartographie.lettres import EtatCourrier
from cartographie.serialisation import to_json
from cartographie.web.signalement import GRATUITS
from cartographie.web.tampon import MAXIMUM_S
from tests.comptes import Gestion
from tests.fabrique import PORTE, accueil, refuge
from tests.signalements import HOSTILES, SLUG, create, en_attente, envoyer, ouvrir
from tests.site import avec_classe, lire, par_id, texte

PAGE = f"/acteurs/{SLUG}/signaler"


@pytest.fixture
def ici(gestion: Gestion) -> Gestion:
    """One public record."""
    create(gestion, accueil())
    return gestion


def dit(page: TestResponse) -> str:
    return texte(next(avec_classe(lire(page.text), "fr-alert")))


def test_the_form_asks_for_the_choice_first_and_says_what_it_is_not(ici: Gestion) -> None:
    client = ici.app.test_client()
    assert f'href="{PAGE}"' in client.get(f"/acteurs/{SLUG}").text
    page = client.get(PAGE)
    html = page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["X-Robots-Tag"] == "noindex"
    avis = texte(par_id(lire(html), "avis"))
    assert avis == (
        "Ce message n’est pas un appel à l’aide : 17, 114 par SMS, 3919."
        " N’écrivez rien sur vous ou une autre personne."
    )
    assert all(lien in html for lien in ('"tel:17"', '"sms:114"', '"tel:3919"'))
    assert html.index('name="motif"') < html.index('id="avis"') < html.index('name="texte"')
    assert "<title>Proposer un changement – Carte des services – Isère</title>" in html
    assert 'id="quitter"' in html


def test_a_wrong_number_becomes_a_change_of_that_number(ici: Gestion) -> None:
    reponse = envoyer(
        ici, motif="numero-faux", numero="04 76 30 00 02", numero_juste="04 76 30 00 44"
    )
    assert (reponse.status_code, reponse.headers["Location"]) == (303, "/merci")
    (une,) = en_attente(ici)
    assert (une.origine, une.motif) == (OrigineDepot.PUBLIC, MotifDepot.NUMERO_FAUX)
    assert [c["valeur"] for c in une.changements["contacts"]] == ["04 76 30 00 44"]
    assert set(une.changements) == {"contacts"}


def test_the_number_of_a_door_too(ici: Gestion) -> None:
    envoyer(ici, motif="numero-faux", numero="04 76 30 00 01", numero_juste="04 76 30 00 44")
    (une,) = en_attente(ici)
    (porte,) = une.changements["implantations"]
    assert porte["telephone"] == "04 76 30 00 44"


def test_a_move_becomes_an_address_without_a_point(ici: Gestion) -> None:
    envoyer(ici, motif="demenage", adresse="3 place de la Mairie", commune="Mens")
    (porte,) = en_attente(ici)[0].changements["implantations"]
    assert (porte["adresse"], porte["commune"]) == ("3 place de la Mairie", "Mens")
    assert porte["precision"] == "commune"
    assert porte["horaires"] == PORTE.horaires


def test_a_closure_and_a_danger_are_words(ici: Gestion) -> None:
    envoyer(ici, motif="ferme", depuis="mars 2026", numero_juste="pas pour ce choix")
    envoyer(ici, motif="danger", texte="Voir la description.")
    danger, ferme = en_attente(ici)
    assert (ferme.precisions, dict(ferme.changements)) == ({"depuis": "mars 2026"}, {})
    assert danger.texte == "Voir la description."


@pytest.mark.parametrize(
    ("champs", "fautif"),
    [
        ({}, "motif"),
        ({"motif": "mise-a-jour"}, "motif"),
        ({"motif": "autre", "texte": "  "}, "texte"),
        ({"motif": "autre", "texte": "a" * 501}, "texte"),
        ({"motif": "numero-faux", "numero_juste": "04 76"}, "numero_juste"),
        ({"motif": "demenage", "commune": "Zorglub"}, "commune"),
        ({"motif": "demenage", "adresse": "a" * 300, "commune": "Mens"}, "adresse"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    ici: Gestion, champs: dict[str, str], fautif: str
) -> None:
    page = envoyer(ici, **champs)
    assert page.status_code == 422
    assert par_id(lire(page.text), f"{fautif}-erreur") is not None
    assert all(valeur.strip() in page.text for nom, valeur in champs.items() if nom != "motif")
    assert en_attente(ici) == []


def test_too_fast_too_late_or_for_another_record_is_said_with_what_was_typed(ici: Gestion) -> None:
    create(ici, accueil("autre-accueil"))
    for attente_s, slug, phrase in (
        (1, SLUG, "très vite"),
        (MAXIMUM_S + 1, SLUG, "trop longtemps"),
        (60, "autre-accueil", "plus valable"),
    ):
        client, tampon = ouvrir(ici, slug, attente_s)
        data = {"tampon": tampon, "motif": "autre", "texte": "Mon texte à garder."}
        page = client.post(PAGE, data=data)
        assert page.status_code == 422
        assert phrase in dit(page)
        assert "Mon texte à garder." in page.text
    client, tampon = ouvrir(ici)
    for faux in ("", "x", tampon[:-2], tampon * 2):
        assert client.post(PAGE, data={"tampon": faux, "motif": "ferme"}).status_code == 422
    piege = client.post(PAGE, data={"tampon": tampon, "motif": "ferme", "sujet": "x"})
    assert "doit rester vide" in dit(piege)
    assert en_attente(ici) == []


def test_the_button_pressed_twice_is_one_message(ici: Gestion) -> None:
    client, tampon = ouvrir(ici)
    data = {"tampon": tampon, "motif": "autre", "texte": "Fermé."}
    assert [client.post(PAGE, data=data).status_code for _ in range(2)] == [303, 303]
    assert client.post(PAGE, data=data | {"texte": "Fermé !"}).status_code == 303
    assert len(en_attente(ici)) == 2


def test_only_our_own_pages_may_send_it(ici: Gestion) -> None:
    client, tampon = ouvrir(ici)
    for entetes, statut in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "https://ailleurs.exemple"}, 403),
        ({"Origin": "null"}, 303),  # an old phone, from a page that gives no referrer
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
    ):
        data = {"tampon": tampon, "motif": "autre", "texte": str(entetes)}
        assert client.post(PAGE, data=data, headers=entetes).status_code == statut, entetes


def test_many_messages_from_one_network_wait_but_danger_does_not(ici: Gestion) -> None:
    def un(motif: str, reseau: str, n: int) -> TestResponse:
        client, tampon = ouvrir(ici, attente_s=3)
        data = {"tampon": tampon, "motif": motif, "texte": f"Message {n}."}
        return client.post(PAGE, data=data, environ_base={"REMOTE_ADDR": reseau})

    assert {un("autre", f"192.0.2.{n}", n).status_code for n in range(GRATUITS)} == {303}
    for n in range(8):  # each one doubles the wait
        trop = un("autre", "192.0.2.99", n)
    assert trop.status_code == 429
    assert int(trop.headers["Retry-After"]) > 0
    assert "réessayez dans" in dit(trop)
    assert "Message 7." in trop.text
    assert un("autre", "198.51.100.1", 0).status_code == 303
    assert un("danger", "192.0.2.99", 0).status_code == 303


def test_nothing_says_who_sent_it(ici: Gestion) -> None:
    client, tampon = ouvrir(ici)
    client.post(
        PAGE,
        data={"tampon": tampon, "motif": "autre", "texte": "Fermé."},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
        headers={"User-Agent": "Agent/zirconium", "Accept-Language": "kl", "Cookie": "a=zirconium"},
    )
    with ici.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        lignes = repr([list(connection.execute(text(f'SELECT * FROM "{t}"'))) for t in tables])
    assert "Fermé." in lignes
    assert [trace for trace in ("192.0.2", "zirconium", "kl'") if trace in lignes] == []


def test_hidden_and_absent_are_one_answer(ici: Gestion) -> None:
    cachees: dict[str, dict[str, Any]] = {
        "interne": {"diffusion": Diffusion.INTERNE},
        "brouillon": {"statut": Statut.BROUILLON},
    }
    create(ici, *(accueil(slug, **valeurs) for slug, valeurs in cachees.items()))
    client, tampon = ouvrir(ici)
    vues = set()
    for slug in (*cachees, "absente"):
        for reponse in (
            client.get(f"/acteurs/{slug}/signaler"),
            client.post(f"/acteurs/{slug}/signaler", data={"tampon": tampon, "motif": "ferme"}),
        ):
            assert reponse.status_code == 404
            vues.add((tuple(reponse.headers), reponse.data))
    assert len(vues) == 1


def test_a_zone_asks_for_nothing_of_the_place(gestion: Gestion) -> None:
    create(gestion, refuge())
    slug = refuge().slug
    page = gestion.app.test_client().get(f"/acteurs/{slug}/signaler").text
    assert not any(
        f'name="{nom}"' in page for nom in ("numero", "numero_juste", "adresse", "commune")
    )
    assert "ne se dit pas" in page
    force = envoyer(gestion, slug, motif="numero-faux", numero_juste="04 76 00 00 99")
    assert force.status_code == 303
    fuite = envoyer(gestion, slug, motif="danger", texte="C’est au 12 rue des Lilas, tout se voit.")
    assert fuite.status_code == 422
    assert "le nom d’une rue" in fuite.text
    (une,) = en_attente(gestion)
    assert (dict(une.changements), une.precisions, une.texte) == ({}, {}, "")


def test_a_danger_is_written_to_the_ddfe_without_a_word_of_it(ici: Gestion) -> None:
    site = ici.app.extensions["cartographie"]
    reglages = replace(
        site.settings, courriel_ddfe="ddfe@exemple.fr", url_publique="https://carte.exemple.fr"
    )
    ici.app.extensions["cartographie"] = replace(site, settings=reglages)
    envoyer(ici, motif="autre", texte="zirconium")
    envoyer(ici, motif="danger", texte="zirconium")
    numero = en_attente(ici)[0].id
    with transaction(ici.engine) as session:
        assert courrier.summary(session)[EtatCourrier.ATTENTE] == 1
        lettre = courrier.claim(session, ici.horloge())
    assert lettre is not None
    assert lettre.a == "ddfe@exemple.fr"
    assert f"https://carte.exemple.fr/gestion/propositions/{numero}\n" in lettre.corps
    tout = (lettre.sujet + lettre.corps).lower()
    interdits = ("zirconium", "danger", "la mure", "violence", "victime", "femme")
    assert [mot for mot in interdits if mot in tout] == []


def test_a_proposal_changes_no_public_byte(ici: Gestion) -> None:
    client = ici.app.test_client()
    pages = ("/", f"/acteurs/{SLUG}", "/acteurs.geojson", "/merci", "/proches?lieu=38269")

    def vues() -> list[tuple[Any, bytes]]:
        return [(r.headers.get("ETag"), r.data) for r in (client.get(page) for page in pages)]

    avant = vues()
    for motif in ("danger", "ferme"):
        envoyer(ici, motif=motif)
    assert vues() == avant


@pytest.mark.parametrize("corps", [b"motif=autre&texte=" + b"a" * 20_000, b"a=1&" * 9_000])
def test_a_big_body_is_refused_before_it_is_read(ici: Gestion, corps: bytes) -> None:
    client = ici.app.test_client()
    forme = "application/x-www-form-urlencoded"
    assert client.post(PAGE, data=corps, content_type=forme).status_code == 413
    multiple = client.post(PAGE, data={"texte": "a" * 20_000}, content_type="multipart/form-data")
    assert multiple.status_code == 413


def test_hostile_texts_stay_texts_in_the_form(ici: Gestion) -> None:
    client, tampon = ouvrir(ici)
    for hostile in HOSTILES:
        data = dict.fromkeys(("texte", "numero", "numero_juste", "adresse", "commune"), hostile)
        page = client.post(PAGE, data={"tampon": tampon, "motif": "non", **data})
        assert page.status_code == 422
        arbre = lire(page.text)
        assert par_id(arbre, "texte").text == hostile
        assert par_id(arbre, "commune").get("value") == hostile
        assert len(list(arbre.iter("script"))) == len(
            list(lire(client.get(PAGE).text).iter("script"))
        )


def test_what_the_visitor_proposes_has_nothing_inner_in_it(ici: Gestion) -> None:
    envoyer(ici, motif="numero-faux", numero_juste="04 76 30 00 44")
    (une,) = en_attente(ici)
    with reading(ici.engine):
        contacts = une.changements["contacts"]
    assert contacts[0] == to_json(accueil().contacts[0])
    assert "interne@exemple.fr" not in str(contacts)
