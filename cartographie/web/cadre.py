"""The address of the embedded map: whatever it says, the map shows, and tells what was left out.

Somebody wrote this address into their page, perhaps years ago. A refusal would leave a hole there,
so what cannot be understood is set aside with a sentence instead of answered by an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cartographie.cartes import CENTRE, LIMITES, ZOOM_MAX, ZOOM_MIN
from cartographie.errors import ParametreError
from cartographie.parametres import lire_entier, lire_nombre, lire_texte
from cartographie.recherche import Recherche
from cartographie.web.formulaire import PARAMETRES, Ecran
from cartographie.web.site import recherche_demandee

# What these addresses mean never changes under one version; a new meaning needs a new number.
VERSION = "1"
PRESENTATION = ("version", "centre", "zoom", "liste", "titre", "compact")
CADRE = Ecran("integration.carte", PRESENTATION)
# Parameters that have one value; several that differ contradict each other.
UNIQUES = ("lieu", "objectif", "q", "ouvert", "rayon_km", "tri", *PRESENTATION)
REDUIT = "reduit"  # written by the redirection of an address to its commune
ZOOM_PAR_DEFAUT = 11
TITRE_MAX = 80
NOMMES_MAX = 5

Valeurs = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Cadre:
    """What the address asks for, as far as it was understood.

    `args` is that address without what was set aside; `vue` is `zoom/latitude/longitude` or empty;
    `faute` is the first fault of the search, to be said beside its field; `ecarts` are all of them.
    """

    recherche: Recherche
    args: Mapping[str, list[str]]
    vue: str
    avec_liste: bool
    titre: str
    compact: bool
    faute: ParametreError | None
    ecarts: tuple[str, ...]


def lire_cadre(demandes: Mapping[str, list[str]], connus: tuple[str, ...] = ()) -> Cadre:
    """Understand all that can be. `connus` are further parameters, which mean nothing here."""
    args = {nom: [v for v in valeurs if v.strip()] for nom, valeurs in demandes.items()}
    ecarts = [*_inconnus(args, {REDUIT, *connus}), *_contradictions(args)]
    ecarts += _presentation(args)
    recherche, fautes = _recherche(args)
    ecarts += [f"{str(f).rstrip('.')}. {_laisse(f.parametre)}" for f in fautes]
    return Cadre(
        recherche=recherche,
        args={nom: args[nom] for nom in CADRE.parametres if args.get(nom)},
        vue=_vue(args, recherche),
        avec_liste=args.get("liste") != ["0"],
        titre=lire_texte(args, "titre"),
        compact=args.get("compact") == ["1"],
        faute=fautes[0] if fautes else None,
        ecarts=tuple(ecarts),
    )


def _inconnus(args: Valeurs, connus: set[str]) -> Iterator[str]:
    noms = [nom for nom in args if nom not in connus.union(CADRE.parametres)]
    if not noms:
        return
    liste = ", ".join(f"« {nom[:30]} »" for nom in noms[:NOMMES_MAX])
    if len(noms) > 1:
        yield f"Paramètres inconnus de l’adresse, laissés de côté : {liste}."
    else:
        yield f"Paramètre inconnu de l’adresse, laissé de côté : {liste}."


def _contradictions(args: Valeurs) -> Iterator[str]:
    """Keep the last of several values, as every other page does, and say so."""
    for nom in UNIQUES:
        if len(set(args.get(nom, ()))) > 1:
            yield f"Le paramètre « {nom} » a plusieurs valeurs : seule la dernière compte."
        args[nom] = args.get(nom, [])[-1:]


def _presentation(args: Valeurs) -> Iterator[str]:
    """Set aside what does not say how to show the map."""
    for nom in PRESENTATION:
        try:
            _controler(nom, args)
        except ParametreError as erreur:
            args[nom] = []
            yield f"{erreur} {_laisse(nom)}"


def _controler(nom: str, args: Valeurs) -> None:
    """Raise ParametreError when the value has no meaning."""
    valeur = lire_texte(args, nom)
    if not valeur:
        return
    if nom == "version" and valeur != VERSION:
        raise ParametreError(nom, valeur, f"La version « {valeur} » n’existe pas.")
    if nom in {"liste", "compact"} and valeur not in {"0", "1"}:
        raise ParametreError(nom, valeur, f"« {nom} » vaut 0 ou 1.")
    if nom == "titre" and len(valeur) > TITRE_MAX:
        raise ParametreError(nom, valeur, f"Le titre est trop long : {TITRE_MAX} signes au plus.")
    if nom == "zoom":
        lire_entier(args, nom, ZOOM_MIN, ZOOM_MAX)
    if nom == "centre":
        lire_centre(valeur)


def lire_centre(texte: str) -> tuple[float, float]:
    """`45.19,5.72` as latitude, longitude, around Isère. Raises ParametreError."""
    morceaux = texte.split(",")
    if len(morceaux) == 2:
        latitude, longitude = (lire_nombre("centre", morceau) for morceau in morceaux)
        (sud, ouest), (nord, est) = LIMITES
        if sud <= latitude <= nord and ouest <= longitude <= est:
            return latitude, longitude
    message = "Le centre est une latitude et une longitude en Isère, par exemple 45.19,5.72."
    raise ParametreError("centre", texte, message)


def _recherche(args: Valeurs) -> tuple[Recherche, list[ParametreError]]:
    """Understand the search without the parameters that have no meaning; one less each time."""
    fautes: list[ParametreError] = []
    while True:
        try:
            return recherche_demandee(args), fautes
        except ParametreError as erreur:
            fautes.append(erreur)
            # A fault without a name would come back for ever: then nothing of the search is kept.
            for nom in (erreur.parametre,) if args.get(erreur.parametre) else PARAMETRES:
                args[nom] = []


def _vue(args: Valeurs, recherche: Recherche) -> str:
    """Where the map opens when the address says so: its centre, else the place searched."""
    centre, zoom = lire_texte(args, "centre"), lire_texte(args, "zoom")
    if not (centre or zoom):
        return ""
    latitude, longitude = CENTRE
    if centre:
        latitude, longitude = lire_centre(centre)
    elif (lieu := recherche.lieu) and lieu.latitude is not None and lieu.longitude is not None:
        latitude, longitude = lieu.latitude, lieu.longitude
    return f"{zoom or ZOOM_PAR_DEFAUT}/{latitude:.5f}/{longitude:.5f}"


def _laisse(nom: str) -> str:
    return f"Le paramètre « {nom} » est laissé de côté." if nom else ""
