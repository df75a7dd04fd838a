"""Words of questions made to bring the hidden out: its place, its name, its slug, its numbers."""

from __future__ import annotations

from typing import Any

from tests.mondes import abaisses

# Where hidden records are put: INSEE codes of places that people search from.
LIEUX = (
    "38269", "38185", "38544", "38226", "38548", "38052", "38053", "38563", "38087", "38399",
    "38509", "38193",
)  # fmt: skip
NUMERO_SECRET = "04 00 00 00 99"
MOT_SECRET = "zirconium"
QUESTIONS = (
    "",
    "lieu=38269",
    "lieu=38269&besoin=parler&tri=distance",
    "lieu=38185&besoin=abri&limite=100&page=9",
    "lieu=38226&rayon_km=1",
    "lieu=Vienne&ouvert=1&type=LEAO",
    "lieu=Lyon",
    "lieu=zzz",
    "lieu=38350",
    f"q={MOT_SECRET}",
    "q=cache-38269",
    "q=0400000099",
    "q=epinettes",
    "besoin=auteurs",
    "langue=kl",
    "mission=accueil-ecoute&public=adultes&objectif=22",
    "type=HEBERGEMENT&lieu=38087&tri=distance",
    "lieu=La+Mure&page=50",
)
# The few that are asked of everything.
BREVES = ("lieu=38269&besoin=parler&tri=distance", f"q={MOT_SECRET}")
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "slug": ("cache-38269", "cache-38185", "brouillon-38269", "archive-38269", "aiv-grenoble"),
    "periode": ("2022-2024", "2019-2021"),
    "numero": ("3", "22", "99"),
    "annee": ("2022", "1999"),
    "nom": ("style.css", "cache.css"),
    "empreinte": ("0" * 64,),
    "tableau": ("territoires-besoins", "completude", "absent"),
    "code": ("R001", "R999"),
    "compte": ("1", "99"),
    "lot": ("1", "99"),
    "forme": ("csv",),
    "z": ("9", "99"),
    "x": ("263",),
    "y": ("183",),
    "jeton": ("WyJhaXYiLDFd.x",),
    "collection": ("acteurs", "absente"),
    "objet": ("cache-38269", "aiv-grenoble"),
    "courrier_id": ("1",),
}
ARGUMENTS["slug"] += abaisses.SLUGS
CORPS: tuple[dict[str, Any], ...] = (
    {"latitude": 44.9031, "longitude": 5.7866},
    {"latitude": 45.19, "longitude": 5.72, "besoin": "abri", "tri": "distance", "limite": 100},
    {"adresse": "12 rue des Alpes, 38350 La Mure"},
    {"q": MOT_SECRET},
    {"evenement": "numero", "acteur": "cache-38269"},
    {"evenement": "numero", "acteur": "absent"},
)
