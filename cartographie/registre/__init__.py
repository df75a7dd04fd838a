"""The only writer of acteurs. Each write is one transaction with its Revision and the Version.

The caller opens `database.transaction`; nothing is kept unless its block ends well. Writers are
ordered by the lock on the Version row, so a version that can be read never announces a write
that cannot be read yet.
"""

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
from cartographie.registre.lignes import lock

__all__ = [
    "create_acteur",
    "get_saisie",
    "is_empty",
    "lock",
    "porteurs",
    "porteurs_first",
    "preview",
    "revisions",
    "saisies",
    "update_acteur",
]
