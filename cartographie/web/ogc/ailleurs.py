"""The other public files of the site, in the same document: searches, exports, outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cartographie.acteurs import Precision
from cartographie.couverture.question import ACCES_MESURES
from cartographie.parametres import LONGUEUR_MAX, PAGE_MAX, RAYON_MAX_KM
from cartographie.recherche import BESOIN_SANS_RECHERCHE
from cartographie.referentiel import Referentiel
from cartographie.web.api import LIMITE_MAX, LIMITE_PAR_DEFAUT
from cartographie.web.fond import COMPACTE
from cartographie.web.ogc.operations import incomprise, operation, parametre, reponse
from cartographie.web.ogc.reponses import GEOJSON, JSON
from cartographie.web.ogc.schemas import (
    BOOLEEN,
    ENTIER,
    LISTE,
    TEXTE,
    Schema,
    liste,
    objet,
    ou_rien,
    un_de,
)

Document = dict[str, Any]

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GPKG = "application/geopackage+sqlite3"
FICHIER: Schema = {"type": "string", "format": "binary"}
MOT: Schema = {"type": "string", "maxLength": LONGUEUR_MAX, "pattern": "^[^\\x00-\\x1f\\x7f]*$"}
REDUIT: Document = {
    "303": {
        "description": "« lieu » était une adresse : la même demande, depuis sa commune.",
        "content": {"text/html": {"schema": TEXTE}},
    }
}
RESULTAT = objet(
    {
        "acteur": ou_rien(TEXTE),
        "nom": TEXTE,
        "type": ou_rien(TEXTE),
        "missions": LISTE,
        "telephone": ou_rien(TEXTE),
        "commune": ou_rien(TEXTE),
        "distance_m": ou_rien({"type": "integer", "minimum": 0}),
        # Where null is a choice of an enumeration it has to be named among them.
        "precision": {"type": "string", "nullable": True, "enum": [*map(str, Precision), None]},
        "competent": ou_rien(BOOLEEN),
        "ouverture": un_de(("ouvert", "ferme", "inconnu")),
        "raison": TEXTE,
    }
)
GROUPE = objet(
    {
        "code": un_de(("appeler", "recevoir", "sur-orientation", "professionnels")),
        "libelle": TEXTE,
        "resultats": liste(RESULTAT),
    }
)
REPONSE = objet(
    {
        "lieu": ou_rien(objet({"libelle": TEXTE, "code_insee": TEXTE})),
        "total": ENTIER,
        "groupes": liste(GROUPE),
    }
)
COMMUNES = objet(
    {"communes": liste(objet({"code_insee": TEXTE, "nom": TEXTE, "codes_postaux": LISTE}))}
)
DESSIN: Schema = {
    "type": "object",
    "description": "Ce que la carte du site dessine ; sa forme suit celle de la carte.",
    "required": ["lieu", "total", "types", "colonnes", "acteurs", "portes", "zones", "reseaux"],
}
RANGS = objet(
    {
        "lieu": {"type": "object", "nullable": True},
        "total": ENTIER,
        "atlas": TEXTE,
        "choix": TEXTE,
        "lignes": {"type": "object", "additionalProperties": ENTIER},
    },
    description="Une grande réponse, en rangs de `/carte/points.json`.",
)
CARTE: Schema = {"anyOf": [DESSIN, RANGS]}
POINTS: Schema = {
    "type": "object",
    "description": "Les points de la carte, en colonnes ; leur forme suit celle de la carte.",
    "required": ["empreinte", "pas", "types", "type", "communes", "portes", "zones", "reseaux"],
}
FICHES = objet({"atlas": TEXTE, "fiches": liste({"type": "array"})})
FEATURES: Schema = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": un_de(("FeatureCollection",)),
        "features": liste(
            {"type": "object", "required": ["type", "geometry", "properties"]},
        ),
    },
}
INCLUSION: Schema = {
    "type": "object",
    "required": ["structures", "services"],
    "properties": {
        "structures": liste({"type": "object"}),
        "services": liste({"type": "object"}),
    },
}
TOPOLOGIE: Schema = {"type": "object", "required": ["type", "arcs", "objects"]}


def chemins_ailleurs(referentiel: Referentiel, base: str) -> Document:
    """Their paths, each naming its server: they are not below `/ogc`."""
    filtres = _filtres(referentiel)
    chemins = {
        **_recherches(filtres),
        **_listes(filtres),
        **_couverture(referentiel),
        **_contours(),
        **_points(),
    }
    return {chemin: {"servers": [{"url": base}], **ops} for chemin, ops in chemins.items()}


def _recherches(filtres: list[Document]) -> Document:
    """Questions, and what the map draws of their answers."""
    forme = parametre(
        "forme", "« compacte » : une grande réponse est dite en rangs.", un_de((COMPACTE,))
    )
    return {
        "/proches": {
            "get": _op("Qui est proche, depuis une commune", [*filtres, _limite()], JSON, REPONSE),
            "post": _poster("Qui est proche, depuis une position ou une adresse", REPONSE),
        },
        "/communes": {
            "get": _op("Compléter le nom d’une commune", [_q("q")], JSON, COMMUNES, ailleurs=False)
        },
        "/carte.json": {
            "get": _op("Ce que la carte dessine", [*filtres, forme], JSON, CARTE, ailleurs=False),
            "post": _poster("De même, depuis une position ou une adresse", CARTE, [forme]),
        },
    }


def _listes(filtres: list[Document]) -> Document:
    """The directory as files."""
    return {
        "/acteurs.geojson": {"get": _op("L’annuaire en GeoJSON", filtres, GEOJSON, FEATURES)},
        "/acteurs.csv": {"get": _op("L’annuaire en CSV", filtres, CSV, TEXTE)},
        "/acteurs.xlsx": {"get": _op("L’annuaire pour Excel", filtres, XLSX, FICHIER)},
        "/acteurs.gpkg": {"get": _op("L’annuaire en GeoPackage", filtres, GPKG, FICHIER)},
        "/data-inclusion.json": {
            "get": _op("L’annuaire au schéma data·inclusion", filtres, JSON, INCLUSION)
        },
    }


def _couverture(referentiel: Referentiel) -> Document:
    """Distances to the nearest place, commune by commune."""
    mesure = _mesure(referentiel)
    par = parametre("par", "Une ligne par…", un_de(("communes", "epci")))
    return {
        "/couverture.geojson": {
            "get": _op("La couverture par commune", mesure, GEOJSON, FEATURES, ailleurs=False)
        },
        "/couverture.csv": {
            "get": _op("La couverture en CSV", [*mesure, par], CSV, TEXTE, ailleurs=False)
        },
    }


def _contours() -> Document:
    """What maps stand on."""
    v = [parametre("v", "L’empreinte du fichier : il est alors gardé un an.", TEXTE)]
    fichiers = {
        "/communes.geojson": ("Contours des communes", FEATURES),
        "/communes.topojson": ("Les mêmes, chaque limite une fois", TOPOLOGIE),
        "/epci.geojson": ("Contours des intercommunalités", FEATURES),
    }
    return {
        chemin: {"get": _op(titre, v, GEOJSON, schema, ailleurs=False)}
        for chemin, (titre, schema) in fichiers.items()
    }


def _points() -> Document:
    """What the map of a large directory reads."""
    rangs = [
        parametre("atlas", "L’empreinte des points dans lesquels les rangs comptent.", TEXTE),
        parametre("rangs", "Des rangs, séparés par des virgules.", TEXTE),
    ]
    return {
        "/carte/points.json": {
            "get": _op("Tous les points, sans un nom", [], JSON, POINTS, ailleurs=False)
        },
        "/carte/fiches.json": {
            "get": _op("Ce que sont quelques points", rangs, JSON, FICHES, ailleurs=False)
        },
    }


def _op(
    titre: str, parametres: list[Schema], mime: str, schema: Schema, *, ailleurs: bool = True
) -> Document:
    """A GET; `ailleurs`: it has a `lieu`, which may be an address and is then made shorter."""
    reponses = reponse(mime, schema) | incomprise() | (REDUIT if ailleurs else {})
    return operation("site", titre, parametres, reponses)


def _poster(titre: str, schema: Schema, parametres: Sequence[Schema] = ()) -> Document:
    degres = {"type": "number"}
    champs: Mapping[str, Schema] = {
        "latitude": {**degres, "minimum": -90, "maximum": 90},
        "longitude": {**degres, "minimum": -180, "maximum": 180},
        "adresse": {"type": "string", "maxLength": 300},
        "lieu": MOT,
        "besoin": TEXTE,
        "q": MOT,
    }
    corps: Schema = {
        "type": "object",
        "description": "Une position ou une adresse, et les paramètres de la même adresse en GET. "
        "Rien n’en est gardé.",
        "properties": dict(champs),
    }
    contenu = {mime: {"schema": corps} for mime in (JSON, "application/x-www-form-urlencoded")}
    return operation(
        "site",
        titre,
        [*parametres],
        reponse(JSON, schema) | incomprise(),
        requestBody={"required": False, "content": contenu},
    )


def _filtres(referentiel: Referentiel) -> list[Schema]:
    """The parameters of `/`, each once."""
    vocabulaire = referentiel.vocabulaire
    plusieurs = {
        "type": ("Sortes de services", un_de(vocabulaire.types)),
        "mission": ("Missions", un_de(vocabulaire.missions)),
        "public": ("Publics", un_de(vocabulaire.publics)),
        "langue": ("Langues (ISO 639)", {"type": "string", "pattern": "^[a-zA-Z]{2,3}$"}),
    }
    rayon = {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": RAYON_MAX_KM}
    return [
        _q("lieu", "Une commune, un code postal ou un code INSEE."),
        parametre("besoin", "Un besoin.", un_de(vocabulaire.besoins)),
        *(
            parametre(nom, f"{titre} : l’une d’elles suffit.", liste(schema), explode=True)
            for nom, (titre, schema) in plusieurs.items()
        ),
        _objectif(),
        _q("q", "Des mots du nom, des missions ou de la commune."),
        parametre("ouvert", "1 : sans ce qui est fermé à cette heure.", un_de(("0", "1"))),
        parametre("rayon_km", "À moins de tant de kilomètres.", rayon),
        parametre("tri", "L’ordre.", un_de(("pertinence", "distance"))),
        parametre("page", "La page.", {"type": "integer", "minimum": 1, "maximum": PAGE_MAX}),
    ]


def _mesure(referentiel: Referentiel) -> list[Schema]:
    """The parameters of coverage: one criterion, and a way in."""
    vocabulaire = referentiel.vocabulaire
    besoins = [code for code in vocabulaire.besoins if code != BESOIN_SANS_RECHERCHE]
    return [
        parametre("besoin", "Un besoin ; ou bien l’un des suivants.", un_de(besoins)),
        parametre("mission", "Une mission.", un_de(vocabulaire.missions)),
        parametre("type", "Une sorte de service.", un_de(vocabulaire.types)),
        _objectif(),
        parametre("acces", "Comment on y accède.", un_de(ACCES_MESURES)),
    ]


def _limite() -> Schema:
    bornes = {"minimum": 1, "maximum": LIMITE_MAX, "default": LIMITE_PAR_DEFAUT}
    return parametre("limite", "Lignes par groupe, au plus.", {"type": "integer", **bornes})


def _objectif() -> Schema:
    motif = "^([0-9]{4}-[0-9]{4}/)?[0-9]{1,3}$"
    schema = {"type": "string", "pattern": motif}
    return parametre("objectif", "Un objectif : 22, ou 2022-2024/22.", schema)


def _q(nom: str, description: str = "Quelques lettres ou un code.") -> Schema:
    return parametre(nom, description, MOT)
