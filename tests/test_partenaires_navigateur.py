"""From the mail's link in a real browser, on a phone: new hours, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from cartographie import courrier, propositions, registre, relances
from cartographie.database import reading, transaction
from cartographie.smtp import Serveur
from cartographie.web.site import Site
from tests.comptes import Gestion, connecter
from tests.fabrique import accueil
from tests.poste import EXPEDITEUR, Poste, lien

pytest_plugins = ["tests.chromium", "tests.bureau"]

SLUG = "accueil-la-mure"


@dataclass(frozen=True, slots=True)
class Ecran:
    """The site listening, and the path of a link that arrived."""

    gestion: Gestion
    base: str
    lien: str


@pytest.fixture
def ecran(gestion: Gestion, poste: Poste) -> Iterator[Ecran]:
    with transaction(gestion.engine) as session:
        ancienne = accueil(verifie_le=None, verifie_par="")
        registre.create_acteur(session, ancienne, par="camille", moyen="essai")
    serveur = make_server("127.0.0.1", 0, gestion.app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{serveur.server_port}"
    site: Site = gestion.app.extensions["cartographie"]
    contexte = relances.Contexte(
        str(gestion.app.secret_key), base, 6, site.referentiel, gestion.horloge()
    )
    with transaction(gestion.engine) as session:
        relances.remind(session, contexte)
    courrier.deliver(gestion.engine, Serveur.read(poste.url, EXPEDITEUR), gestion.horloge)
    yield Ecran(gestion, base, lien(poste.recus[0]))
    serveur.shutdown()


def ouvrir(navigateur: Browser, ecran: Ecran, *, script: bool) -> Page:
    contexte = navigateur.new_context(
        java_script_enabled=script,
        viewport={"width": 360, "height": 740},
        base_url=ecran.base,
        locale="fr-FR",
    )
    page = contexte.new_page()
    page.set_default_timeout(15_000)
    page.goto(ecran.lien)
    return page


@pytest.mark.parametrize("script", [True, False])
def test_a_partner_proposes_new_hours_and_a_person_accepts_one_field_of_two(
    navigateur: Browser, ecran: Ecran, script: bool
) -> None:
    page = ouvrir(navigateur, ecran, script=script)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accueil de La Mure")
    page.get_by_role("link", name="Quelque chose a changé").click()
    lieu = page.locator("#implantations-0")
    lieu.get_by_label("Samedi, de", exact=True).fill("9 h")
    lieu.get_by_label("Samedi, à", exact=True).fill("12 h")
    page.get_by_label("Conditions pour être reçue ou reçu").fill("Sur rendez-vous.")
    page.get_by_role("button", name="Envoyer mes changements").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    assert ecran.lien not in page.url
    assert page.context.cookies() == []
    with reading(ecran.gestion.engine) as session:
        (recue,) = propositions.pending(session)
        kept, _ = registre.get_saisie(session, SLUG)
    assert set(recue.changements) == {"implantations", "conditions"}
    assert recue.changements["implantations"][0]["horaires"] == "Mo-Fr 09:00-17:00; Sa 09:00-12:00"
    assert kept.conditions == "Ouvert à tous."
    page.goto(ecran.lien)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ce lien a déjà servi")
    page.context.close()
    _decide(navigateur, ecran, script=script)


def _decide(navigateur: Browser, ecran: Ecran, *, script: bool) -> None:
    """Read it from the home, take the hours and not the conditions; what is public, what stays."""
    client = ecran.gestion.app.test_client()
    connecter(client, "editeur")
    cookie = client.get_cookie("carto")
    assert cookie is not None
    contexte = navigateur.new_context(
        java_script_enabled=script, base_url=ecran.base, locale="fr-FR"
    )
    contexte.set_default_timeout(15_000)
    contexte.add_cookies([{"name": "carto", "value": cookie.value, "url": ecran.base}])
    page = contexte.new_page()
    page.goto("/gestion")
    page.get_by_role("link", name="1 proposition à lire").click()
    page.locator(".proposition__titre a").click()
    lignes = page.locator(".proposition__champs tbody tr")
    # The hours bring the month they were said in: a line of its own, left as well.
    expect(lignes).to_have_count(3)
    lignes.filter(has_text="samedi").locator("label").click()
    page.get_by_role("button", name="Accepter ce qui est coché").click()
    expect(page.locator(".fr-alert--success")).to_contain_text("C’est décidé")
    public = navigateur.new_context(java_script_enabled=script, base_url=ecran.base).new_page()
    public.goto(f"/acteurs/{SLUG}")
    corps = public.locator("main").inner_text()
    assert "Ouvert à tous." in corps
    assert "Sur rendez-vous." not in corps
    samedi = public.locator("main tr").filter(has_text="Samedi").filter(has_text="9 h")
    expect(samedi).not_to_have_count(0)
    public.context.close()
    page.goto(f"/gestion/acteurs/{SLUG}/historique")
    derniere = page.locator(".suivi-revision").first
    expect(derniere.locator(".suivi-qui")).to_contain_text("(proposition)")
    expect(derniere.locator("tbody tr")).to_have_count(1)
    expect(derniere.locator("tbody tr")).to_contain_text("horaires")
    contexte.close()
    with reading(ecran.gestion.engine) as session:
        gardee, _ = registre.get_saisie(session, SLUG)
    assert gardee.implantations[0].horaires == "Mo-Fr 09:00-17:00; Sa 09:00-12:00"
    assert gardee.conditions == "Ouvert à tous."


def test_everything_is_right_takes_one_touch(navigateur: Browser, ecran: Ecran) -> None:
    page = ouvrir(navigateur, ecran, script=True)
    bouton = page.get_by_role("button", name="Tout est exact")
    expect(bouton).to_be_in_viewport()
    bouton.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    page.goto(f"/acteurs/{SLUG}")
    expect(page.get_by_text("Confirmé le 10 mars 2026").first).to_be_visible()
    page.context.close()
