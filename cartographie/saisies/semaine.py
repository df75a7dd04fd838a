"""The weekly table of the form: two ranges a day and the holidays ↔ OSM opening_hours.

Minutes since midnight; a range that ends before it begins passes midnight. What the table cannot
hold (seasons, weeks of the month, comments) stays in OSM syntax in its own field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from cartographie.errors import Faute
from cartographie.horaires import lisible
from cartographie.saisies.champs import Champs, net, un

JOURS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
FERIES = "PH"
PERMANENT = "24/7"
PLAGES = 2
MINUIT = 24 * 60
# A night ends at eight at the latest: beyond, the two hours were swapped.
FIN_DE_NUIT = 8 * 60
Plage = tuple[int, int]
Plages = tuple[Plage, ...]

_HEURE_OSM = r"(?:[01]\d|2[0-4]):[0-5]\d"
_PLAGE_OSM = rf"{_HEURE_OSM}-{_HEURE_OSM}"
_REGLE = re.compile(
    r"((?:Mo|Tu|We|Th|Fr|Sa|Su|PH|[-,])+) "
    rf"({_PLAGE_OSM}(?:, ?{_PLAGE_OSM})*|off|closed)"
)
_HEURE_TAPEE = re.compile(r"(\d{1,2})\s*(?:[h:.]\s*(\d{1,2})?)?(?:\s*min)?|(\d{1,2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Tableau:
    """Ranges of each day, Monday first; `feries` is None when nothing is said of holidays."""

    jours: tuple[Plages, ...] = ((),) * 7
    feries: Plages | None = None
    permanent: bool = False


def tableau_de(horaires: str) -> Tableau | None:
    """Lay hours out as a table; None when it cannot hold them."""
    tableau = _tableau_ecrit(horaires)
    fautes: list[Faute] = []
    # What the form would refuse if it were typed (24:30, a range inside another) stays as written.
    if tableau is None or _lire_tableau(_cases(tableau, ""), "", fautes) != tableau or fautes:
        return None
    return tableau


def _tableau_ecrit(horaires: str) -> Tableau | None:
    texte = horaires.strip()
    if texte == PERMANENT:
        return Tableau(permanent=True)
    semaine: dict[str, Plages] = {}
    for regle in texte.split(";") if texte else ():
        lue = _REGLE.fullmatch(regle.strip())
        jours = _jours(lue.group(1)) if lue else None
        if lue is None or jours is None or any(jour in semaine for jour in jours):
            return None
        plages = _plages(lue.group(2))
        if len(plages) > PLAGES:
            return None
        semaine |= dict.fromkeys(jours, plages)
    return Tableau(tuple(semaine.get(jour, ()) for jour in JOURS), semaine.get(FERIES))


def ecrire_osm(tableau: Tableau) -> str:
    """Write a table in OSM syntax, days with the same hours together; nothing when empty."""
    if tableau.permanent:
        return PERMANENT
    par_plages: dict[Plages, list[int]] = {}
    for rang, plages in enumerate(tableau.jours):
        if plages:
            par_plages.setdefault(plages, []).append(rang)
    regles = [f"{_suites(rangs)} {_osm(plages)}" for plages, rangs in par_plages.items()]
    if tableau.feries is not None:
        regles.append(f"{FERIES} {_osm(tableau.feries) or 'off'}")
    return "; ".join(regles)


def champs_de(horaires: str, prefixe: str) -> dict[str, list[str]]:
    """Fields that show hours: the table when it can hold them, and the OSM syntax in any case."""
    tableau = tableau_de(horaires) or Tableau()
    return {f"{prefixe}.horaires": [horaires]} | _cases(tableau, prefixe)


def _cases(tableau: Tableau, prefixe: str) -> dict[str, list[str]]:
    champs: dict[str, list[str]] = {}
    if tableau.permanent:
        champs[f"{prefixe}.permanent"] = ["1"]
    choix = "" if tableau.feries is None else "ouvert" if tableau.feries else "ferme"
    champs[f"{prefixe}.feries"] = [choix]
    for jour, plages in zip((*JOURS, FERIES), (*tableau.jours, tableau.feries or ()), strict=True):
        heures = [heure for plage in plages for heure in plage]
        for rang, heure in enumerate(heures):
            champs[f"{prefixe}.semaine.{jour}.{rang}"] = [_hhmm(heure)]
    return champs


def lire_horaires(champs: Champs, prefixe: str, base: str, fautes: list[Faute]) -> str:
    """Read hours: what was changed since `base`, the table or the OSM syntax; `base` if neither."""
    avant = len(fautes)
    tableau = _lire_tableau(champs, prefixe, fautes)
    brut = un(champs, f"{prefixe}.horaires")
    if len(fautes) > avant:
        return base
    change = tableau != (tableau_de(base) or Tableau())
    if brut == net(base):
        return ecrire_osm(tableau) if change else base
    if change and brut != ecrire_osm(tableau):
        message = "Le tableau et l’écriture OSM ne disent pas la même chose : gardez l’un des deux."
        fautes.append(Faute(f"{prefixe}.horaires", message, brut[:40]))
    elif brut and not lisible(brut):
        message = "Ces horaires ne peuvent pas être lus : remplissez plutôt le tableau."
        fautes.append(Faute(f"{prefixe}.horaires", message, brut[:40]))
    return brut


def _lire_tableau(champs: Champs, prefixe: str, fautes: list[Faute]) -> Tableau:
    jours = tuple(_lire_jour(champs, f"{prefixe}.semaine.{jour}", fautes) for jour in JOURS)
    plages = _lire_jour(champs, f"{prefixe}.semaine.{FERIES}", fautes)
    choix = un(champs, f"{prefixe}.feries")
    if plages and choix != "ouvert":
        message = "Des heures sont écrites pour les jours fériés : choisissez « Ouvert »."
        fautes.append(Faute(f"{prefixe}.feries", message))
    elif choix == "ouvert" and not plages:
        message = "Écrivez les heures d’ouverture des jours fériés."
        fautes.append(Faute(f"{prefixe}.semaine.{FERIES}.0", message))
    feries = {"ouvert": plages, "ferme": ()}.get(choix)
    permanent = bool(un(champs, f"{prefixe}.permanent"))
    if permanent and (any(jours) or feries is not None):
        message = "Ouvert 24 h sur 24 tous les jours : laissez le tableau vide."
        fautes.append(Faute(f"{prefixe}.permanent", message))
    return Tableau(jours, feries, permanent)


def _lire_jour(champs: Champs, nom: str, fautes: list[Faute]) -> Plages:
    plages = []
    for rang in range(0, 2 * PLAGES, 2):
        debut, fin = (un(champs, f"{nom}.{rang + i}") for i in (0, 1))
        if not debut and not fin:
            continue
        plage = _lire_heure(debut, 0), _lire_heure(fin, MINUIT)
        for i, heure in enumerate(plage):
            if heure is None:
                message = "Écrivez une heure, comme 9:00 ou 14 h 30."
                fautes.append(Faute(f"{nom}.{rang + i}", message, (debut, fin)[i][:20]))
        if plage[0] is None or plage[1] is None:
            continue
        if plage[1] <= plage[0] and plage[1] > FIN_DE_NUIT:
            fautes.append(Faute(f"{nom}.{rang + 1}", "La fin est avant le début.", fin))
        plages.append((plage[0], plage[1]))
    if len(plages) == PLAGES and plages[1][0] < plages[0][1]:
        fautes.append(Faute(f"{nom}.2", "Les deux plages se chevauchent."))
    return tuple(plages)


def _lire_heure(tape: str, minuit: int) -> int | None:
    """Read `9`, `9h`, `9 h 30`, `09:30`, `0930`, `midi`, `minuit` (0 or 24 h by its place)."""
    if tape.lower() in ("midi", "minuit"):
        return 12 * 60 if tape.lower() == "midi" else minuit
    lue = _HEURE_TAPEE.fullmatch(tape.lower())
    if lue is None:
        return None
    heures, minutes = int(lue.group(1) or lue.group(3)), int(lue.group(2) or lue.group(4) or 0)
    total = heures * 60 + minutes
    return total if minutes < 60 and total <= MINUIT else None


def _jours(texte: str) -> list[str] | None:
    """Days of a rule, `Mo-We,PH`; None when they cannot be told."""
    jours: list[str] = []
    for morceau in texte.split(","):
        debut, tiret, fin = morceau.partition("-")
        if morceau in (*JOURS, FERIES):
            jours.append(morceau)
        elif tiret and debut in JOURS and fin in JOURS and JOURS.index(debut) < JOURS.index(fin):
            jours += JOURS[JOURS.index(debut) : JOURS.index(fin) + 1]
        else:
            return None
    return jours if len(set(jours)) == len(jours) else None


def _plages(texte: str) -> Plages:
    if texte in ("off", "closed"):
        return ()
    bornes = ([_minutes(h) for h in plage.strip().split("-")] for plage in texte.split(","))
    return tuple((debut, fin) for debut, fin in bornes)


def _suites(rangs: Iterable[int]) -> str:
    """`Mo-We,Fr` for 0, 1, 2, 4; two days that follow are written `Mo,Tu`."""
    morceaux = []
    for _, groupe in groupby(enumerate(rangs), key=lambda paire: paire[1] - paire[0]):
        suite = [JOURS[rang] for _, rang in groupe]
        morceaux += [f"{suite[0]}-{suite[-1]}"] if len(suite) > 2 else suite
    return ",".join(morceaux)


def _osm(plages: Plages) -> str:
    return ",".join(f"{_hhmm(debut)}-{_hhmm(fin)}" for debut, fin in plages)


def _minutes(hhmm: str) -> int:
    heures, minutes = hhmm.split(":")
    return int(heures) * 60 + int(minutes)


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
