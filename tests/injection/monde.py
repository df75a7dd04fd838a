"""A site whose every record, figure, message, name and mail holds a hostile text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cartographie import comptes, propositions, protocole_db, registre, relances
from cartographie.acteurs import Saisie, Statut
from cartographie.database import reading, transaction
from cartographie.depots import Depot, MotifDepot
from cartographie.models import Courrier
from cartographie.protocole.saisie import read_releve
from cartographie.referentiel import Referentiel
from cartographie.utilisateurs import RoleCompte
from cartographie.validation import valider
from tests.comptes import Gestion, Horloge, Navigateur, sur_copie
from tests.injection.champs import piege, piege_en_zone
from tests.injection.textes import HOSTILES
from tests.site import CLE, SORTIE

PERIODE = "2022-2024"
FERMEE = "ferme-01"
# What each record said before.
SIMPLE = "Un texte tout simple"
LIEN = re.compile(r"https?://\S+(/partenaires/\S+)")
# What a partner may propose of a record: text fields, each with the text.
PROPOSES = ("nom", "sigle", "description", "conditions", "frais")
PRECISES = {"numero": 40, "numero_juste": 40, "depuis": 20, "adresse": 200, "commune": 100}


@dataclass(frozen=True, slots=True)
class Monde:
    """The site, who is signed in, each text and the record that holds it."""

    gestion: Gestion
    editeur: Navigateur
    administrateur: Navigateur
    pieges: Mapping[str, Saisie]
    en_zone: Mapping[str, Saisie]
    textes: Mapping[str, str]
    partenaires: Mapping[str, str]

    @property
    def visiteur(self) -> Navigateur:
        """Somebody without an account."""
        return Navigateur(self.gestion.app)


def build(modele: Engine, dossier: Path) -> Monde:
    """The site over a copy of a database that has the tables and the protocol."""
    gestion = sur_copie(
        modele,
        dossier,
        secret_key=CLE,
        sortie_url=SORTIE,
        tuiles_url="",
        geocodeur="communes",
        courriel_ddfe="ddfe@exemple.fr",
        smtp_url="smtp://127.0.0.1:9?starttls=0",
        courriel_expediteur="carte@exemple.fr",
        url_publique="http://carte.exemple.fr",
    )
    app = gestion.app
    referentiel: Referentiel = app.extensions["cartographie"].embarque
    textes = {f"piege-{rang:02}": texte for rang, texte in enumerate(HOSTILES.values(), 1)}
    pieges = {slug: piege(slug, t, rang) for rang, (slug, t) in enumerate(textes.items(), 1)}
    en_zone = dict(_en_zone(textes, referentiel))
    with transaction(gestion.engine) as session:
        _ecrire(session, pieges, en_zone)
        _compter(session, textes, referentiel)
    with transaction(gestion.engine) as session:
        _proposer(session, textes, referentiel, gestion.horloge)
        for rang, texte in enumerate(textes.values(), 1):
            courriel = f"invitee-{rang}@exemple.fr"
            nom = " ".join(texte[:120].split())
            comptes.create_compte(session, courriel, nom, RoleCompte.EDITEUR, gestion.horloge())
    editeur, chef = gestion.client("editeur"), gestion.client("administrateur")
    liens = _rappeler(gestion, referentiel, set(pieges))
    return Monde(gestion, editeur, chef, pieges, en_zone, textes, liens)


def _en_zone(textes: Mapping[str, str], referentiel: Referentiel) -> list[tuple[str, Saisie]]:
    """Those that a record without an address may hold: none that looks like one."""
    porteurs = dict.fromkeys(textes, "")
    toutes = [
        piege_en_zone(slug.replace("piege", "zone"), texte, slug) for slug, texte in textes.items()
    ]
    return [(s.slug, s) for s in toutes if not valider(s, referentiel, porteurs)]


def _ecrire(session: Session, pieges: Mapping[str, Saisie], en_zone: Mapping[str, Saisie]) -> None:
    """Each record twice: plain, then hostile, so that histories have both beside each other."""
    for rang, saisie in enumerate(pieges.values(), 1):
        plate = piege(saisie.slug, SIMPLE, rang)
        registre.create_acteur(session, plate, par="camille", moyen="essai")
        registre.update_acteur(
            session, saisie.slug, saisie, revision_lue=1, par=saisie.nom[:100], moyen="essai"
        )
    for saisie in en_zone.values():
        registre.create_acteur(session, saisie, par="camille", moyen="essai")
    fermee = piege(FERMEE, HOSTILES["fin de script"])
    registre.create_acteur(session, fermee, par="camille", moyen="essai")
    archivee = replace(fermee, statut=Statut.ARCHIVE)
    registre.update_acteur(session, FERMEE, archivee, revision_lue=1, par="camille", moyen="essai")


def _compter(session: Session, textes: Mapping[str, str], referentiel: Referentiel) -> None:
    """A figure for each text, in every field of it that takes one."""
    (protocole,) = referentiel.protocoles
    for rang, texte in enumerate(textes.values(), 1):
        dit = texte[:250]
        champs = {
            **dict.fromkeys(("indicateur", "unite", "territoire", "source", "note"), dit),
            "objectif": "2",
            "annee": "2023",
            "valeur": str(rang),
            "acteur": f"piege-{rang:02}",
        }
        releve = read_releve(champs, protocole, set(textes))
        protocole_db.add_releve(session, PERIODE, releve, par="camille", moyen="essai")


def _proposer(
    session: Session, textes: Mapping[str, str], referentiel: Referentiel, horloge: Horloge
) -> None:
    """What a visitor and what a partner could send, of each record."""
    for slug, texte in textes.items():
        precisions = {nom: texte[:maximum] for nom, maximum in PRECISES.items()}
        public = Depot(slug, "public", MotifDepot.AUTRE, texte, {}, None, precisions)
        changements = dict.fromkeys(PROPOSES, f"{texte[:30]}!")
        partenaire = Depot(slug, "partenaire", MotifDepot.MISE_A_JOUR, texte, changements)
        for depot in (public, partenaire):
            propositions.submit(session, depot, referentiel, maintenant=horloge())


def _rappeler(gestion: Gestion, referentiel: Referentiel, slugs: set[str]) -> dict[str, str]:
    """Slug → path of the link in the mail to its partner."""
    site = gestion.app.extensions["cartographie"]
    plus_tard = gestion.horloge() + timedelta(days=400)
    contexte = relances.Contexte(CLE, "http://carte.exemple.fr", 6, site.referentiel, plus_tard)
    with transaction(gestion.engine) as session:
        relances.remind(session, contexte, slugs)
    with reading(gestion.engine) as session:
        lettres = session.execute(select(Courrier.acteur, Courrier.corps)).all()
    return {acteur: LIEN.findall(corps)[0] for acteur, corps in lettres if LIEN.search(corps)}
