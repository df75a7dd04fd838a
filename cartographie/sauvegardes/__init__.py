"""Backups: sealed, made while the site answers, read back on either engine."""

from cartographie.sauvegardes.alerte import alert, overdue, warn
from cartographie.sauvegardes.dossier import backups, moment_fr
from cartographie.sauvegardes.ecriture import Sauvegarde, new_key, save
from cartographie.sauvegardes.memoire import keep
from cartographie.sauvegardes.restauration import Bilan, Plan, plan_restore, restore

__all__ = [
    "Bilan",
    "Plan",
    "Sauvegarde",
    "alert",
    "backups",
    "keep",
    "moment_fr",
    "new_key",
    "overdue",
    "plan_restore",
    "restore",
    "save",
    "warn",
]
