"""28 hostile texts in every field of a record, on every page and in every file that shows it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from cartographie.acteurs import Saisie
from tests.injection.champs import valeur
from tests.injection.lecteurs import LECTEURS, document, plat, serre
from tests.injection.monde import Monde
from tests.injection.surfaces import ENSEMBLES, PAR_FICHE, Surface
from tests.preuves import Preuve

ESSAI = "textes × champs × surfaces"
FAUTE = "textes abîmés"


def lus(monde: Monde, surface: Surface, **noms: str) -> str:
    """Everything that is read there, by a reader of that format."""
    morceaux = []
    for modele in surface.adresses:
        adresse = modele.format(**noms)
        qui = {"": monde.visiteur, "editeur": monde.editeur}.get(surface.role, monde.administrateur)
        reponse = qui.get(adresse)
        assert reponse.status_code == 200, (adresse, reponse.status_code)
        morceaux.append(LECTEURS[str(reponse.mimetype)](reponse.data))
    return "\x1f".join(morceaux)


def manquants(dits: str, surface: Surface, pieges: Iterable[tuple[str, str]]) -> list[str]:
    """Fields that are not read as they were typed. `pieges`: slug and text."""
    absents = []
    for slug, texte in pieges:
        for champ in surface.champs:
            attendus = [plat(valeur(champ, texte))[: surface.largeur]]
            # A part in an objective is told in a sentence, after « au titre de : ».
            if champ == "participations.source":
                attendus = [attendus[0][1:]]
            lu = dits
            if surface.en_lignes:
                lu, attendus = serre(dits), [*map(serre, valeur(champ, texte).splitlines())]
            if any(attendu not in lu for attendu in attendus):
                absents.append(f"{surface.nom} {slug} {champ}")
    return absents


def par_fiche(monde: Monde, surface: Surface, rangs: Iterable[int]) -> tuple[int, list[str]]:
    """How many texts were looked for on the pages of these records, and what is missing."""
    essais, absents = 0, []
    slugs = list(monde.textes)
    for rang in rangs:
        slug = slugs[rang]
        noms = {
            "slug": slug,
            "public": str(2 * rang + 1),
            "partenaire": str(2 * rang + 2),
            "releve": f"R{rang + 79:03}",
            "lien": monde.partenaires[slug],
        }
        absents += manquants(lus(monde, surface, **noms), surface, [(slug, monde.textes[slug])])
        essais += max(1, len(surface.champs))
    return essais, absents


@pytest.mark.parametrize("surface", ENSEMBLES, ids=lambda s: s.nom)
def test_a_page_or_file_of_all_shows_each_text_as_typed(
    surface: Surface, monde: Monde, preuve: Preuve
) -> None:
    absents = manquants(lus(monde, surface), surface, monde.textes.items())
    preuve(ESSAI, max(1, len(surface.champs)) * len(monde.textes), FAUTE, len(absents))
    assert absents == []


@pytest.mark.parametrize("rang", range(len(PAR_FICHE)), ids=[s.nom for s in PAR_FICHE])
def test_a_page_of_one_record_shows_it_as_typed(rang: int, monde: Monde, preuve: Preuve) -> None:
    # In turns: each text is on two or three kinds of pages, each kind has five or six texts.
    choisis = range(rang % 5, len(monde.textes), 5)
    essais, absents = par_fiche(monde, PAR_FICHE[rang], choisis)
    preuve(ESSAI, essais, FAUTE, len(absents))
    assert absents == []


@pytest.mark.long
@pytest.mark.parametrize("surface", PAR_FICHE, ids=lambda s: s.nom)
def test_every_page_of_every_record_shows_it_as_typed(
    surface: Surface, monde: Monde, preuve: Preuve
) -> None:
    essais, absents = par_fiche(monde, surface, range(len(monde.textes)))
    preuve(ESSAI, essais, FAUTE, len(absents))
    assert absents == []


@pytest.mark.parametrize(
    ("adresse", "lecteur"),
    [("/annuaire.pdf?type=LEAO", ""), ("/gestion/bilan/2023.pdf", "editeur")],
)
def test_paper_shows_what_its_letters_can(
    adresse: str, lecteur: str, monde: Monde, preuve: Preuve
) -> None:
    from cartographie.impression.caracteres import imprimable

    qui = monde.editeur if lecteur else monde.visiteur
    reponse = qui.get(adresse)
    assert (reponse.status_code, reponse.mimetype) == (200, "application/pdf")
    dits = document(reponse.data)
    absents = [
        slug for slug, texte in monde.textes.items()
        if serre(imprimable(valeur("nom", texte))) not in dits
    ]  # fmt: skip
    preuve(ESSAI, len(monde.textes), FAUTE, len(absents))
    assert absents == []
    assert "root:" not in dits


def test_a_record_known_by_its_zone_shows_the_texts_that_it_may_hold(
    monde: Monde, preuve: Preuve
) -> None:
    assert len(monde.en_zone) >= 25
    absents = []
    for slug, saisie in monde.en_zone.items():
        dits = lus(monde, Surface("fiche", (f"/acteurs/{slug}",), ()))
        absents += [slug for texte in _de_zone(saisie, monde) if plat(texte) not in dits]
    preuve(ESSAI, 5 * len(monde.en_zone), FAUTE, len(absents))
    assert absents == []


def _de_zone(saisie: Saisie, monde: Monde) -> Iterable[str]:
    assert saisie.relais is not None
    yield from (saisie.nom, saisie.description, saisie.conditions, saisie.relais.libelle)
    yield monde.pieges[saisie.porteur].nom
