"""Hostile texts on their way: forms sent, files brought, mails written, questions reflected."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from email import message_from_bytes, policy
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import render_template
from sqlalchemy import select
from werkzeug.test import TestResponse

from cartographie import courrier, propositions
from cartographie.database import reading, transaction
from cartographie.echanges.formats import FORMATS
from cartographie.lettres import Lettre
from cartographie.models import Courrier
from cartographie.sms import BASE, DOUBLE, gsm
from cartographie.smtp import Serveur, write
from cartographie.texte import CONTROLES
from cartographie.web.gestion import revisions
from tests.comptes import Navigateur
from tests.formulaires import envoyer, ouvrir
from tests.injection.champs import piege, poser, valeur
from tests.injection.lecteurs import LECTEURS, page, plat, serre
from tests.injection.monde import SIMPLE, Monde
from tests.injection.surfaces import PUBLICS
from tests.injection.test_surfaces import ESSAI, FAUTE
from tests.injection.textes import HOSTILES, LIGNES, REFUSES
from tests.preuves import Preuve
from tests.site import lire

REFLET = "textes × paramètres reflétés"
# Parameters that come back in a page, and the addresses that take them.
REFLETS = (
    "/?q={}", "/?lieu={}", "/?type={}", "/?rayon_km={}", "/proches?q={}", "/proches?lieu={}",
    "/communes?q={}", "/annuaire?q={}", "/annuaire?lieu={}", "/couverture?besoin={}",
    "/integration?titre={}", "/integration?q={}", "/integration/carte?titre={}",
    "/integration/carte?q={}", "/integration/carte?centre={}", "/oembed?url={}",
    "/oembed?url=http://carte.exemple.fr/?q={}", "/acteurs.csv?q={}", "/acteurs/{}", "/absente/{}",
    "/objectifs/{}", "/ogc/collections/{}", "/ogc/collections/acteurs/items?f=html&q={}",
    "/ogc/collections/acteurs/items?bbox={}", "/flux.atom?objectif={}", "/partenaires/{}",
    "/gestion/connexion?suite={}", "/partenaires/merci?reponse={}",
)  # fmt: skip
REFLETS_DE_GESTION = (
    "/gestion?q={}",
    "/gestion?soin={}",
    "/gestion/acteurs/{}",
    "/gestion?fait={}",
)


@pytest.mark.parametrize("geste", ["apercu", "conflit", "faute"])
def test_a_form_that_comes_back_holds_what_was_typed(
    geste: str, monde: Monde, preuve: Preuve
) -> None:
    # In turns, as pages of one record are.
    slugs = list(monde.textes)[len(geste) % 4 :: 4]
    absents = []
    for slug in slugs:
        tape = ouvrir(monde.editeur, slug)
        nom = monde.pieges[slug].nom
        if geste == "conflit":
            with monde.gestion.app.app_context():
                tape["revision"] = [revisions.sign(slug, 1)]
            tape |= {
                cle: [dit.replace(monde.textes[slug], SIMPLE) for dit in dits]
                for cle, dits in tape.items()
                if cle.endswith((".commune", ".horaires"))
            }
            reponse = envoyer(monde.editeur, slug, tape, nom=nom[:-1], frais="3 €")
            voulus = [(champ, valeur(champ, monde.textes[slug])) for champ in ("nom", "conditions")]
        elif geste == "faute":
            reponse = envoyer(monde.editeur, slug, tape, sigle=nom + "\u202e")
            voulus = [("sigle", nom), ("description", valeur("description", monde.textes[slug]))]
        else:
            reponse = envoyer(monde.editeur, slug, tape, "apercu", frais=nom)
            voulus = [(c, valeur(c, monde.textes[slug])) for c in ("nom", *PUBLICS[2:4])]
        assert reponse.status_code == {"apercu": 200, "conflit": 409, "faute": 422}[geste]
        dits = page(reponse.data)
        absents += [(slug, champ) for champ, texte in voulus if plat(texte) not in dits]
    preuve(ESSAI, 3 * len(slugs), FAUTE, len(absents))
    assert absents == []


@pytest.mark.parametrize("forme", FORMATS)
def test_a_file_is_read_back_as_it_was_written(forme: str, monde: Monde, preuve: Preuve) -> None:
    referentiel = monde.gestion.app.extensions["cartographie"].embarque
    neuves = [
        replace(saisie, slug=slug.replace("piege", f"neuf-{forme}"), porteur="")
        for slug, saisie in monde.pieges.items()
    ]
    contenu = FORMATS[forme].write_complet(neuves, referentiel)
    reponse = deposer(monde.editeur, contenu, f"=cmd|'{forme}<b>.{forme}")
    assert reponse.status_code == 303, plat(" ".join(lire(reponse.text).itertext()))[:900]
    dits = page(monde.editeur.get(reponse.location).data)
    absents = [saisie.slug for saisie in neuves if plat(saisie.nom) not in dits]
    preuve(ESSAI, len(neuves), FAUTE, len(absents))
    assert absents == []


def test_what_is_wrong_in_a_file_is_said_with_its_words(monde: Monde) -> None:
    referentiel = monde.gestion.app.extensions["cartographie"].embarque
    fausses = [
        poser(piege(f"faux-{rang}", "Un texte", rang), "type", texte[:60])
        for rang, texte in enumerate((HOSTILES | REFUSES | LIGNES).values())
        if "\x00" not in texte
    ]
    contenu = FORMATS["geojson"].write_complet(fausses, referentiel)
    reponse = deposer(monde.editeur, contenu, "faux.geojson")
    assert reponse.status_code == 422
    dits = page(reponse.data)
    for texte in list(HOSTILES.values())[:8]:
        assert plat(texte[:30]) in dits


def deposer(qui: Navigateur, contenu: bytes, nom: str) -> TestResponse:
    """Bring a file."""
    fichier = {"fichier": (io.BytesIO(contenu), nom)}
    return qui.poster("/gestion/imports", fichier, content_type="multipart/form-data")


def test_a_mail_has_its_headers_and_its_words_and_no_others(monde: Monde, preuve: Preuve) -> None:
    serveur = Serveur.read("smtp://127.0.0.1:25?starttls=0", "carte@exemple.fr", "ddfe@exemple.fr")
    with reading(monde.gestion.engine) as session:
        numeros = session.scalars(select(Courrier.id)).all()
        lettres = [courrier.find(session, numero) for numero in numeros]
    rappels = [lettre for lettre in lettres if lettre and lettre.acteur in monde.pieges]
    assert len(rappels) == len(monde.pieges)
    abimes = []
    for lettre in [*rappels, *_reponses(monde)]:
        message = message_from_bytes(
            write(lettre, serveur, monde.gestion.horloge()).as_bytes(), policy=policy.default
        )
        assert set(message.keys()) == {
            "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
            "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
        }  # fmt: skip
        assert message["To"] == lettre.a
        assert message.get_content_type() == "text/plain"
        (partie,) = message.walk()
        corps = serre(partie.get_content())
        voulu = monde.pieges[lettre.acteur].nom if lettre.acteur in monde.pieges else lettre.reponse
        if serre(voulu) not in corps:
            abimes.append(lettre.id)
    preuve(ESSAI, len(rappels) + len(monde.textes), FAUTE, len(abimes))
    assert abimes == []


def _reponses(monde: Monde) -> list[Lettre]:
    """What would be answered to partners, with each text as the word of the moderator."""
    modele = _premiere(monde)
    with monde.gestion.app.test_request_context():
        return [
            replace(
                modele,
                acteur="",
                reponse=texte,
                corps=render_template("courriels/reponse.txt", mot=texte),
            )
            for texte in monde.textes.values()
        ]


def _premiere(monde: Monde) -> Lettre:
    with reading(monde.gestion.engine) as session:
        numero = session.scalars(select(Courrier.id).limit(1)).one()
        lettre = courrier.find(session, numero)
    assert lettre is not None
    return lettre


def test_a_text_message_is_one_text_in_its_alphabet(monde: Monde, preuve: Preuve) -> None:
    abimes = []
    for slug, saisie in monde.pieges.items():
        liens = [
            e.get("href", "")
            for e in lire(monde.visiteur.get(f"/acteurs/{slug}").text).iter("a")
            if e.get("href", "").startswith("sms:?")
        ]
        assert len(liens) == 1, slug
        corps = parse_qs(urlsplit(liens[0]).query, strict_parsing=False)
        (texte,) = corps["body"]
        assert set(texte) <= BASE | DOUBLE
        if not texte.startswith(gsm(saisie.nom)[:10].rstrip()):
            abimes.append(slug)
    preuve(ESSAI, len(monde.pieges), FAUTE, len(abimes))
    assert abimes == []


def refleter(monde: Monde, un_sur: int) -> int:
    """Ask every address with one text out of so many, in turns; how many were asked."""
    essais = 0
    for modele in (*REFLETS, *REFLETS_DE_GESTION):
        qui = monde.editeur if modele in REFLETS_DE_GESTION else monde.visiteur
        for rang, texte in enumerate((HOSTILES | REFUSES | LIGNES).values()):
            if (rang + len(modele)) % un_sur:
                continue
            reponse = qui.get(modele.format(quote(texte, safe="")))
            assert reponse.status_code < 500, (modele, texte)
            if reponse.status_code not in {301, 302, 303, 308}:
                # What nobody sees comes back to who sent it, and to nobody else.
                vu = CONTROLES.sub("", reponse.text).encode()
                LECTEURS[str(reponse.mimetype)](vu)
            essais += 1
    return essais


def test_a_question_that_comes_back_is_a_text(monde: Monde, preuve: Preuve) -> None:
    preuve(REFLET, refleter(monde, 9), "exécutions", 0)


@pytest.mark.long
def test_every_question_that_comes_back_is_a_text(monde: Monde, preuve: Preuve) -> None:
    preuve(REFLET, refleter(monde, 1), "exécutions", 0)


def test_nothing_of_a_text_is_logged_whatever_is_asked(
    monde: Monde, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for texte in HOSTILES.values():
            monde.visiteur.get(f"/?q={quote(texte)}", headers={"User-Agent": quote(texte)})
            monde.visiteur.get(f"/{quote(texte, safe='')}")
    assert "xss" not in caplog.text
    assert "passwd" not in caplog.text


def test_a_message_in_danger_says_nothing_of_itself_by_mail(monde: Monde) -> None:
    with reading(monde.gestion.engine) as session:
        attente = propositions.pending(session)
    assert len(attente) >= 2 * len(monde.textes)
    assert {p.texte for p in attente} == {texte.strip() for texte in monde.textes.values()}
    with transaction(monde.gestion.engine) as session:
        assert propositions.count(session)[1] == 0
