"""The tables. Written by the modules that `tests/test_architecture.py` names, read by few."""

from cartographie.models.acteurs import Acteur, Capacite, Contact, Implantation, Participation
from cartographie.models.comptes import CodeSecours, Essai, SessionOuverte, Utilisateur
from cartographie.models.consultations import Consultation, Debit, Versement
from cartographie.models.courrier import Courrier, Rappel, SuiviPartenaire
from cartographie.models.historique import Effacement, Revision, Version
from cartographie.models.journal import Journal
from cartographie.models.lots import LotAdresse, LotImporte
from cartographie.models.propositions import DecisionComptee, Proposition
from cartographie.models.protocole import (
    Action,
    Axe,
    Indicateur,
    Objectif,
    Organisation,
    Periode,
    Releve,
    RevisionReleve,
)

__all__ = [
    "Acteur",
    "Action",
    "Axe",
    "Capacite",
    "CodeSecours",
    "Consultation",
    "Contact",
    "Courrier",
    "Debit",
    "DecisionComptee",
    "Effacement",
    "Essai",
    "Implantation",
    "Indicateur",
    "Journal",
    "LotAdresse",
    "LotImporte",
    "Objectif",
    "Organisation",
    "Participation",
    "Periode",
    "Proposition",
    "Rappel",
    "Releve",
    "Revision",
    "RevisionReleve",
    "SessionOuverte",
    "SuiviPartenaire",
    "Utilisateur",
    "Versement",
    "Version",
]
