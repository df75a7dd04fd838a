"""What every public route can be asked: its parameters, and values of each, good, bad, indiscreet.

`CONNUES` holds every route: a test fails when one is added that this table does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.mondes.mots import ARGUMENTS, LIEUX, MOT_SECRET

RECHERCHE = (
    "lieu", "besoin", "type", "mission", "public", "langue", "objectif", "q", "ouvert",
    "rayon_km", "tri", "page", "acteur",
)  # fmt: skip
POSITION = (*RECHERCHE, "latitude", "longitude", "adresse", "limite")
COUVERTURE = ("besoin", "mission", "type", "objectif", "acces", "par", "tri", "tri_epci", "pour")
OGC = (
    "f", "limit", "offset", "bbox", "datetime", "lieu", "depuis", "codes_insee", "porteur", "slug",
    "missions", "langues", "objectifs", "acteurs", "communes", "en_zone",
)  # fmt: skip
CADRE = (*RECHERCHE, "version", "reduit", "liste", "hauteur")

# Endpoint → the parameters that it reads; those without any are asked with others all the same.
CONNUES: Mapping[str, tuple[str, ...]] = {
    "pages.accueil": RECHERCHE,
    "pages.accueil_post": POSITION,
    "pages.security_txt": (),
    "pages.accessibilite": (),
    "pages.acteur": RECHERCHE,
    "pages.donnees_personnelles": (),
    "pages.mentions_legales": (),
    "pages.objectifs": (),
    "pages.objectif_22": (),
    "pages.protocole": (),
    "pages.objectif": (),
    "pages.robots_txt": (),
    "pages.sante": (),
    "exports.acteurs_csv": RECHERCHE,
    "exports.acteurs_geojson": RECHERCHE,
    "exports.acteurs_xlsx": RECHERCHE,
    "ouvertures.acteurs_gpkg": RECHERCHE,
    "ouvertures.contact": (),
    "ouvertures.data_inclusion": RECHERCHE,
    "signalement.signaler": (),
    "signalement.signaler_post": (),
    "signalement.merci": (),
    "annuaire.annuaire": (*RECHERCHE, "epci", "discret"),
    "annuaire.annuaire_pdf": (*RECHERCHE, "epci", "discret"),
    "fond.carte_json": (*RECHERCHE, "forme"),
    "fond.carte_json_post": POSITION,
    "fond.script": (),
    "fond.communes_geojson": (),
    "fond.topologie": (),
    "fond.epci_geojson": (),
    "api.communes": ("q",),
    "api.proches": (*RECHERCHE, "limite"),
    "api.proches_post": POSITION,
    "couverture.couverture": COUVERTURE,
    "couverture.fichier_csv": COUVERTURE,
    "couverture.fichier_geojson": COUVERTURE,
    "couverture.script": (),
    "flux.atom": ("epci", "objectif"),
    "integration.constructeur": CADRE,
    "integration.carte": CADRE,
    "integration.vide": (),
    "mesures.mesurer": (),
    "oembed.oembed": ("url", "format", "maxwidth", "maxheight"),
    "ogc.accueil": ("f",),
    "ogc.api": ("f",),
    "ogc.liste": ("f",),
    "ogc.collection": ("f",),
    "ogc.objets": OGC,
    "ogc.un_objet": ("f",),
    "ogc.conformite": ("f",),
    "partenaires.lien": ("modifier",),
    "partenaires.repondre": (),
    "partenaires.merci": ("reponse",),
    "points.points": (),
    "points.fiches": ("atlas", "rangs"),
    "pret.pret": (),
    "statiques.statique": ("v",),
    "suivi.suivi": (),
    "suivi.fichier": (),
    "tuiles.tuile": (),
}

# A document of each kind costs more than all the rest: asked now and then.
LENTES = frozenset({"annuaire.annuaire_pdf", "ouvertures.acteurs_gpkg", "exports.acteurs_xlsx"})

SLUGS = (*ARGUMENTS["slug"], "absent", "porte-cachee", "heb-crolles", "css-pont-de-claix")
FAUSSES = ("", "x", "-1", "999999999999", "é€🕊", "'; DROP TABLE acteur; --", "%00", "a" * 121)

VALEURS: Mapping[str, tuple[str, ...]] = {
    "lieu": (*LIEUX, "La Mure", "Grenoble", "38350", "Mens", "Lyon", "69001", "zzz", "75001"),
    "besoin": ("parler", "abri", "auteurs", "sante", "zzz"),
    "type": ("LEAO", "HEBERGEMENT", "CISPD", "AIDE", "SANTE", "ZZZ"),
    "mission": ("accueil-ecoute", "orientation", "hebergement-urgence", "zzz"),
    "public": ("adultes", "zzz"),
    "langue": ("fr", "kl", "ar", "klingon"),
    "objectif": ("3", "22", "2022-2024/2", "99", "2019-2021/1"),
    "q": (MOT_SECRET, "cache", "cache-38269", "0400000099", "epinettes", "grenoble", "ecoute"),
    "ouvert": ("1", "0", "2"),
    "rayon_km": ("1", "5,5", "0.001", "30", "200", "201", "nan"),
    "tri": ("distance", "pertinence", "-distance", "nom", "zzz"),
    "tri_epci": ("distance", "-distance", "nom"),
    "page": ("1", "2", "9", "10000", "0"),
    "limite": ("1", "5", "100", "101"),
    "latitude": ("44.9031", "45.19", "45.5255", "0", "91", "nan"),
    "longitude": ("5.7866", "5.72", "4.8743", "0", "181"),
    "adresse": ("12 rue des Alpes, 38350 La Mure", "1 rue du Zirconium 38350", "zzz"),
    "acces": ("", "orientation", "professionnels", "zzz"),
    "par": ("epci", "communes", "zzz"),
    "pour": ("38269", "zzz"),
    "epci": ("200040657", "200040715", "999999999"),
    "discret": ("1", "2"),
    "version": ("1", "2"),
    "reduit": ("1",),
    "liste": ("1",),
    "hauteur": ("600", "1"),
    "url": (
        "http://localhost/?q=secret", "http://localhost/acteurs/aiv-grenoble",
        "http://localhost/acteurs/cache-38269", "http://localhost/acteurs/absent",
        "http://localhost/integration/carte?lieu=La+Mure", "http://ailleurs.exemple/",
    ),
    "forme": ("compacte", "longue"),
    "format": ("json", "xml"),
    "maxwidth": ("400", "0"),
    "maxheight": ("400",),
    "f": ("json", "html", "xml"),
    "limit": ("1", "1000", "1001"),
    "offset": ("0", "60", "127"),
    "bbox": ("5.75,44.88,5.82,44.93", "5,44,6,46", "5,44,100,6,46,900", "6,46,5,44"),
    "datetime": ("2026-03-09", "../2026-03-10T00:00:00Z", "2026-01-01/..", "hier"),
    "depuis": ("5.79,44.9", "5.789,44.903"),
    "codes_insee": ("38269", "38185"),
    "communes": ("38269",),
    "porteur": ("cache-38269", "fondation-boissel", "aiv-grenoble"),
    "slug": SLUGS,
    "acteur": SLUGS,
    "atlas": ("0" * 16,),
    "rangs": ("0,1,2", "126,127,128,129", "zzz"),
    "acteurs": SLUGS,
    "missions": ("hebergement-urgence", "zzz"),
    "langues": ("kl", "fr"),
    "objectifs": ("2022-2024/22",),
    "en_zone": ("true", "false"),
    "modifier": ("1",),
    "reponse": ("exact", "proposition", "zzz"),
    "v": ("0" * 12,),
}  # fmt: skip

# The words of the path; those of `mots` and a few more.
CHEMINS: Mapping[str, tuple[str, ...]] = {
    **ARGUMENTS,
    "slug": SLUGS,
    "objet": (*ARGUMENTS["objet"], "38269", "200040657", "2022-2024-22", "absent"),
    "collection": ("acteurs", "territoires", "communes", "objectifs", "absente"),
    "tableau": (*ARGUMENTS["tableau"], "consultations", "besoins", "territoires"),
    "nom": ("style.css", "carte.js", "cache.css", "../config.py"),
    "lot": ("1", "2", "99"),
    "courrier_id": ("1", "99"),
}
