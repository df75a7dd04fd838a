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
    history,
    last_write,
    ledger,
    restorable,
    restore,
    saisie_at,
)
from cartographie.registre.lignes import lock
from cartographie.registre.verification import Refus, confirm

__all__ = [
    "Annulation",
    "Ecriture",
    "Efface",
    "Refus",
    "compact",
    "confirm",
    "create_acteur",
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
    "restorable",
    "restore",
    "revisions",
    "saisie_at",
    "saisies",
    "undo",
    "update_acteur",
]
