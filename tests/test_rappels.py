"""Who is written to: decided from a record, its mails and a day; what the DDFE sees and does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cartographie import courrier, registre
from cartographie.acteurs import Contact, ContactKind, Diffusion, Saisie, Visibilite
from cartographie.database import reading, transaction
from cartographie.lettres import EtatCourrier, Reponse
from cartographie.rappels import Envoi, Suivi, address, watch
from tests.commande import run
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil, refuge
from tests.poste import DDFE, EXPEDITEUR, Poste
from tests.site import MARDI, lire, texte

pytest_plugins = ["tests.bureau"]

SLUG = "accueil-la-mure"
PUBLIC = Contact(ContactKind.COURRIEL, "public@exemple.fr")
INTERNE = Contact(ContactKind.COURRIEL, "interne@exemple.fr", visibilite=Visibilite.INTERNE)


def envoi(jours: int, etat: EtatCourrier = EtatCourrier.ENVOYE, **autres: object) -> Envoi:
    """A mail of so many days ago."""
    quand = MARDI - timedelta(days=jours)
    base = Envoi(1, 1, "interne@exemple.fr", etat, quand, quand, quand, None, None)
    return replace(base, **autres)  # type: ignore[arg-type]


def situation(saisie: Saisie, *envois: Envoi, suivi: Suivi | None = None) -> str:
    veille = watch(saisie, suivi or Suivi(), envois, usuelle_mois=6, maintenant=MARDI)
    return veille.situation.value if veille else ""


@pytest.mark.parametrize(
    ("contacts", "choisie", "voulue"),
    [
        ((PUBLIC, INTERNE), "", "interne@exemple.fr"),
        ((PUBLIC,), "", "public@exemple.fr"),
        ((PUBLIC, INTERNE), "autre@exemple.fr", "autre@exemple.fr"),
        ((), "", ""),
    ],
)
def test_the_address_is_the_chosen_one_else_an_inner_one_else_a_public_one(
    contacts: tuple[Contact, ...], choisie: str, voulue: str
) -> None:
    assert address(accueil(contacts=contacts), Suivi(None, choisie)) == voulue


def test_a_record_is_due_when_nobody_looked_at_it_for_so_long() -> None:
    vue = accueil(verifie_le=date(2025, 9, 11))
    assert situation(vue) == "a-jour"
    assert situation(accueil(verifie_le=date(2025, 9, 10))) == "a-ecrire"
    assert situation(accueil(verifie_le=None)) == "a-ecrire"
    assert situation(vue, suivi=Suivi(3)) == "a-ecrire"
    assert situation(accueil(verifie_le=None), suivi=Suivi(0)) == "jamais"
    assert situation(accueil(verifie_le=None, contacts=())) == "sans-adresse"
    assert situation(accueil(diffusion=Diffusion.INTERNE)) == ""


def test_two_silences_call_for_a_person_and_an_answer_ends_them() -> None:
    fiche = accueil(verifie_le=None)
    assert situation(fiche, envoi(29)) == "ecrit"
    assert situation(fiche, envoi(31)) == "a-ecrire"
    assert situation(fiche, envoi(62), envoi(31)) == "muet"
    assert situation(fiche, envoi(62), envoi(0, EtatCourrier.ATTENTE)) == "en-attente"
    il_y_a_vingt_jours = MARDI - timedelta(days=20)
    repondu = envoi(31, reponse=Reponse.PROPOSITION, repondu_le=il_y_a_vingt_jours)
    assert situation(fiche, envoi(62), repondu) == "a-jour"
    assert situation(accueil(verifie_le=date(2025, 1, 1)), envoi(500), envoi(470)) == "a-ecrire"
    assert situation(fiche, envoi(62), envoi(31, EtatCourrier.PERIME)) == "a-ecrire"


@pytest.mark.parametrize("etat", [EtatCourrier.REFUSE, EtatCourrier.REVENU])
def test_a_bounce_calls_for_a_person_until_the_address_changes(etat: EtatCourrier) -> None:
    fiche = accueil(verifie_le=None)
    assert situation(fiche, envoi(1, etat)) == "revenu"
    assert situation(fiche, envoi(1, etat), suivi=Suivi(None, "neuve@exemple.fr")) == "a-ecrire"


# ── /gestion ──


def creer(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def page(qui: Navigateur, chemin: str) -> str:
    return texte(lire(qui.get(chemin).text))


def test_without_a_server_the_pages_say_so_and_nothing_is_lost(
    gestion: Gestion, editeur: Navigateur, poste: Poste
) -> None:
    creer(gestion, accueil(verifie_le=None), accueil(slug="autre", nom="Autre", verifie_le=None))
    accueil_dit = page(editeur, "/gestion")
    assert "Aucun courriel ne part d’ici" in accueil_dit
    assert "CARTO_URL_PUBLIQUE" in accueil_dit
    rappels = page(editeur, "/gestion/rappels")
    assert "CARTO_SMTP_URL et CARTO_COURRIEL_EXPEDITEUR" in rappels
    reponse = editeur.poster("/gestion/rappels", {"fiche": SLUG})
    assert (reponse.status_code, reponse.location) == (303, "/gestion/rappels?prets=1")
    assert "1 courriel attend de partir" in page(editeur, "/gestion/rappels")
    assert editeur.poster("/gestion/rappels/envoi").status_code == 303
    with reading(gestion.engine) as session:
        assert courrier.summary(session)[EtatCourrier.ATTENTE] == 1
        assert list(courrier.envois(session)) == [SLUG]
    # Twice the same click writes once: it waits already.
    editeur.poster("/gestion/rappels", {"fiche": SLUG})
    with reading(gestion.engine) as session:
        assert len(courrier.envois(session)[SLUG]) == 1


def test_the_ddfe_chooses_an_address_and_says_that_a_mail_came_back(
    gestion: Gestion, editeur: Navigateur
) -> None:
    creer(gestion, refuge())
    chemin = "/gestion/acteurs/hebergement-grenoble/rappels"
    assert "Sans adresse où écrire" in page(editeur, chemin)
    refus = editeur.poster(chemin, {"courriel": "pas une adresse", "frequence": "3"})
    assert refus.status_code == 422
    assert "pas une adresse" in refus.text
    assert editeur.poster(chemin, {"courriel": "", "frequence": "5"}).status_code == 422
    choix = {"courriel": "porteur@exemple.fr", "frequence": "3"}
    assert editeur.poster(chemin, choix).status_code == 303
    editeur.poster("/gestion/rappels", {"fiche": "hebergement-grenoble"})
    with transaction(gestion.engine) as session:
        lettre = courrier.claim(session, gestion.horloge())
        assert lettre is not None
        assert lettre.a == "porteur@exemple.fr"
        courrier.mark_sent(session, lettre.id, gestion.horloge())
    assert "Ce courriel est revenu" in page(editeur, chemin)
    assert editeur.poster(f"/gestion/courriers/{lettre.id}/revenu").status_code == 303
    assert "Courriel revenu ou refusé" in page(editeur, chemin)
    assert "1 service à appeler" in page(editeur, "/gestion")
    assert editeur.poster("/gestion/courriers/999/revenu").status_code == 404


# ── the command ──


def test_the_command_shows_then_writes_and_sends(
    gestion: Gestion, poste: Poste, tmp_path: Path
) -> None:
    creer(gestion, accueil(verifie_le=None), refuge())
    environ = {
        "CARTO_DATABASE_URL": gestion.engine.url.render_as_string(hide_password=False),
        "CARTO_INSTANCE": str(tmp_path / "instance"),
    }
    montre = run("remind", **environ)
    assert montre.exit_code == 0
    assert f"+ {SLUG}" in montre.output
    assert "1 fiches sans adresse." in montre.output
    assert "Rien n’est écrit" in montre.output
    sans_url = run("remind", "--apply", **environ)
    assert (sans_url.exit_code, "CARTO_URL_PUBLIQUE" in sans_url.output) == (2, True)
    environ["CARTO_URL_PUBLIQUE"] = "https://carte.exemple.fr"
    sans_serveur = run("remind", "--apply", **environ)
    assert (sans_serveur.exit_code, "attendent" in sans_serveur.output) == (0, True)
    assert poste.recus == []
    environ |= {"CARTO_COURRIEL_EXPEDITEUR": EXPEDITEUR, "CARTO_COURRIEL_DDFE": DDFE}
    panne = run("remind", "--apply", CARTO_SMTP_URL="smtp://127.0.0.1:1?starttls=0", **environ)
    assert panne.exit_code == 1
    with transaction(gestion.engine) as session:
        courrier.retry_now(session, MARDI)
    # What waits leaves without waiting for the morning of reminders; nothing is said of nothing.
    for attendu in ("1 envoyés, 0 refusés, 0 reportés.\n", ""):
        envoi = run("remind", "--envoyer", CARTO_SMTP_URL=poste.url, **environ)
        assert (envoi.exit_code, envoi.output) == (0, attendu)
    assert len(poste.recus) == 1
    encore = run("remind", "--apply", CARTO_SMTP_URL=poste.url, **environ)
    assert "0 courriels écrits" in encore.output
    assert len(poste.recus) == 1
