"""Coverage told in French: the result first, in a sentence; the same words on screen and in files.

Every distance is said to be a straight line, and one measured to less than an address reads « ≈ ».
"""

from __future__ import annotations

from cartographie.acteurs import Acces, Precision
from cartographie.couverture.valeurs import (
    LOIN_KM,
    Bilan,
    CommuneCouverte,
    Couverture,
    Manque,
)
from cartographie.phrases import distance_fr

RAYON_DIT_KM = 20
VOL_D_OISEAU = "à vol d’oiseau"
LIEUX = {
    Acces.DIRECT: ("lieu où se présenter", "lieux où se présenter"),
    Acces.ORIENTATION: ("lieu qui reçoit sur orientation", "lieux qui reçoivent sur orientation"),
    Acces.PROFESSIONNELS: (
        "lieu ouvert aux professionnels",
        "lieux ouverts aux professionnels",
    ),
}
AUTREMENT = {
    Acces.DIRECT: "en se présentant",
    Acces.TELEPHONE: "par téléphone",
    Acces.ORIENTATION: "sur orientation",
    Acces.DECISION_JUDICIAIRE: "sur décision de justice",
    Acces.PROFESSIONNELS: "pour les professionnels",
}
COMPETENCE = {True: "oui", False: "non", None: "non renseigné"}
MANQUES = {
    Manque.LOIN: f"aucun lieu à moins de {LOIN_KM} km",
    Manque.COMPETENCE: "personne de compétent",
}
AUCUN = "aucun lieu"


def resultat_fr(couverture: Couverture, nom: str) -> tuple[str, ...]:
    """The result in sentences; `nom` is what people read for the question."""
    singulier, _ = LIEUX[couverture.question.acces]
    if not couverture.destinations:
        return (f"Pour « {nom} », aucun {singulier} n’est publié.", *_autrement(couverture))
    bilan, pres = couverture.bilan, est_approche(couverture)
    part = pour_cent_fr(bilan.habitants_dans(RAYON_DIT_KM), bilan.habitants)
    return (
        f"Pour « {nom} », {_environ(pres and part[0].isdigit())}{part} des habitantes "
        f"et habitants de l’Isère ont au moins un {singulier} à moins de {RAYON_DIT_KM}\u00a0km "
        f"{VOL_D_OISEAU}.",
        f"La moitié d’entre eux en a un à {_environ(pres)}{km_fr(bilan.mediane_m)} ou moins ; la "
        f"distance moyenne est {'d’environ' if pres else 'de'} {km_fr(bilan.moyenne_m)}.",
    )


def precision_fr(couverture: Couverture) -> str:
    """How many places are known by less than their address; empty when none is."""
    nombre = sum(d.localisation.precision is not Precision.ADRESSE for d in couverture.destinations)
    total = len(couverture.destinations)
    if not nombre:
        return ""
    if nombre == total:
        qui = "Les lieux ne sont connus" if total > 1 else "Le lieu n’est connu"
    else:
        qui = f"{nombre} des {total} lieux "
        qui += "ne sont connus" if nombre > 1 else "n’est connu"
    return f"{qui} qu’à la commune ou au secteur près : ces distances sont approchées (≈)."


def est_approche(couverture: Couverture) -> bool:
    """Whether some place is known by less than its address."""
    return bool(precision_fr(couverture))


def eloignement_fr(ligne: CommuneCouverte) -> str:
    """How far the nearest place is: `3,2 km (Vienne)`, `≈ 12 km (commune de La Mure)`,
    `dans la commune`."""
    if ligne.destination is None:
        return AUCUN
    lieu = ligne.destination.localisation
    distance = distance_fr(ligne.distance_m, lieu)
    exacte = lieu.precision is Precision.ADRESSE and lieu.commune
    return f"{distance} ({lieu.commune})" if exacte else distance


def manques_fr(ligne: CommuneCouverte) -> str:
    """Why a commune has nobody."""
    return ", ".join(MANQUES[manque] for manque in ligne.manques)


def competence_bilan_fr(bilan: Bilan) -> str:
    """Who lives where somebody is competent, where that is not known, where nobody is."""
    oui, inconnu, non = bilan.competence
    if inconnu == bilan.habitants:
        return "On ne sait pas qui est compétent où : aucun territoire n’est renseigné."
    parts = (
        (oui, "vivent dans une commune qu’au moins un service déclare couvrir"),
        (inconnu, "là où l’on n’en sait rien, faute de territoire renseigné"),
        (non, "là où personne n’est compétent"),
    )
    dits = [f"{pour_cent_fr(n, bilan.habitants)} {mots}" for n, mots in parts if n]
    if not oui:
        dits[0] = dits[0].replace("là où", "vivent là où", 1)
    return f"Des habitants, {' ; '.join(dits)}."


def pour_cent_fr(part: int, total: int) -> str:
    """A share that never rounds up to all, nor down to none: `plus de 99 %`, `moins de 1 %`."""
    if not total:
        return "0\u00a0%"
    valeur = round(100 * part / total)
    if valeur == 100 and part < total:
        return "plus de 99\u00a0%"
    if valeur == 0 and part:
        return "moins de 1\u00a0%"
    return f"{valeur}\u00a0%"


def km_fr(metres: int | None) -> str:
    """Metres as kilometres: `4,1 km`, `–` when there is no place."""
    return "–" if metres is None else f"{metres / 1000:.1f}".replace(".", ",") + "\u00a0km"


def _environ(approche: bool) -> str:
    return "environ " if approche else ""


def _autrement(couverture: Couverture) -> tuple[str, ...]:
    """Who answers in another way, when nobody does in this one."""
    autres = [
        f"{AUTREMENT[acces]} ({nombre} service{'s' if nombre > 1 else ''})"
        for acces, nombre in couverture.autres
    ]
    if not autres:
        return ("Aucun service de l’annuaire ne répond à ce choix.",)
    suite = f"{', '.join(autres[:-1])} ou {autres[-1]}" if len(autres) > 1 else autres[0]
    return (f"On y répond autrement : {suite}.",)
