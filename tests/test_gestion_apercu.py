"""What the public will see, before it is saved; addresses that nobody answers."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask

from cartographie.acteurs import Diffusion, Localisation, Precision
from cartographie.errors import GeocodeurInjoignable
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil
from tests.formulaires import (
    SLUG,
    ajouter,
    caches,
    champs,
    envoyer,
    gardee,
    ouvrir,
    poser_geocodeur,
)
from tests.site import avec_classe, lire

pytest_plugins = ("tests.mure",)


# ── addresses ──


class Muet:
    """A geocoder that does not answer, and says that it was asked."""

    def __init__(self) -> None:
        self.demandes = 0

    def geocoder(self, *_: str) -> Localisation:
        self.demandes += 1
        raise GeocodeurInjoignable("Le géocodeur ne répond pas ; réessayez plus tard.")


def test_without_an_answer_the_record_is_saved_and_says_what_is_left_to_do(
    mure: Flask, editeur: Navigateur
) -> None:
    poser_geocodeur(mure, Muet())
    tapes = ouvrir(editeur, SLUG)
    nouvelle = {"implantations.0.adresse": "3 rue Neuve"}
    apercu = envoyer(editeur, SLUG, tapes, "apercu", **nouvelle)
    assert "ne répond pas" in apercu.text
    reponse = envoyer(editeur, SLUG, tapes, **nouvelle)
    assert reponse.status_code == 303
    (porte,) = gardee(mure, SLUG)[0].implantations
    assert porte.localisation.precision is Precision.COMMUNE
    assert "géocodeur injoignable" in editeur.get(reponse.headers["Location"]).text


def test_a_hidden_place_is_never_asked_about(mure: Flask, editeur: Navigateur) -> None:
    muet = Muet()
    poser_geocodeur(mure, muet)
    for geste in ("geocoder.implantations.0", "apercu", "enregistrer"):
        tapes = ouvrir(editeur, "hebergement-grenoble")
        envoyer(
            editeur, "hebergement-grenoble", tapes, geste, **{"implantations.0.zone": "departement"}
        )
    assert muet.demandes == 0


# ── preview ──


def squelette(html: str) -> str:
    """The words and links of a fragment."""
    return re.sub(r"\s+", " ", html)


def test_the_preview_is_the_public_page_and_line_to_the_letter(
    mure: Flask, editeur: Navigateur
) -> None:
    for slug in (SLUG, "hebergement-grenoble"):
        tapes = ouvrir(editeur, slug)
        apercu = envoyer(editeur, slug, tapes, "apercu", description="Tout nouveau.").text
        assert "Tout nouveau." not in editeur.get(f"/acteurs/{slug}").text
        envoyer(editeur, slug, tapes, description="Tout nouveau.")
        public = editeur.get(f"/acteurs/{slug}").text
        fiche = public.split('<header class="fiche__tete">')[1].split("</article>")[0]
        # After the record, what one may do with it: send its text, keep it, say what is wrong.
        fragment, gestes = fiche.split('<details class="fiche__sms">')
        assert squelette(fragment) in squelette(apercu)
        assert squelette(gestes.split('<p class="fiche__actions">')[0]) in squelette(apercu)
        liste = editeur.get("/?q=La+Mure" if slug == SLUG else "/?q=Hébergement").text
        ligne = f'<li class="resultat" data-slug="{slug}"'
        publique = ligne + liste.split(ligne)[1].split("</li>")[0]
        assert squelette(publique) in squelette(apercu)


def test_from_the_preview_one_saves_or_goes_back_without_losing_a_word(
    mure: Flask, editeur: Navigateur
) -> None:
    apercu = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), "apercu", frais="2 €").text
    portes = caches(apercu, SLUG)
    retour = champs(envoyer(editeur, SLUG, portes, "corriger").text)
    assert retour["frais"] == ["2 €"]
    assert gardee(mure, SLUG)[1] == 1
    assert envoyer(editeur, SLUG, portes, "enregistrer").status_code == 303
    assert gardee(mure, SLUG) == (replace(accueil(), frais="2 €"), 2)


def test_an_internal_record_previews_as_nothing(gestion: Gestion, editeur: Navigateur) -> None:
    ajouter(gestion.app, accueil(diffusion=Diffusion.INTERNE))
    apercu = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), "apercu")
    assert "le public n’en voit pas même le nom" in apercu.text
    assert list(avec_classe(lire(apercu.text), "apercu")) == []
