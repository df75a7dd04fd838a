"""A site on which every page has something to show.

The real records, two more that may be edited, a proposal of each kind, a file that waits, a mail
sent to a partner, an account that was invited: read-only once it is built, so that every proof of
every page may look at the same one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, select

from cartographie import comptes, propositions, registre, relances
from cartographie.acteurs import Contact, ContactKind, Visibilite
from cartographie.database import reading, transaction
from cartographie.depots import Decision, Depot, MotifDepot
from cartographie.models import Courrier
from cartographie.propositions import Verdict
from cartographie.utilisateurs import RoleCompte
from tests.comptes import Gestion, Navigateur, connecter, sur_copie
from tests.fabrique import accueil, refuge
from tests.formulaires import SLUG
from tests.site import CLE, SORTIE

LIEN = re.compile(r"https?://\S+(/partenaires/\S+)")
PARTENAIRE = Contact(ContactKind.COURRIEL, "service@exemple.fr", visibilite=Visibilite.INTERNE)
CHANGEMENTS = {"conditions": "Sur rendez-vous.", "frais": "2 €"}


@dataclass(frozen=True, slots=True)
class Monde:
    """The site, somebody of each role, and the secrets of its links."""

    gestion: Gestion
    editeur: Navigateur
    collegue: Navigateur
    administrateur: Navigateur
    partenaire: str
    invitation: str

    @property
    def app(self) -> Flask:
        return self.gestion.app

    def qui(self, role: str) -> Navigateur:
        """Whoever has this role; a visitor for none."""
        par_role = {"editeur": self.editeur, "administrateur": self.administrateur}
        return par_role.get(role) or Navigateur(self.app)


def build(modele: Engine, dossier: Path) -> Monde:
    """The site over a copy of the real records."""
    gestion = sur_copie(
        modele,
        dossier,
        secret_key=CLE,
        sortie_url=SORTIE,
        tuiles_url="",
        geocodeur="communes",
        courriel_ddfe="ddfe@exemple.fr",
    )
    with transaction(gestion.engine) as session:
        registre.create_acteur(
            session,
            accueil(SLUG, verifie_le=None, contacts=(*accueil().contacts, PARTENAIRE)),
            par="camille",
            moyen="essai",
        )
        registre.create_acteur(session, refuge(), par="camille", moyen="essai")
    _proposer(gestion)
    collegue = Navigateur(gestion.app)
    connecter(collegue.client, "editeur", "collegue@exemple.fr")
    return Monde(
        gestion,
        gestion.client("editeur"),
        collegue,
        gestion.client("administrateur"),
        _rappeler(gestion),
        _inviter(gestion),
    )


def _proposer(gestion: Gestion) -> None:
    """One of each kind; the last is decided."""
    referentiel = gestion.app.extensions["cartographie"].referentiel
    quand = gestion.horloge()
    with transaction(gestion.engine) as session:
        for motif in MotifDepot:
            depot = Depot(SLUG, "partenaire", motif, "Le numéro a changé.", CHANGEMENTS)
            numero = propositions.submit(session, depot, referentiel, maintenant=quand)
        verdict = Verdict(Decision.REFUSEE, "camille", "Déjà fait.")
        propositions.decide(session, numero, verdict, maintenant=quand)


def _rappeler(gestion: Gestion) -> str:
    """The path of the link in the mail to the partner."""
    site = gestion.app.extensions["cartographie"]
    contexte = relances.Contexte(CLE, "http://exemple.fr", 6, site.referentiel, gestion.horloge())
    with transaction(gestion.engine) as session:
        relances.remind(session, contexte, {SLUG})
    with reading(gestion.engine) as session:
        corps = session.scalars(select(Courrier.corps)).one()
    (lien,) = LIEN.findall(corps)
    return str(lien)


def _inviter(gestion: Gestion) -> str:
    """The path of a link to a new account."""
    with transaction(gestion.engine) as session:
        compte = comptes.create_compte(
            session, "invitee@exemple.fr", "Inès Petit", RoleCompte.EDITEUR, gestion.horloge()
        )
        secret = comptes.invite(session, compte.id, gestion.horloge())
    return f"/gestion/invitation?jeton={secret}"
