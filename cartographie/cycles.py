"""Python's search for cycles, left aside while much is made that lives on and holds none.

Modules, an application, a directory: each looks like growth, so the whole of them is looked
through again and again. That was a third of a start, and of reading a large directory.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_search() -> Iterator[None]:
    """Look for no cycle inside the block."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def leave_out() -> None:
    """Leave what is there now out of every later search; only for what lives as long as we do."""
    gc.freeze()


def count() -> int:
    """How many values were made since the last search."""
    return gc.get_count()[0]
