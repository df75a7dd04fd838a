"""Where pictures go, and why one is refused."""

from __future__ import annotations

from pathlib import Path

CIBLE = Path(__file__).resolve().parent.parent / "docs" / "captures"


class CaptureError(RuntimeError):
    """A picture would not show what it is taken for."""
