"""The words of an address → typed values. One parser a parameter; each says what it refused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from rapidfuzz import process

from cartographie.communes import Lieu
from cartographie.errors import ParametreError
from cartographie.nombres import entier
from cartographie.recherche import BESOIN_PAR_DEFAUT, Recherche
from cartographie.referentiel import Referentiel
from cartographie.texte import CONTROLES

LONGUEUR_MAX = 120
RAYON_MAX_KM = 200.0
PAGE_MAX = 10_000
VALEURS_MAX = 30

Arguments = Mapping[str, Sequence[str]]


def lire_recherche(
    args: Arguments,
    referentiel: Referentiel,
    periode_courante: str,
    lieu: Lieu | None = None,
) -> Recherche:
    """Understand a whole question. `lieu` is given when it came by POST, as a position.

    Raises ParametreError (or LieuInconnu, LieuAmbigu) for the first parameter with no meaning.
    """
    vocabulaire = referentiel.vocabulaire
    besoin = lire_code(args, "besoin", vocabulaire.besoins)
    types = lire_codes(args, "type", vocabulaire.types)
    missions = lire_codes(args, "mission", vocabulaire.missions)
    publics = lire_codes(args, "public", vocabulaire.publics)
    langues = lire_langues(args)
    objectif = lire_objectif(args, referentiel, periode_courante)
    q = lire_texte(args, "q")
    filtre = any((besoin, types, missions, publics, langues, objectif, q))
    return Recherche(
        lieu=lieu or lire_lieu(args, referentiel),
        besoin=besoin if filtre else BESOIN_PAR_DEFAUT,
        types=types,
        missions=missions,
        publics=publics,
        langues=langues,
        objectif=objectif,
        q=q,
        ouvert=lire_ouvert(args),
        rayon_km=lire_rayon(args),
        tri=lire_tri(args),
        page=lire_entier(args, "page", 1, PAGE_MAX) or 1,
        # Lines that the map asks for: an absent one and a hidden one are both left out.
        acteurs=tuple(slug for slug in args.get("acteur", ()) if slug)[:VALEURS_MAX],
        besoin_par_defaut=not filtre,
    )


def lire_texte(args: Arguments, nom: str) -> str:
    """One line of text, trimmed. Refuses control characters and more than 120 characters."""
    texte = _derniere(args, nom)
    if len(texte) > LONGUEUR_MAX:
        message = f"C’est trop long : {LONGUEUR_MAX} caractères au plus."
        raise ParametreError(nom, texte[:LONGUEUR_MAX], message)
    if CONTROLES.search(texte) or "\n" in texte or "\t" in texte:
        raise ParametreError(nom, "", "Ce texte contient des caractères invisibles.")
    return texte


def lire_lieu(args: Arguments, referentiel: Referentiel) -> Lieu | None:
    """A commune of Isère or around, a postal code, an INSEE code; None when nothing was typed."""
    texte = lire_texte(args, "lieu")
    return referentiel.communes.lieu(texte) if texte else None


def lire_code(args: Arguments, nom: str, connus: Mapping[str, object]) -> str:
    """One code of a vocabulary, or nothing."""
    codes = lire_codes(args, nom, connus)
    if len(codes) > 1:
        raise ParametreError(nom, " ".join(codes), "Une seule valeur est possible ici.")
    return codes[0] if codes else ""


def lire_codes(args: Arguments, nom: str, connus: Mapping[str, object]) -> tuple[str, ...]:
    """Codes of a vocabulary, each once, in the order given."""
    codes = tuple(dict.fromkeys(v.strip() for v in args.get(nom, ()) if v.strip()))
    if len(codes) > VALEURS_MAX:
        raise ParametreError(nom, "", f"Trop de valeurs : {VALEURS_MAX} au plus.")
    for code in codes:
        if code not in connus:
            court = code[:LONGUEUR_MAX]
            proches = tuple(p for p, _, _ in process.extract(court, list(connus), limit=3))
            message = f"« {court} » n’est pas une valeur connue."
            raise ParametreError(nom, court, message, proches)
    return codes


def lire_langues(args: Arguments) -> tuple[str, ...]:
    """Language codes of two or three letters (ISO 639)."""
    langues = tuple(dict.fromkeys(v.strip().lower() for v in args.get("langue", ()) if v.strip()))
    for langue in langues:
        if not (langue.isascii() and langue.isalpha() and len(langue) in (2, 3)):
            court = langue[:LONGUEUR_MAX]
            message = f"« {court} » n’est pas un code de langue (par exemple : ar, en, lsf)."
            raise ParametreError("langue", court, message)
    return langues[:VALEURS_MAX]


def lire_objectif(
    args: Arguments, referentiel: Referentiel, periode_courante: str
) -> tuple[str, int] | None:
    """`22` (of the current period) or `2022-2024/22`; None when not given."""
    texte = lire_texte(args, "objectif")
    if not texte:
        return None
    periode, _, numero = texte.rpartition("/")
    protocole = referentiel.protocole(periode or periode_courante)
    connus = {o.numero for o in protocole.objectifs} if protocole else set()
    objectif = entier(numero, 3)
    if objectif is None or objectif not in connus:
        message = f"« {texte} » n’est pas un objectif du protocole."
        raise ParametreError("objectif", texte, message)
    return periode or periode_courante, objectif


def lire_ouvert(args: Arguments) -> bool:
    """`1` asks for what is not known to be closed now."""
    valeur = _derniere(args, "ouvert")
    if valeur not in ("", "0", "1"):
        raise ParametreError("ouvert", valeur[:LONGUEUR_MAX], "On attend 1, ou rien.")
    return valeur == "1"


def lire_tri(args: Arguments) -> Literal["pertinence", "distance"]:
    """The order wanted; relevance when nothing was said."""
    match _derniere(args, "tri"):
        case "" | "pertinence":
            return "pertinence"
        case "distance":
            return "distance"
        case autre:
            proches = ("pertinence", "distance")
            message = "On peut trier par pertinence ou par distance."
            raise ParametreError("tri", autre[:LONGUEUR_MAX], message, proches)


def lire_rayon(args: Arguments) -> float | None:
    """A radius in kilometres, 0 excluded, 200 included; the French decimal comma is understood."""
    texte = _derniere(args, "rayon_km")
    if not texte:
        return None
    rayon = lire_nombre("rayon_km", texte)
    if not 0 < rayon <= RAYON_MAX_KM:
        message = f"Le rayon va de 1 à {RAYON_MAX_KM:.0f} km."
        raise ParametreError("rayon_km", texte[:LONGUEUR_MAX], message)
    return rayon


def lire_nombre(nom: str, texte: str) -> float:
    """A finite number; the French decimal comma is understood."""
    try:
        nombre = float(texte[:LONGUEUR_MAX].replace(",", "."))
    except ValueError:
        nombre = math.nan
    if not math.isfinite(nombre):
        raise ParametreError(nom, texte[:LONGUEUR_MAX], "On attend un nombre.")
    return nombre


def lire_entier(args: Arguments, nom: str, minimum: int, maximum: int) -> int | None:
    """A whole number between two bounds, both included; None when not given."""
    texte = _derniere(args, nom)
    if not texte:
        return None
    nombre = entier(texte, len(str(maximum)))
    if nombre is not None and minimum <= nombre <= maximum:
        return nombre
    message = f"On attend un nombre entier de {minimum} à {maximum}."
    raise ParametreError(nom, texte[:LONGUEUR_MAX], message)


def _derniere(args: Arguments, nom: str) -> str:
    valeurs = args.get(nom, ())
    return valeurs[-1].strip() if valeurs else ""
