"""What the server in front of the site shows when the site does not answer."""

from __future__ import annotations

from pathlib import Path

import click

from cartographie.commands.socle import main
from cartographie.config import Settings
from cartographie.fichiers import PUBLIC, write_file
from cartographie.referentiel import Referentiel

TRAVERSABLE = 0o755


@main.command(
    "pages-de-panne",
    help="Écrit dans DOSSIER ce que le serveur placé devant montre quand le site ne répond pas.",
)
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def pages_de_panne(settings: Settings, dossier: Path) -> None:
    """Write the pages, their sheet and their script, readable by everybody."""
    from cartographie.web.panne import write_pages

    numeros = Referentiel.load(settings.data).numeros
    for nom, contenu in write_pages(numeros, settings.sortie_url).items():
        fichier = dossier / nom
        fichier.parent.mkdir(parents=True, exist_ok=True)
        write_file(fichier, contenu, PUBLIC)
        # The server in front has a user of its own: whatever is masked here, it may read them.
        fichier.chmod(PUBLIC)
        fichier.parent.chmod(TRAVERSABLE)
    click.echo(f"Pages de panne écrites dans {dossier}.")
