"""data·inclusion, schema v1: our records in the words of the national orientation tools.

`table` says which word stands for which; `write` makes the file.
"""

from cartographie.echanges.inclusion.ecriture import SOURCE, Contexte, write

__all__ = ["SOURCE", "Contexte", "write"]
