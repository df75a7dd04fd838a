"""A file that a command imports: its addresses are kept between two runs, as the page's are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cartographie import lots, registre
from cartographie.adresses import search_addresses
from cartographie.config import Settings
from cartographie.database import reading, transaction
from cartographie.echanges import Lot
from cartographie.echanges.lecture.transport import lot_to_json
from cartographie.geocodage import Geocodeur, GeocodeurCommunes
from cartographie.imports import Choix, Plan, plan_import
from cartographie.periodes import current_referentiel
from cartographie.referentiel import Referentiel

PAR = "commande"
TOUS_LES = 10


@dataclass(frozen=True, slots=True)
class Depot:
    """One file: what it says, its name, the digest of its bytes."""

    engine: Engine
    settings: Settings
    referentiel: Referentiel
    lot: Lot
    nom: str
    empreinte: str

    def plan(self, session: Session, options: Mapping[str, Any]) -> Plan:
        """What it would do now, with what was decided by the options."""
        numero = lots.find(session, par=PAR, empreinte=self.empreinte)
        return self._plan(session, numero, _choix(self.lot, options))

    def search(self) -> None:
        """Look for its addresses, those that are not answered yet."""
        maintenant = datetime.now(UTC)
        with reading(self.engine) as session:
            plan = self.plan(session, {})
        if plan.erreurs or not plan.questions:
            return
        with transaction(self.engine) as session:
            numero = lots.add(
                session,
                lot_to_json(self.lot),
                par=PAR,
                fichier=self.nom,
                empreinte=self.empreinte,
                maintenant=maintenant,
            )
            prise = lots.start(session, numero, plan.questions, maintenant)
        if not prise:
            click.echo("Quelqu’un cherche déjà ces adresses : relancez dans un instant.", err=True)
            return
        search_addresses(
            self.engine, numero, self._geocodeur(), _maintenant, lambda: self._say(numero)
        )
        self._say(numero, fin=True)

    def erase(self, session: Session) -> None:
        """Keep nothing of it once it is applied."""
        numero = lots.find(session, par=PAR, empreinte=self.empreinte)
        if numero is not None:
            lots.erase(session, numero)

    def _plan(self, session: Session, numero: int | None, choix: Mapping[str, Choix]) -> Plan:
        existantes = {saisie.slug: saisie for saisie in registre.saisies(session)}
        referentiel = current_referentiel(session, self.referentiel)
        trouvees = lots.trouvees(session, numero) if numero is not None else {}
        return plan_import(self.lot, existantes, referentiel, choix=choix, trouvees=trouvees)

    def _geocodeur(self) -> Geocodeur:
        communes = self.referentiel.communes
        if self.settings.geocodeur == "communes":
            return GeocodeurCommunes(communes)
        # What reaches the network is long to import: only who asks it pays for that.
        from cartographie.geocodage.ban import GeocodeurBan

        return GeocodeurBan(communes, domaine=self.settings.ban_domaine)

    def _say(self, numero: int, *, fin: bool = False) -> None:
        with reading(self.engine) as session:
            fait = lots.progress(session, numero, _maintenant())
        if fin or fait.faites % TOUS_LES == 0:
            click.echo(f"Adresses : {fait.faites} sur {fait.total}, {fait.trouvees} trouvées.")
        if fin and fait.arret:
            click.echo(fait.arret, err=True)


def _maintenant() -> datetime:
    return datetime.now(UTC)


def _choix(lot: Lot, options: Mapping[str, Any]) -> dict[str, Choix]:
    """What was decided of each record of the file, the named ones first."""
    tous = options.get("douteuses")
    choix = {ligne.slug: Choix(tous) for ligne in lot.lignes} if tous else {}
    choix |= dict.fromkeys(options.get("ignorer", ()), Choix.IGNORER)
    return choix | dict.fromkeys(options.get("creer", ()), Choix.CREER)
