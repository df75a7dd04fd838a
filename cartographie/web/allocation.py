"""Memory that was freed goes back to the machine.

glibc keeps it for a next time: after an edit of a large directory, some 50 MB of each process.
"""

from __future__ import annotations

import ctypes

# Another C library has no such function, and may not need it.
_RENDRE = getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Give back every whole page that nothing uses: a millisecond or two."""
    if _RENDRE is not None:
        _RENDRE(0)
