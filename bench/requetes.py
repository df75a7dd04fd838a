"""Requests a second, as ratios to a bare Flask route under the same server, measured in turn."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from urllib.parse import quote

from bench.charge import Mesure, charger, etiquette
from cartographie.communes import Communes
from cartographie.config import RACINE

FICHE = "issue-de-secours-rialto-centre-vpi"
UNE_QUESTION = "/proches?lieu=38269&besoin=parler"
REQUETES = 800
# Whole lists of a larger directory are files to fetch once, not pages: seconds each.
PETIT = 150


@dataclass(frozen=True, slots=True)
class Charge:
    """What is asked: one question again and again, or questions each asked once (`nouvelles`)."""

    chemins: tuple[str, ...]
    statut: int = 200

    @property
    def nouvelles(self) -> bool:
        """Whether no question was asked before."""
        return len(self.chemins) > 1


def charges(nombre: int) -> dict[str, Charge]:
    """What is measured of a directory of this size."""
    communes = Communes.load(RACINE / "data" / "communes_isere").toutes
    lieux = [quote(commune.libelle) for commune in communes]
    petit = {"/acteurs.geojson": Charge(("/acteurs.geojson",))} if nombre <= PETIT else {}
    return {
        "/proches": Charge((UNE_QUESTION,)),
        "/proches, jamais posées": Charge(
            tuple(f"/proches?lieu={lieu}&besoin=soins" for lieu in lieux)
        ),
        "/": Charge(("/",)),
        "/, 304": Charge(("/",), statut=304),
        "/ filtrée, jamais posées": Charge(tuple(f"/?lieu={lieu}&besoin=droits" for lieu in lieux)),
        "fiche": Charge((f"/acteurs/{FICHE}",)),
        **petit,
    }


def comparer(
    port: int, charge: Charge, port_nu: int, connexions: int, manches: int
) -> dict[str, float]:
    """Measure product and floor in turn; the median ratio of the rounds.

    Questions of a list are asked once each, so in the first round only they are new.
    """
    chemins, entetes = charge.chemins, ""
    if charge.nouvelles:
        moitie = len(chemins) // 2
        chemins = chemins[:moitie] if connexions == 1 else chemins[moitie:]
        manches = 1
    else:
        charger(port, *chemins, requetes=64)
    charger(port_nu, "/", requetes=64)
    rapports: list[float] = []
    mesures: list[Mesure] = []
    for _ in range(manches):
        plancher = charger(port_nu, "/", connexions=connexions, requetes=REQUETES)
        requetes = len(chemins) if charge.nouvelles else REQUETES
        if charge.statut == 304:
            # Anew each round: what is open changes with the minute.
            entetes = f"If-None-Match: {etiquette(port, chemins[0])}\r\n"
        mesure = charger(port, *chemins, connexions=connexions, requetes=requetes, entetes=entetes)
        if mesure.statut != charge.statut:
            raise RuntimeError(f"{chemins[0]} répond {mesure.statut}")
        mesures.append(mesure)
        rapports.append(mesure.par_s / plancher.par_s)
    mediane = sorted(mesures, key=lambda m: m.par_s)[manches // 2]
    return {"rapport": statistics.median(rapports), **asdict(mediane)}
