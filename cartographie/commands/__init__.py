"""The `cartographie` command. Each one says what it did in French, and its exit code:

0 done · 1 refused, or something to mend · 2 a setting or a file of data/ stops the start

A module of commands takes `main` from `socle` and is named below.
"""

from cartographie.commands import (
    comptes,
    controle,
    fiches,
    panne,
    rappels,
    sauvegardes,
    serveur,
)
from cartographie.commands.socle import main

__all__ = ["comptes", "controle", "fiches", "main", "panne", "rappels", "sauvegardes", "serveur"]
