"""Whether a record may be kept: every rule, every fault at once, in French sentences.

One validator for the form, the imports, the proposals and the first load.
"""

from __future__ import annotations

from collections.abc import Mapping

from cartographie.acteurs import Diffusion, Saisie
from cartographie.errors import Faute
from cartographie.referentiel import Referentiel
from cartographie.validation import champs, liens, lieux, zone


def valider(
    saisie: Saisie, referentiel: Referentiel, porteurs: Mapping[str, str]
) -> tuple[Faute, ...]:
    """List every fault of a record, none when it may be kept.

    `porteurs` maps the slug of every record, this one included or not, to that of its porteur.
    """
    fautes = [
        *champs.fautes(saisie, referentiel.vocabulaire),
        *lieux.fautes(saisie, referentiel.communes),
        *liens.fautes(saisie, referentiel.protocoles, porteurs),
    ]
    if saisie.diffusion is Diffusion.ZONE:
        fautes += zone.fautes(saisie, referentiel.communes)
    return tuple(fautes)
