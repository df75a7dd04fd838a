"""What was freed goes back to the machine."""

from __future__ import annotations

from pathlib import Path

from cartographie.web.allocation import give_back


def residente_mo() -> float:
    lignes = Path("/proc/self/status").read_text().splitlines()
    return int(next(li for li in lignes if li.startswith("VmRSS")).split()[1]) / 1000


def test_what_was_freed_below_something_kept_goes_back() -> None:
    # Too small for a page of their own, and one is kept above them all.
    blocs = [bytearray(b"x" * 2_000) for _ in range(40_000)]
    garde = blocs[-1]
    give_back()
    pleine = residente_mo()
    blocs.clear()
    give_back()
    assert residente_mo() < pleine - 60
    assert garde
