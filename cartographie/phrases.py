"""Facts told in French: one sentence per fact, the same on screen, in JSON and in print."""

from __future__ import annotations

from datetime import date

from cartographie.acteurs import Fiche, Localisation, Participation, Precision
from cartographie.horaires import MOIS

COMPETENCE = {
    True: "Compétent ici",
    False: "Compétent ailleurs",
    None: "Territoire non renseigné",
}


# Told of what is known by its commune or its sector, to who asks from the very point of it.
SUR_PLACE = {Precision.COMMUNE: "dans la commune", Precision.EPCI: "dans le secteur"}


def date_fr(iso: date | str) -> str:
    """Tell an ISO date as far as it is known: `2021-10` → `octobre 2021`, `2019` → `2019`."""
    morceaux = str(iso).split("-")
    if len(morceaux) == 1:
        return morceaux[0]
    mois = MOIS[int(morceaux[1]) - 1]
    if len(morceaux) == 2:
        return f"{mois} {morceaux[0]}"
    jour = "1er" if int(morceaux[2]) == 1 else str(int(morceaux[2]))
    return f"{jour} {mois} {morceaux[0]}"


def distance_fr(distance_m: int | None, localisation: Localisation | None) -> str:
    """Tell a straight-line distance in metres; below `adresse` say from what it was measured."""
    if distance_m is None or localisation is None:
        return ""
    if distance_m == 0 and localisation.precision in SUR_PLACE:
        return SUR_PLACE[localisation.precision]
    if localisation.precision is not Precision.ADRESSE:
        return f"≈ {max(round(distance_m / 1000), 1)} km ({repere(localisation)})"
    if distance_m < 1000:
        return f"{max(round(distance_m, -2), 100)} m"
    if distance_m < 9_950:
        return f"{distance_m / 1000:.1f} km".replace(".", ",")
    return f"{round(distance_m / 1000)} km"


def repere(localisation: Localisation) -> str:
    """Name what the point stands for: `commune de Grenoble`, `département de l’Isère`."""
    if localisation.precision is Precision.COMMUNE:
        return f"commune {de(localisation.commune)}"
    if localisation.precision is Precision.EPCI:
        return f"secteur {de(localisation.commune)}" if localisation.commune else "secteur"
    if localisation.precision is Precision.DEPARTEMENT:
        return "département de l’Isère"
    return localisation.adresse


def de(nom: str) -> str:
    """Join `de` to a place name: `de Grenoble`, `d’Eybens`, `du Bourg-d’Oisans`, `de La Mure`."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d’{nom}" if nom[:1] in "AEIOUYÉÈÊÂÎÔaeiouyéèêâîôHh" else f"de {nom}"


def competence_fr(competent: bool | None, lieu: str = "") -> str:
    """Tell competence: yes, no or not known, never guessed."""
    if competent is None:
        return "Territoire non renseigné"
    if not lieu:
        return COMPETENCE[competent]
    return f"Compétent pour {lieu}" if competent else f"Compétent ailleurs que {lieu}"


def confirmation_fr(fiche: Fiche) -> str:
    """Tell how sure a record is: confirmed on a day, not since its source, or never."""
    if fiche.verifie_le is not None:
        return f"Confirmé le {date_fr(fiche.verifie_le)}"
    if fiche.source_date:
        return f"Non confirmé depuis {date_precise(fiche.source_date)}"
    return "Jamais confirmé"


def date_precise(iso: str) -> str:
    """Tell a date after `depuis`: a whole day takes its article."""
    return f"le {date_fr(iso)}" if iso.count("-") == 2 else date_fr(iso)


def telephone_lisible(numero: str) -> str:
    """Group the digits of a ten-digit French number by two; leave any other as it is."""
    chiffres = numero.replace(" ", "").replace(".", "")
    if len(chiffres) == 10 and chiffres.isdigit():
        return " ".join(chiffres[i : i + 2] for i in range(0, 10, 2))
    return numero


def telephone_uri(numero: str) -> str:
    """Make the `tel:` address of a number; French ten-digit numbers become international."""
    chiffres = "".join(c for c in numero if c.isdigit() or c == "+")
    if len(chiffres) == 10 and chiffres.startswith("0"):
        return f"tel:+33{chiffres[1:]}"
    return f"tel:{chiffres}"


def participation_fr(participation: Participation) -> str:
    """Tell a part in an objective; a deduced one is never a pilot by name."""
    if participation.origine == "deduite":
        titre = participation.source or "catégorie citée par le protocole"
        return f"au titre de : {titre[:1].lower()}{titre[1:]}"
    role = "pilote" if participation.role == "pilote" else "acteur"
    return (
        f"{role}, {'déclaré' if participation.origine == 'declaree' else 'nommé par le protocole'}"
    )
