"""Links to partners: opened any number of times, answered once, dead when they should be."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cartographie import courrier, registre
from cartographie.acteurs import Diffusion, Statut
from cartographie.database import reading, transaction
from cartographie.models import Courrier, Rappel, SuiviPartenaire
from cartographie.rappels import Suivi
from cartographie.reduction import Demande
from cartographie.web.site import Site
from tests.comptes import Gestion
from tests.fabrique import refuge
from tests.partenaire import (
    EXPOSANTS,
    FAUX,
    SLUG,
    ancienne,
    creer,
    envoyer,
    exact,
    rappeler,
    repondre,
    revision,
    saisie,
    site,
)
from tests.poste import DDFE, EXPEDITEUR, PUBLIQUE, Poste, lien, texte

pytest_plugins = ["tests.bureau"]

# ── the mail ──


def test_the_mail_says_what_the_public_reads_and_its_envelope_says_nothing(
    bureau: Gestion, poste: Poste, recu: str
) -> None:
    (message,) = poste.recus
    assert message["To"] == "interne@exemple.fr"
    assert (message["From"], message["Reply-To"]) == (f"Carte des services <{EXPEDITEUR}>", DDFE)
    for entete in (message["From"], message["Subject"]):
        assert not EXPOSANTS.search(entete)
    assert "La Mure" not in message["Subject"]
    corps = texte(message)
    for fait in (
        "Accueil de La Mure (ALM)",
        "12 rue des Alpes, 38350 La Mure",
        "Lundi à vendredi : 9 h – 17 h",
        "04 76 30 00 02",
        "Français ; Arabe",
        "Frais : Gratuit",
        f"{PUBLIQUE}{recu}",
        "9 mai 2026",
    ):
        assert fait in corps, fait
    for interne in ("NOTE-SECRETE", "interne@exemple.fr", "exemple.fr/contact", "DDETS"):
        assert interne not in corps
    assert max(map(len, corps.replace(f"{PUBLIQUE}{recu}", "").splitlines())) <= 80


def test_a_record_known_by_its_zone_is_told_by_its_zone(bureau: Gestion, poste: Poste) -> None:
    creer(bureau, refuge(notes_internes="NOTE-SECRETE"))
    with transaction(bureau.engine) as session:
        courrier.set_suivi(session, "hebergement-grenoble", Suivi(None, "porteur@exemple.fr"))
    rappeler(bureau)
    envoyer(bureau)
    (message,) = poste.recus
    corps = texte(message)
    assert "Secteur montré : Grenoble (aucune adresse)" in corps
    assert "115" in corps
    assert "NOTE-SECRETE" not in corps
    page = bureau.app.test_client().get(f"{lien(message)}?modifier=1").text
    assert "N’écrivez ici ni adresse" in page
    for champ in ("implantations", "contacts", "relais", "site_web"):
        assert f'name="{champ}' not in page


def test_nothing_is_written_about_what_the_public_does_not_see(
    bureau: Gestion, poste: Poste
) -> None:
    creer(
        bureau,
        ancienne(slug="cachee", diffusion=Diffusion.INTERNE),
        ancienne(slug="brouillon", statut=Statut.BROUILLON),
        ancienne(slug="archive", statut=Statut.ARCHIVE),
    )
    rappeler(bureau)
    rappeler(bureau, "cachee", "brouillon", "archive")
    assert envoyer(bureau) == courrier.Bilan()
    assert poste.recus == []


# ── opened any number of times, answered once ──


def test_five_gets_and_a_head_change_nothing_then_the_post_works_once(
    bureau: Gestion, recu: str
) -> None:
    client = bureau.app.test_client()
    avant = saisie(bureau.engine)
    pages = [client.get(recu) for _ in range(5)]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    tete = client.head(recu)
    assert (tete.status_code, tete.data) == (200, b"")
    assert client.get(f"{recu}?modifier=1").status_code == 200
    assert saisie(bureau.engine) == avant
    oui = exact(bureau, recu)
    assert (oui.status_code, oui.location) == (303, "/partenaires/merci?reponse=exact")
    apres = saisie(bureau.engine)
    assert apres == replace(avant, verifie_le=bureau.horloge().date(), verifie_par="partenaire")
    with reading(bureau.engine) as session:
        ecriture = registre.history(session, SLUG)[0]
    assert (ecriture.par, ecriture.moyen) == ("partenaire", "lien de rappel n° 1")
    encore = repondre(bureau, recu, {"geste": "exact"})
    assert encore.status_code == 410
    assert "Ce lien a déjà servi" in encore.text
    assert client.get(recu).status_code == 410
    assert saisie(bureau.engine) == apres


def test_of_several_answers_at_once_one_is_kept(bureau: Gestion, recu: str) -> None:
    jeton = revision(bureau, recu)

    barriere = Barrier(4)

    def geste(_: int) -> int:
        barriere.wait()
        return repondre(bureau, recu, {"revision": jeton, "geste": "exact"}).status_code

    with ThreadPoolExecutor(4) as fils:
        assert sorted(fils.map(geste, range(4))) == [303, 410, 410, 410]
    with reading(bureau.engine) as session:
        assert registre.revisions(session)[SLUG] == 2


def test_a_link_expires(bureau: Gestion, recu: str) -> None:
    jeton = revision(bureau, recu)
    bureau.horloge.avance(days=60, seconds=1)
    for reponse in (
        bureau.app.test_client().get(recu),
        repondre(bureau, recu, {"revision": jeton, "geste": "exact"}),
    ):
        assert reponse.status_code == 410
        assert "Ce lien a expiré" in reponse.text
        assert "Répondez au courriel" in reponse.text
    assert saisie(bureau.engine).verifie_le is None


def test_a_link_is_for_one_record_and_not_altered(bureau: Gestion, poste: Poste, recu: str) -> None:
    creer(bureau, ancienne(slug="autre", nom="Autre accueil"))
    rappeler(bureau)
    envoyer(bureau)
    autre = lien(poste.recus[1])
    (tete_a, fin_a), (tete_b, fin_b) = (chemin.rsplit(".", 1) for chemin in (recu, autre))
    for melange in (f"{tete_a}.{fin_b}", f"{tete_b}.{fin_a}", recu[:-1], f"{recu}a", FAUX):
        reponse = repondre(bureau, melange, {"geste": "exact"})
        assert reponse.status_code == 404
        assert "Ce lien n’ouvre rien" in reponse.text
    # The number of a form belongs to its record as well.
    croise = {"revision": revision(bureau, autre), "geste": "exact"}
    assert repondre(bureau, recu, croise).status_code == 400
    assert {saisie(bureau.engine, slug).verifie_le for slug in (SLUG, "autre")} == {None}


def test_a_record_that_moved_on_is_read_again_before_it_is_confirmed(
    bureau: Gestion, recu: str
) -> None:
    jeton = revision(bureau, recu)
    with transaction(bureau.engine) as session:
        change = replace(ancienne(), conditions="Sur rendez-vous.")
        registre.update_acteur(
            session, SLUG, change, revision_lue=1, par="camille", moyen="formulaire"
        )
    reponse = repondre(bureau, recu, {"revision": jeton, "geste": "exact"})
    assert reponse.status_code == 409
    assert "Sur rendez-vous." in reponse.text
    assert saisie(bureau.engine).verifie_le is None
    assert exact(bureau, recu).status_code == 303


# ── what is seen from outside ──


def test_a_link_leaves_no_trace_and_no_other_site_may_use_it(bureau: Gestion, recu: str) -> None:
    reponse = bureau.app.test_client().get(recu)
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in reponse.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in reponse.headers
    assert "Content-Encoding" not in reponse.headers
    titre = re.search("<title>(.*?)</title>", reponse.text)
    assert titre is not None
    assert not EXPOSANTS.search(titre[1])
    assert "La Mure" not in titre[1]
    corps = {"revision": revision(bureau, recu), "geste": "exact"}
    for entetes in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://exemple.fr"}):
        assert repondre(bureau, recu, corps, headers=entetes).status_code == 403
    assert saisie(bureau.engine).verifie_le is None
    # What an older phone says of our own page, which gives no referrer.
    assert repondre(bureau, recu, corps, headers={"Origin": "null"}).status_code == 303


@pytest.mark.parametrize("etat", ["abaissee", "archivee"])
def test_a_link_of_a_hidden_record_is_answered_like_any_wrong_text(
    bureau: Gestion, recu: str, etat: str
) -> None:
    jeton = revision(bureau, recu)
    cacher(bureau, etat)
    client = bureau.app.test_client()
    corps = {"revision": jeton, "geste": "exact"}
    for methode, donnees in (("GET", None), ("HEAD", None), ("POST", corps)):
        vraie, fausse = (
            client.open(chemin, method=methode, data=donnees) for chemin in (recu, FAUX)
        )
        assert (vraie.status_code, vraie.data) == (404, fausse.data)
        assert list(vraie.headers) == list(fausse.headers)


def cacher(bureau: Gestion, etat: str) -> None:
    with transaction(bureau.engine) as session:
        actuelle, numero = registre.get_saisie(session, SLUG)
        if etat == "archivee":
            archive = replace(actuelle, statut=Statut.ARCHIVE)
            registre.update_acteur(
                session, SLUG, archive, revision_lue=numero, par="camille", moyen="essai"
            )
        else:
            abaisser(session, site(bureau), numero)


def abaisser(session: Session, installation: Site, numero: int) -> None:
    vides = ("sigle", "description", "conditions", "source", "notes_internes", "verifie_par")
    textes = {"nom": "Accueil", **dict.fromkeys(vides, "")}
    demande = Demande(Diffusion.INTERNE, textes=textes)
    referentiel = installation.referentiel
    registre.lower(session, SLUG, demande, referentiel, revision_lue=numero, par="camille")


def test_lowering_a_record_erases_what_was_written_about_it(bureau: Gestion, poste: Poste) -> None:
    creer(bureau, ancienne(), ancienne(slug="autre"))
    with transaction(bureau.engine) as session:
        for slug in (SLUG, "autre"):
            courrier.set_suivi(session, slug, Suivi(3, "autre@exemple.fr"))
    rappeler(bureau)
    with transaction(bureau.engine) as session:
        actuelle, numero = registre.get_saisie(session, SLUG)
        abaisser(session, site(bureau), numero)
    assert actuelle.diffusion is Diffusion.PUBLIQUE
    with reading(bureau.engine) as session:
        for table in (Courrier, Rappel, SuiviPartenaire):
            restent = session.execute(select(table.acteur)).scalars().all()
            assert restent == ["autre"], table
    assert envoyer(bureau).envoyes == 1
    assert "Alpes" in texte(poste.recus[0])
