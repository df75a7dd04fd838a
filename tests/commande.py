"""The command as tests run it: in this process, with an environment of its own."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from cartographie.commands import main


def run(*arguments: str | Path, **environ: str) -> Result:
    """Run `cartographie …`; `environ` is added to the environment."""
    return CliRunner().invoke(main, [str(a) for a in arguments], env=environ)
