"""What a new record is made of: a draft, a name, an address that tells nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cartographie.acteurs import (
    Diffusion,
    Statut,
)
from cartographie.referentiel import Referentiel
from cartographie.saisies import lire_creation, slug_neutre
from cartographie.validation import valider
from tests.fabrique import accueil

pytest_plugins = ("tests.relecture",)


def test_a_creation_is_a_draft_with_a_neutral_slug(referentiel: Referentiel) -> None:
    demande = {"nom": ["Maison des Femmes de l’Isère"], "type": ["LEAO"], "diffusion": ["publique"]}
    creation = lire_creation(demande, {"maison-l-isere"}, referentiel.vocabulaire)
    assert creation.saisie is not None
    assert (creation.saisie.statut, creation.saisie.diffusion) == (
        Statut.BROUILLON,
        Diffusion.PUBLIQUE,
    )
    assert "femme" not in creation.saisie.slug
    assert valider(creation.saisie, referentiel, {}) == ()


def test_a_hidden_place_has_a_slug_that_tells_nothing(referentiel: Referentiel) -> None:
    demande = {"nom": ["Foyer de Mens"], "type": ["HEBERGEMENT"], "diffusion": ["zone"]}
    saisie = lire_creation(demande, (), referentiel.vocabulaire).saisie
    assert saisie is not None
    assert saisie.slug.startswith("hebergement-")
    assert "mens" not in saisie.slug
    public = lire_creation(demande | {"diffusion": ["publique"]}, (), referentiel.vocabulaire)
    assert [faute.champ for faute in public.fautes] == ["diffusion"]


def test_an_empty_creation_lists_what_is_missing(referentiel: Referentiel) -> None:
    fautes = lire_creation({}, (), referentiel.vocabulaire).fautes
    assert [faute.champ for faute in fautes] == ["nom", "type", "diffusion"]


@given(nom=st.text(max_size=300))
def test_any_name_gives_a_slug_that_may_be_kept(referentiel: Referentiel, nom: str) -> None:
    for texte in (nom, f"victimes {nom} femmes"):
        saisie = accueil(slug=slug_neutre(texte, "LEAO", ()))
        assert [f for f in valider(saisie, referentiel, {}) if f.champ == "slug"] == []
