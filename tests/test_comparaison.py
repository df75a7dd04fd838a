"""Records compared: what changed in words, who changed what, and how two edits are joined."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Contact, ContactKind, Diffusion, Saisie, Statut, Visibilite
from cartographie.comparaison import Touche, comparer, differences, fusionner
from cartographie.database import reading
from cartographie.libelles import CHAMPS, TERMES, dire
from cartographie.referentiel import Referentiel
from tests.fabrique import PORTE, accueil, porte, refuge


def avec_telephone(saisie: Saisie, numero: str) -> Saisie:
    return replace(saisie, implantations=porte(saisie, {}, telephone=numero))


def test_every_field_of_a_record_has_a_french_name() -> None:
    parties = (*fields(Saisie), *fields(PORTE), *fields(Contact))
    assert {champ.name for champ in parties} <= set(CHAMPS)


def test_words_of_two_lists_do_not_take_each_others_place(referentiel: Referentiel) -> None:
    assert dire("diffusion", Diffusion.PUBLIQUE, referentiel) == ("Publique",)
    assert dire("visibilite", Visibilite.PUBLIQUE, referentiel) == ("Tout le monde",)
    assert len(TERMES) == len({str(terme) for terme in TERMES})


def test_nothing_differs_from_itself(referentiel: Referentiel) -> None:
    assert differences(accueil(), accueil(), referentiel) == ()
    assert comparer(accueil(), refuge(), refuge(), referentiel) == ()


def test_a_difference_is_told_field_by_field(referentiel: Referentiel) -> None:
    apres = replace(
        avec_telephone(accueil(), "04 76 00 00 00"),
        missions=("orientation",),
        statut=Statut.ARCHIVE,
        verifie_le=date(2026, 6, 1),
    )
    dites = {d.libelle: (d.avant, d.apres) for d in differences(accueil(), apres, referentiel)}
    assert dites == {
        "État de la fiche": (("Publiée",), ("Archivée",)),
        "Missions": (("Accueil et écoute", "Orientation"), ("Orientation",)),
        "Vérifié le": (("3 mai 2026",), ("1er juin 2026",)),
        "Lieu 1 : téléphone sur place": (("04 76 30 00 01",), ("04 76 00 00 00",)),
    }


def test_hours_are_read_in_words(referentiel: Referentiel) -> None:
    assert dire("horaires", "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00", referentiel) == (
        "Lundi à vendredi : 9 h – 12 h, 14 h – 17 h",
        "Samedi : 9 h – 12 h",
        "Dimanche : fermé",
    )


def test_a_creation_tells_what_is_filled(referentiel: Referentiel) -> None:
    dites = differences(None, refuge(), referentiel)
    assert all(d.avant == () and d.apres for d in dites)
    assert "Ligne publique à appeler" in {d.libelle for d in dites}


def test_who_changed_what_is_told(referentiel: Referentiel) -> None:
    avant = accueil()
    leurs = replace(avec_telephone(avant, "04 76 11 11 11"), nom="Le leur")
    miens = replace(avant, nom="Le mien", frais="1 €")
    touches = {e.chemin: e.touche for e in comparer(avant, leurs, miens, referentiel)}
    assert touches == {
        "nom": Touche.DEUX,
        "frais": Touche.MIENS,
        "implantations.0.telephone": Touche.LEURS,
    }


def test_two_edits_join_without_losing_either(referentiel: Referentiel) -> None:
    avant = accueil()
    leurs = replace(avec_telephone(avant, "04 76 11 11 11"), nom="Le leur")
    miens = replace(avant, nom="Le mien", frais="1 €")
    voulu = replace(leurs, frais="1 €")
    assert fusionner(avant, leurs, miens, {}) == voulu
    assert fusionner(avant, leurs, miens, {"nom": "miens"}) == replace(voulu, nom="Le mien")
    tout_mien = dict.fromkeys(("nom", "frais", "implantations.0.telephone"), "miens")
    assert fusionner(avant, leurs, miens, tout_mien) == miens


def test_a_list_that_grew_is_kept_whole(referentiel: Referentiel) -> None:
    avant = accueil()
    ajout = Contact(ContactKind.SMS, "06 00 00 00 00")
    miens = replace(avant, contacts=(*avant.contacts, ajout))
    leurs = replace(avant, contacts=avant.contacts[:1])
    (ecart,) = comparer(avant, leurs, miens, referentiel)
    assert (ecart.chemin, ecart.touche) == ("contacts", Touche.DEUX)
    assert ecart.miens[-1] == "SMS : 06 00 00 00 00"
    assert fusionner(avant, leurs, miens, {"contacts": "miens"}) == miens
    assert fusionner(avant, leurs, miens, {}) == leurs


@pytest.mark.parametrize("cote", ["leurs", "miens"])
def test_choosing_one_side_everywhere_gives_that_side(
    base_chargee: Engine, referentiel: Referentiel, cote: str
) -> None:
    with reading(base_chargee) as session:
        toutes = registre.saisies(session)
    for leurs, miens in pairwise(toutes):
        ecarts = comparer(accueil(), leurs, miens, referentiel)
        choix = dict.fromkeys((e.chemin for e in ecarts), cote)
        assert fusionner(accueil(), leurs, miens, choix) == (leurs if cote == "leurs" else miens)
