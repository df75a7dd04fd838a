"""Bringing a file to `/gestion/imports` as a page does."""

from __future__ import annotations

import io

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cartographie import registre
from cartographie.acteurs import Saisie
from cartographie.database import reading, transaction
from cartographie.models import LotAdresse, LotImporte
from tests.comptes import Gestion, Navigateur, champ_cache
from tests.site import lire, texte
from tests.tableaux import texte as table

PROMIS_S = 2.0


def apporter(qui: Navigateur, contenu: bytes, nom: str = "fiches.csv") -> TestResponse:
    """Choose a file on the page and send it."""
    return qui.poster(
        "/gestion/imports",
        {"fichier": (io.BytesIO(contenu), nom)},
        content_type="multipart/form-data",
    )


def apercu(qui: Navigateur, contenu: bytes, nom: str = "fiches.csv") -> tuple[str, str]:
    """Address and page of the preview of a file without a fault."""
    reponse = apporter(qui, contenu, nom)
    assert reponse.status_code == 303, texte(lire(reponse.text))
    return reponse.location, qui.get(reponse.location).text


def appliquer(qui: Navigateur, adresse: str, page: str, **choix: str) -> TestResponse:
    decisions = {f"choix.{slug.replace('_', '-')}": valeur for slug, valeur in choix.items()}
    return qui.poster(adresse, {"empreinte": champ_cache(page, "empreinte"), **decisions})


def fiches(gestion: Gestion) -> dict[str, Saisie]:
    with reading(gestion.engine) as session:
        return {saisie.slug: saisie for saisie in registre.saisies(session)}


def creer(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")


def gardes(gestion: Gestion) -> tuple[int, int]:
    with reading(gestion.engine) as session:
        nombres = [
            session.execute(select(func.count()).select_from(t)).scalar_one()
            for t in (LotImporte, LotAdresse)
        ]
    return nombres[0], nombres[1]


def avec_adresses(nombre: int, diffusion: str = "publique") -> bytes:
    lignes = [["slug", "nom", "type", "acces", "diffusion", "implantation_1_adresse",
               "implantation_1_code_postal", "implantation_1_commune"]]  # fmt: skip
    lignes += [
        [f"lieu-{n}", f"Lieu {chr(65 + n) * 9}", "LEAO", "orientation", diffusion,
         f"{n} rue des Alpes", "38350", "La Mure"]
        for n in range(nombre)
    ]  # fmt: skip
    return table(lignes)
