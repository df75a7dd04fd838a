"""Figures entered by hand or by a file: all the lines are good, or nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.echanges.releves import LigneReleve
from cartographie.errors import Faute, SaisieError
from cartographie.periodes import releves_tenus
from cartographie.protocole import Protocole, Releve
from cartographie.protocole.saisie import find_doublon, read_releve
from cartographie.protocole_db import add_releve


@dataclass(frozen=True, slots=True)
class FauteDeLigne:
    """What is wrong in a cell of a file."""

    ligne: int
    faute: Faute


def attribuables(saisies: Iterable[Saisie]) -> dict[str, str]:
    """Slug → name of who may be given a figure: only a record that the public sees whole.

    A shelter known by its zone has no number of places, under this name either.
    """
    return {
        saisie.slug: saisie.nom
        for saisie in saisies
        if saisie.statut is Statut.PUBLIE and saisie.diffusion is Diffusion.PUBLIQUE
    }


def check_doublon(session: Session, periode: str, releve: Releve, sauf: str = "") -> None:
    """Refuse what another figure says already. Raises SaisieError, which names that one."""
    connus = (t.releve for t in releves_tenus(session, periode) if t.releve.id != sauf)
    double = find_doublon(releve, connus)
    if double is not None:
        raise SaisieError((_deja(double),))


def plan_releves(
    session: Session,
    protocole: Protocole,
    lignes: Iterable[LigneReleve],
    acteurs: Collection[str],
) -> tuple[tuple[Releve, ...], tuple[FauteDeLigne, ...]]:
    """What a file would add, and every fault of it. A line that changes nothing is left out."""
    tenus = {t.releve.id: t.releve for t in releves_tenus(session, protocole.periode.code)}
    nouveaux: list[Releve] = []
    fautes: list[FauteDeLigne] = []
    for ligne in lignes:
        try:
            releve = read_releve(ligne.champs, protocole, acteurs)
        except SaisieError as erreur:
            fautes += (FauteDeLigne(ligne.numero, faute) for faute in erreur.fautes)
            continue
        double = find_doublon(releve, (*tenus.values(), *nouveaux))
        if double is None:
            nouveaux.append(releve)
        elif not _pareils(double, releve):
            fautes.append(FauteDeLigne(ligne.numero, _deja(double)))
    return tuple(nouveaux), tuple(fautes)


def apply_releves(
    session: Session, protocole: Protocole, releves: Iterable[Releve], *, par: str, moyen: str
) -> int:
    """Add them all in this transaction, begun by `registre.lock`; how many there were."""
    registre.lock(session)
    periode = protocole.periode.code
    return len([add_releve(session, periode, r, par=par, moyen=moyen) for r in releves])


def _pareils(un: Releve, autre: Releve) -> bool:
    return (un.valeur, un.precision) == (autre.valeur, autre.precision)


def _deja(double: Releve) -> Faute:
    ou = f"déjà saisi sous {double.id}" if double.id else "deux fois dans ce fichier"
    return Faute("indicateur", f"Ce chiffre est {ou} : corrigez celui-là.", double.indicateur)
