"""A writer to be killed: it tells each save once it is acknowledged, and never stops by itself.

Run as a program with the address of a database: for each line that it reads it starts a child,
made by `fork` so that nothing is imported again, and says its number. The child saves one record
over and over, and writes `slug revision` when `transaction` has returned, and not before.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from cartographie import registre
from cartographie.database import make_engine, transaction

SLUG = "accueil-la-mure"


def ecrire(adresse: str) -> None:
    engine = make_engine(adresse)
    while True:
        with transaction(engine) as session:
            saisie, lue = registre.get_saisie(session, SLUG)
            # Long enough for several pages: a write that is cut in its middle shows.
            texte = replace(saisie, frais=f"{lue}", conditions=f"{lue} " + "x" * 800)
            registre.update_acteur(
                session, SLUG, texte, revision_lue=lue, par="essai@exemple.fr", moyen="essai"
            )
        os.write(1, f"{lue + 1}\n".encode())


def main() -> None:
    while sys.stdin.readline():
        enfant = os.fork()
        if enfant == 0:
            ecrire(sys.argv[1])
        os.write(1, f"enfant {enfant}\n".encode())
        os.waitpid(enfant, 0)
        os.write(1, b"mort\n")


if __name__ == "__main__":
    main()
