"""The only writer of acteurs. Each write is one transaction with its Revision and the Version.

The caller opens `database.transaction`; nothing is kept unless its block ends well. Writers are
ordered by the lock on the Version row, so a version that can be read never announces a write
that cannot be read yet.
"""

from cartographie.registre.annulation import Annulation, plan_undo, undo
from cartographie.registre.diffusion import Efface, compact, lower, raise_diffusion
from cartographie.registre.fiches import (
    create_acteur,
    get_saisie,
    is_empty,
    porteurs,
    porteurs_first,
    preview,
    revisions,
    saisies,
    update_acteur,
)
from cartographie.registre.historique import (
    Ecriture,
    first_write,
    history,
    last_write,
    ledger,
    restorable,
    restore,
    saisie_at,
)
from cartographie.registre.lignes import lock
from cartographie.registre.rejeu import Trace, renumber, replay, traces, version_of
from cartographie.registre.verification import Refus, confirm

__all__ = [
    "Annulation",
    "Ecriture",
    "Efface",
    "Refus",
    "Trace",
    "compact",
    "confirm",
    "create_acteur",
    "first_write",
    "get_saisie",
    "history",
    "is_empty",
    "last_write",
    "ledger",
    "lock",
    "lower",
    "plan_undo",
    "porteurs",
    "porteurs_first",
    "preview",
    "raise_diffusion",
    "renumber",
    "replay",
    "restorable",
    "restore",
    "revisions",
    "saisie_at",
    "saisies",
    "traces",
    "undo",
    "update_acteur",
    "version_of",
]
