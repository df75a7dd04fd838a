"""What somebody more would change: a fictitious acteur, measured, of which nothing stays.

A GET that reads: the address of the page is the whole trial, to be shown to colleagues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from cartographie.acteurs import Localisation, Precision, Territoire
from cartographie.aplats import Aplats, dessiner_aplats
from cartographie.communes import Communes, Lieu
from cartographie.couverture import (
    RAYONS_KM,
    Essai,
    Question,
    Simulation,
    intitule,
    simuler,
)
from cartographie.couverture.mots import km_fr, pour_cent_fr
from cartographie.errors import ParametreError
from cartographie.parametres import Arguments, lire_nombre, lire_texte
from cartographie.phrases import de
from cartographie.web.couverture import build_choix, couverture_de, question_demandee
from cartographie.web.couverture_vue import build_vue
from cartographie.web.gestion.garde import blueprint
from cartographie.web.protocoles import nombre_fr
from cartographie.web.site import catalogue, site

CHAMPS = ("lieu", "latitude", "longitude", "territoire")
HORS_ISERE = "Ce lieu est hors de l’Isère : placez-le dans le département."
A_DEUX = "Une position demande une latitude et une longitude."
TERRITOIRES = (
    ("inconnu", "Non renseigné"),
    ("departement", "Toute l’Isère"),
    ("epci", "L’intercommunalité du lieu"),
    ("commune", "La commune du lieu"),
)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A radius: inhabitants before, after, gained."""

    libelle: str
    avant: str
    apres: str
    gain: str


@dataclass(frozen=True, slots=True)
class EssaiVue:
    """What the trial would change, in words and shapes."""

    simulation: Simulation
    phrase: str
    lignes: tuple[Ligne, ...]
    apres: Aplats


@blueprint.get("/couverture")
def couverture() -> Response:
    """Choose, place, compare; without a place, coverage as it is."""
    args = request.args.to_dict(flat=False)
    saisis = {nom: (args.get(nom) or [""])[-1][:120] for nom in CHAMPS}
    page: dict[str, Any] = {"faute": None, "vue": None, "essai": None, "saisis": saisis}
    try:
        question = question_demandee(args)
        lieu = _lieu(args, site().referentiel.communes)
        page["vue"] = build_vue(couverture_de(question), site().referentiel)
        page["essai"] = _essayer(question, lieu, args) if lieu else None
        page |= build_choix(question)
    except ParametreError as erreur:
        page |= {"faute": erreur, "vue": None, **build_choix(None)}
    contenu = render_template("gestion/couverture.html", territoires=_territoires(), **page)
    return Response(contenu, 400 if page["faute"] else 200)


def _lieu(args: Arguments, communes: Communes) -> Lieu | None:
    """Where the acteur is put: a position, else a commune; None when nothing was said."""
    latitude, longitude = lire_texte(args, "latitude"), lire_texte(args, "longitude")
    if bool(latitude) != bool(longitude):
        raise ParametreError("latitude", "", A_DEUX)
    if latitude:
        lieu = communes.position(
            lire_nombre("longitude", longitude), lire_nombre("latitude", latitude)
        )
    else:
        texte = lire_texte(args, "lieu")
        if not texte:
            return None
        lieu = communes.lieu(texte)
    if not lieu.dans_isere:
        raise ParametreError("lieu", "", HORS_ISERE)
    return lieu


def _essayer(question: Question, lieu: Lieu, args: Arguments) -> EssaiVue:
    referentiel = site().referentiel
    essai = Essai(_localisation(lieu, args), _territoire(lieu, args))
    simulation = simuler(question, essai, catalogue(), referentiel)
    return EssaiVue(
        simulation=simulation,
        phrase=_phrase(simulation, lieu, intitule(question, referentiel)),
        lignes=_lignes(simulation),
        apres=dessiner_aplats(simulation.apres, referentiel.communes),
    )


def _localisation(lieu: Lieu, args: Arguments) -> Localisation:
    """A position is a door; a commune alone is known no better than that."""
    commune = site().referentiel.communes.insee(lieu.code_insee)
    exact = bool(lire_texte(args, "latitude"))
    return Localisation(
        longitude=lieu.longitude or 0.0,
        latitude=lieu.latitude or 0.0,
        precision=Precision.ADRESSE if exact else Precision.COMMUNE,
        commune=commune.nom if commune else lieu.libelle,
        code_insee=lieu.code_insee,
        code_epci=lieu.epci,
    )


def _territoire(lieu: Lieu, args: Arguments) -> Territoire | None:
    voulu = lire_texte(args, "territoire") or "inconnu"
    match voulu:
        case "inconnu":
            return None
        case "departement":
            return Territoire(departement=True)
        case "epci":
            return Territoire(epci=(lieu.epci,))
        case "commune":
            return Territoire(communes=(lieu.code_insee,))
    if voulu not in dict(_territoires()):
        raise ParametreError("territoire", voulu, "Choisissez un territoire dans la liste.")
    return Territoire(epci=(voulu,))


def _territoires() -> tuple[tuple[str, str], ...]:
    """What the territoire may be: relative to the place, or one EPCI."""
    communes = site().referentiel.communes
    codes = {commune.epci for commune in communes.toutes}
    epci = sorted((e.nom, e.code) for code in codes if (e := communes.epci(code)))
    return TERRITOIRES + tuple((code, nom) for nom, code in epci)


def _lignes(simulation: Simulation) -> tuple[Ligne, ...]:
    avant, apres = simulation.avant.bilan, simulation.apres.bilan
    lignes = [
        Ligne(
            f"À {rayon} km au plus",
            f"{nombre_fr(a)} ({pour_cent_fr(a, avant.habitants)})",
            f"{nombre_fr(b)} ({pour_cent_fr(b, apres.habitants)})",
            f"+ {nombre_fr(b - a)}" if b > a else "0",
        )
        for rayon, a, b in zip(RAYONS_KM, avant.dans, apres.dans, strict=True)
    ]
    for libelle, a_m, b_m in (
        ("Distance médiane", avant.mediane_m, apres.mediane_m),
        ("Distance moyenne", avant.moyenne_m, apres.moyenne_m),
    ):
        gain = f"− {km_fr(a_m - b_m)}" if a_m and b_m is not None and a_m > b_m else "0"
        lignes.append(Ligne(libelle, km_fr(a_m), km_fr(b_m), gain if a_m else "–"))
    return tuple(lignes)


def _phrase(simulation: Simulation, lieu: Lieu, nom: str) -> str:
    """The result first: who gains, within 20 km, in a straight line."""
    gagnes = simulation.gagnes_dans(20)
    commune = site().referentiel.communes.insee(lieu.code_insee)
    ou = f"Près {de(commune.nom if commune else lieu.libelle)}"
    if not gagnes:
        return (
            f"{ou}, un acteur de plus pour « {nom} » ne rapprocherait à moins de 20 km à vol "
            "d’oiseau personne qui n’y ait déjà un lieu."
        )
    return (
        f"{ou}, un acteur de plus pour « {nom} » donnerait à {nombre_fr(gagnes)} habitantes et "
        "habitants un lieu à moins de 20 km à vol d’oiseau, alors qu’ils n’en ont pas."
    )
