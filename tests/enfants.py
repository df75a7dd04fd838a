"""Commands in processes of their own, which do not outlive the test that started them."""

from __future__ import annotations

import sys

# Asked of the kernel before the command takes the place: a test that is killed stops nothing by
# itself. Only Linux knows how to; PR_SET_PDEATHSIG is 1, SIGTERM makes the server stop cleanly.
DEPART = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execv(sys.executable, [sys.executable, "-m", "cartographie", *sys.argv[1:]])
"""


def commande(*arguments: str) -> list[str]:
    """`cartographie …` as a command line, ended with the process that starts it."""
    return [sys.executable, "-c", DEPART, *arguments]
