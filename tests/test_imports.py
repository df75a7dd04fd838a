"""Files brought through the page: read, decided on, written in one go, or not at all."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cartographie import lots, registre
from cartographie.acteurs import Diffusion, Precision
from cartographie.database import transaction
from cartographie.echanges.formats import FORMATS
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from cartographie.ressemblances import ressemblances
from tests.apports import PROMIS_S, apercu, appliquer, apporter, creer, fiches, gardes
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil, refuge
from tests.site import lire, texte
from tests.tableaux import texte as table


def test_a_file_is_shown_then_written_once_and_the_second_time_changes_nothing(
    gestion: Gestion, editeur: Navigateur
) -> None:
    creer(gestion, accueil(), refuge())
    corps = table(
        [
            ["slug", "nom", "type", "acces", "frais", "diffusion", "relais_libelle",
             "relais_telephone"],
            ["accueil-la-mure", "", "", "", "Gratuit pour tous", "interne", "", ""],
            ["hebergement-grenoble", "", "", "", "", "", "", ""],
            ["ligne-nouvelle", "Ligne nouvelle", "LEAO", "telephone", "", "", "115", "115"],
        ]
    )  # fmt: skip
    adresse, page = apercu(editeur, corps)
    mots = texte(lire(page))
    for phrase in (
        "À créer : 1", "À changer : 1", "Inchangées : 1", "Douteuses : 0", "Refusées : 0",
        "FraisGratuitGratuit pour tous", "Ligne nouvelle (ligne-nouvelle) : montrée par sa zone",
        "Un import ne change pas la diffusion",
    ):  # fmt: skip
        assert phrase in mots, phrase
    assert fiches(gestion) == {s.slug: s for s in (accueil(), refuge())}
    suite = appliquer(editeur, adresse, page)
    assert suite.status_code == 303
    assert "fiches créées : 1 ; fiches changées : 1" in editeur.get(suite.location).text
    apres = fiches(gestion)
    assert apres["accueil-la-mure"] == accueil(frais="Gratuit pour tous")
    assert apres["ligne-nouvelle"].diffusion is Diffusion.ZONE
    assert gardes(gestion) == (0, 0)
    adresse, page = apercu(editeur, corps)
    assert "il n’y a rien à appliquer" in page
    assert editeur.poster(f"{adresse}/abandonner").status_code == 303
    assert gardes(gestion) == (0, 0)
    assert editeur.get(adresse).status_code == 404


def test_one_wrong_line_among_a_thousand_is_named_and_nothing_is_kept(
    gestion: Gestion, editeur: Navigateur
) -> None:
    lignes = [["slug", "nom", "type", "acces"]]
    lignes += [[f"fiche-{n}", f"Service {n}", "LEAO", "telephone"] for n in range(1000)]
    lignes[704][2] = "CAFE"
    reponse = apporter(editeur, table(lignes))
    assert reponse.status_code == 422
    mots = texte(lire(reponse.text))
    assert "1 faute à corriger" in mots
    assert "Ligne 705, fiche-703, colonne type : Ce type n’existe pas. Écrit : « CAFE »." in mots
    assert fiches(gestion) == {}
    assert gardes(gestion) == (0, 0)


def test_what_else_is_wrong_beside_a_cell_nobody_can_read_is_told_at_once(
    editeur: Navigateur,
) -> None:
    corps = table(
        [
            ["slug", "nom", "type", "acces", "verifie_le", "implantation_1_longitude",
             "implantation_1_commune"],
            ["ligne-a", "Ligne A", "CAFE", "telephone", "hier", "5,7 E", "Grenoble"],
        ]
    )  # fmt: skip
    mots = texte(lire(apporter(editeur, corps).text))
    assert "3 fautes à corriger" in mots
    for colonne in ("type", "verifie_le", "implantation_1_longitude"):
        assert f"Ligne 2, ligne-a, colonne {colonne} :" in mots, colonne


def test_a_thousand_records_that_resemble_each_other_are_told_without_a_minute_of_work() -> None:
    memes = [accueil(f"meme-{n}") for n in range(1500)]
    debut = time.process_time()
    trouvees = ressemblances(memes, [])
    assert time.process_time() - debut < PROMIS_S
    assert len(trouvees) == 1499
    assert {len(semblables) for semblables in trouvees.values()} == {1, 2, 3, 4, 5}


class Compte(io.BytesIO):
    """A body that counts what is read of it."""

    lus = 0

    def read(self, taille: int | None = -1, /) -> bytes:
        lu = super().read(taille)
        self.lus += len(lu)
        return lu

    def readinto(self, ou: Any, /) -> int:  # noqa: ANN401
        lus = super().readinto(ou)
        self.lus += lus
        return lus


def test_nothing_of_a_file_is_read_before_its_sender_is_known(
    gestion: Gestion, editeur: Navigateur
) -> None:
    bord = b'--x\r\nContent-Disposition: form-data; name="fichier"; filename="a.csv"\r\n\r\n'
    corps = bord + b"a" * 5_000_000 + b"\r\n--x--\r\n"
    lus = {}
    for qui in (gestion.client(), editeur):
        flux = Compte(corps)
        reponse = qui.client.post(
            "/gestion/imports",
            input_stream=flux,
            content_length=len(corps),
            content_type="multipart/form-data; boundary=x",
        )
        lus[reponse.status_code] = flux.lus
    assert lus[401] == 0
    assert lus[400] == len(corps)


def test_what_a_hidden_record_may_not_hold_is_refused_and_kept_nowhere(
    gestion: Gestion, editeur: Navigateur
) -> None:
    corps = table(
        [
            ["slug", "nom", "type", "acces", "implantation_1_adresse", "implantation_1_commune"],
            ["foyer", "Foyer", "HEBERGEMENT", "orientation", "9 rue du Zirconium", "Grenoble"],
        ]
    )
    reponse = apporter(editeur, corps)
    assert reponse.status_code == 422
    assert "Cette fiche n’est connue que par sa zone" in reponse.text
    base = Path(str(gestion.engine.url.database))
    if gestion.engine.dialect.name == "sqlite":
        assert b"Zirconium" not in base.read_bytes()
    assert gardes(gestion) == (0, 0)
    assert fiches(gestion) == {}


def test_a_commune_alone_is_enough_for_a_zone(gestion: Gestion, editeur: Navigateur) -> None:
    corps = table(
        [
            ["slug", "nom", "type", "acces", "implantation_1_commune"],
            ["foyer", "Foyer", "HEBERGEMENT", "orientation", "grenoble"],
        ]
    )
    adresse, page = apercu(editeur, corps)
    assert appliquer(editeur, adresse, page).status_code == 303
    (porte,) = fiches(gestion)["foyer"].implantations
    lieu = porte.localisation
    assert (lieu.precision, lieu.commune, lieu.adresse) == (Precision.COMMUNE, "Grenoble", "")


def test_somebody_who_saved_meanwhile_is_not_written_over(
    gestion: Gestion, editeur: Navigateur
) -> None:
    creer(gestion, accueil())
    corps = table([["slug", "frais"], ["accueil-la-mure", "5 euros"]])
    adresse, page = apercu(editeur, corps)
    with transaction(gestion.engine) as session:
        registre.update_acteur(
            session, "accueil-la-mure", accueil(frais="3 euros"), revision_lue=1, par="x", moyen="x"
        )
    refus = appliquer(editeur, adresse, page)
    assert refus.status_code == 409
    assert "Les fiches ont changé" in refus.text
    assert "3 euros" in refus.text
    assert fiches(gestion)["accueil-la-mure"].frais == "3 euros"
    assert appliquer(editeur, adresse, refus.text).status_code == 303
    assert fiches(gestion)["accueil-la-mure"].frais == "5 euros"


def test_what_resembles_a_known_record_waits_for_a_decision(
    gestion: Gestion, editeur: Navigateur, referentiel: Referentiel
) -> None:
    creer(gestion, accueil())
    presque = accueil("accueil-mure", nom="Acceuil de la Mure", contacts=(), implantations=())
    meme_numero = accueil("ecoute", nom="Autre nom", implantations=())
    loin = refuge("foyer-neuf", nom="Foyer neuf")
    corps = FORMATS["csv"].write_complet([presque, meme_numero, loin], referentiel)
    adresse, page = apercu(editeur, corps)
    mots = texte(lire(page))
    assert "Douteuses : 2" in mots
    assert "(nom proche)" in mots
    assert "(même numéro)" in mots
    indecis = appliquer(editeur, adresse, page, accueil_mure="ignorer")
    assert indecis.status_code == 422
    assert list(fiches(gestion)) == ["accueil-la-mure"]
    fait = appliquer(editeur, adresse, page, accueil_mure="ignorer", ecoute="creer")
    assert fait.status_code == 303
    assert list(fiches(gestion)) == ["accueil-la-mure", "ecoute", "foyer-neuf"]


def test_a_file_belongs_to_who_brought_it_lasts_a_day_and_leaves_with_a_lowering(
    gestion: Gestion,
    editeur: Navigateur,
    administrateur: Navigateur,
    referentiel: Referentiel,
) -> None:
    creer(gestion, accueil(), refuge())
    corps = table([["slug", "frais"], ["accueil-la-mure", "5 euros"]])
    adresse, _ = apercu(editeur, corps)
    assert administrateur.get(adresse).status_code == 404
    assert apercu(editeur, corps)[0] == adresse
    for heures, restent in ((23, 1), (25, 0)):
        with transaction(gestion.engine) as session:
            lots.purge(session, gestion.horloge() + timedelta(hours=heures))
        assert gardes(gestion) == (restent, 0)
    apercu(editeur, corps)
    assert gardes(gestion) == (1, 0)
    with transaction(gestion.engine) as session:
        registre.lower(
            session,
            "hebergement-grenoble",
            Demande(Diffusion.INTERNE),
            referentiel,
            revision_lue=1,
            par="essai",
        )
    assert gardes(gestion) == (0, 0)


def test_the_complete_export_is_for_administrators_and_comes_back_unchanged(
    gestion: Gestion, editeur: Navigateur, administrateur: Navigateur
) -> None:
    creer(gestion, accueil(), refuge(), accueil("cachee", nom="X", diffusion=Diffusion.INTERNE))
    assert editeur.get("/gestion/export.csv").status_code == 403
    for forme in FORMATS:
        reponse = administrateur.get(f"/gestion/export.{forme}")
        assert "fiches-completes-2026-03-10" in reponse.headers["Content-Disposition"]
        page = apercu(administrateur, reponse.data, f"tout.{forme}")[1]
        assert "Inchangées : 3" in texte(lire(page))
        assert "il n’y a rien à appliquer" in page


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
def test_the_model_can_be_imported_as_it_is(editeur: Navigateur, forme: str) -> None:
    modele = editeur.get(f"/gestion/imports/modele.{forme}").data
    page = apercu(editeur, modele, f"modele.{forme}")[1]
    assert "À créer : 1" in texte(lire(page))


@pytest.mark.parametrize(
    ("nom", "phrase"), [("fiches.ods", "doit finir par .csv"), ("", "Choisissez un fichier")]
)
def test_what_is_no_file_of_ours_is_said(editeur: Navigateur, nom: str, phrase: str) -> None:
    reponse = apporter(editeur, b"x", nom)
    assert reponse.status_code == 422
    assert phrase in reponse.text
