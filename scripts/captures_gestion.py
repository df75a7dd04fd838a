"""What /gestion looks like, for the guide of the DDFE: signed in as an editor, step by step.

Called by `scripts.captures`. Two people work at once, so that a conflict is a real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from flask import Flask
from playwright.sync_api import Browser, Page

from cartographie import comptes, propositions, registre
from cartographie.acteurs import Saisie
from cartographie.database import transaction
from cartographie.depots import Depot
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion import hachage
from cartographie.web.site import Site
from scripts.cibles import CIBLE, CaptureError

COURRIEL = "eve.martin@exemple.fr"
COLLEGUE = "camille.durand@exemple.fr"
MOT_DE_PASSE = "tortue velours neuf marins"
FICHE = "osj-le-relais-grenoble"
ADRESSE = f"/gestion/acteurs/{FICHE}"
TAILLES = {360: 740, 1280: 800}


def take_all(chromium: Browser, app: Flask, adresse: str) -> None:
    """Every step of the guide, in both widths."""
    prepare(app)
    for rang, largeur in enumerate(TAILLES):
        with signed_in(chromium, adresse, largeur) as page:
            browse(page, app, adresse, largeur, rang)


def prepare(app: Flask) -> None:
    """Two accounts, and a few records that were confirmed some time ago."""
    site: Site = app.extensions["cartographie"]
    with app.app_context(), transaction(site.engine) as session:
        for courriel, nom in ((COURRIEL, "Ève Martin"), (COLLEGUE, "Camille Durand")):
            compte = comptes.create_compte(
                session, courriel, nom, RoleCompte.EDITEUR, site.horloge()
            )
            comptes.set_mot_de_passe(session, compte.id, hachage.hacher(MOT_DE_PASSE))
    for slug, jour in (("aiv-grenoble", date(2025, 7, 1)), ("fondation-boissel", date(2024, 9, 5))):
        write(app, slug, COURRIEL, {"verifie_le": jour, "verifie_par": "Ève Martin"})
    propose(app)


def propose(app: Flask) -> None:
    """What a partner and a visitor sent."""
    site: Site = app.extensions["cartographie"]
    maintenant = site.horloge()
    neuf = {"conditions": "Sur rendez-vous, du lundi au jeudi.", "langues": ["fr", "ar"]}
    merci = "Nous recevons maintenant sur rendez-vous. Merci !"
    depots = (
        Depot(FICHE, "partenaire", "mise-a-jour", merci, neuf),
        Depot("aiv-grenoble", "public", "danger", "Un des numéros est celui d’une salariée."),
        Depot("fondation-boissel", "public", "ferme", precisions={"depuis": "février 2026"}),
    )
    with transaction(site.engine) as session:
        for depot in depots:
            propositions.submit(session, depot, site.referentiel, maintenant=maintenant)


def write(app: Flask, slug: str, par: str, valeurs: dict[str, object]) -> None:
    """A colleague saves something meanwhile."""
    site: Site = app.extensions["cartographie"]
    with transaction(site.engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        apres: Saisie = replace(saisie, **valeurs)  # type: ignore[arg-type]
        registre.update_acteur(
            session, slug, apres, revision_lue=revision, par=par, moyen="formulaire"
        )


@contextmanager
def signed_in(chromium: Browser, adresse: str, largeur: int) -> Iterator[Page]:
    """Come in through the page that the guide shows."""
    contexte = chromium.new_context(
        viewport={"width": largeur, "height": TAILLES[largeur]}, locale="fr-FR"
    )
    page = contexte.new_page()
    page.goto(f"{adresse}/gestion")
    shoot(page, "connexion", largeur, "Connexion")
    page.locator("[name=courriel]").fill(COURRIEL)
    page.locator("[name=mot_de_passe]").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    yield page
    contexte.close()


def browse(page: Page, app: Flask, adresse: str, largeur: int, rang: int) -> None:
    """The steps of the guide, in its order."""
    shoot(page, "accueil", largeur, "Fiches à tenir")
    page.goto(adresse + ADRESSE)
    shoot(page, "formulaire", largeur, "Qui")
    page.locator("[name=frais]").fill(f"Gratuit, sauf les repas ({rang + 1} €)")
    page.get_by_role("button", name="Voir ce que verra le public").click()
    shoot(page, "apercu", largeur, "public")
    write(app, FICHE, COLLEGUE, {"frais": f"Adhésion de {rang + 3} €"})
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    shoot(page, "conflit", largeur, "Cette fiche a été modifiée")
    for nom, chemin, mots in (
        ("historique", f"{ADRESSE}/historique", "Révision"),
        ("diffusion", f"{ADRESSE}/diffusion", "Ce que révèle cette fiche"),
        ("diffusion-zone", f"{ADRESSE}/diffusion?vers=zone", "Ce qui va disparaître"),
        ("suivi", "/gestion/suivi", "Suivi"),
        ("bilan", "/gestion/bilan/2022", "Bilan 2022"),
        ("propositions", "/gestion/propositions", "quelqu’un en danger"),
        ("proposition", "/gestion/propositions/1", "Ce qui est proposé"),
    ):
        page.goto(adresse + chemin)
        shoot(page, nom, largeur, mots)


def shoot(page: Page, nom: str, largeur: int, mots: str) -> None:
    """One picture of one first screen, refused when these words are not in the page."""
    if mots.lower() not in page.locator("body").inner_text().lower():
        raise CaptureError(f"gestion-{nom} : « {mots} » n’est pas dans la page.")
    fichier = CIBLE / f"gestion-{nom}-{largeur}.png"
    page.screenshot(path=fichier, animations="disabled")
    print(f"docs/captures/{fichier.name}")
