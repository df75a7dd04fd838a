"""The only writer of the protocol's tables: periods, and the figures entered in each.

Every write takes the lock of the Version row and moves it, so that all processes see it.
"""

from cartographie.protocole_db.periodes import add_protocole, has_periode
from cartographie.protocole_db.releves import add_releve, update_releve

__all__ = ["add_protocole", "add_releve", "has_periode", "update_releve"]
