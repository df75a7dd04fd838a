"""The four collections, as a table: what they hold, and which of it one may filter on.

What is here is what the OpenAPI document says and what answers are held to.
"""

from __future__ import annotations

from collections.abc import Iterable

from cartographie.acteurs import Acces, Destinataire, Precision
from cartographie.errors import IntrouvableError
from cartographie.referentiel import Referentiel
from cartographie.web.ogc import objets
from cartographie.web.ogc.schemas import (
    ACTIONS,
    BOOLEEN,
    CONTACTS,
    DEGRES,
    ENTIER,
    IMPLANTATIONS,
    JOUR_OU_RIEN,
    LISTE,
    PARTICIPATIONS,
    TERRITOIRE,
    TEXTE,
    TRIVALENT,
)
from cartographie.web.ogc.valeurs import Collection, Propriete

ABSENT = "Cette page n’existe pas, ou n’existe plus."
SLUG = "[a-z0-9]+(-[a-z0-9]+){0,30}"
CODE_INSEE = "[0-9][0-9AB][0-9]{3}"
CODE_EPCI = "[0-9]{9}"
NOMBRE = "0|[1-9][0-9]{0,3}"
MOT = r"[\w’' -]{1,80}"
OBJECTIF = "[0-9]{4}-[0-9]{4}/[1-9][0-9]{0,2}"
OUI_NON = ("false", "true")


def collections(referentiel: Referentiel) -> tuple[Collection, ...]:
    """Every collection, in the order in which they are listed."""
    return (
        Collection(
            "acteurs",
            "Acteurs",
            "Les services publiés de l’annuaire : un objet par acteur. Un point par lieu où l’on "
            "peut se rendre ; le territoire d’un réseau qui n’a pas de lieu ; sinon pas de "
            "géométrie. Un point dont la « precision » n’est pas « adresse » n’est pas une porte.",
            _acteurs(referentiel),
            objets.objets_acteurs,
            proche=True,
        ),
        Collection(
            "territoires",
            "Territoires de compétence",
            "La surface où un acteur est compétent, quand elle est connue.",
            _territoires(referentiel),
            objets.objets_territoires,
        ),
        Collection(
            "communes",
            "Communes de l’Isère",
            "Les contours généralisés des communes, avec le point de leur mairie.",
            _communes(),
            objets.objets_communes,
        ),
        Collection(
            "objectifs",
            "Objectifs du protocole",
            "Les objectifs du protocole en cours, avec leurs actions et les acteurs qui y "
            "prennent part. Sans géométrie.",
            _objectifs(),
            objets.objets_objectifs,
        ),
    )


def find_collection(code: str, referentiel: Referentiel) -> Collection:
    """A collection by its id. Raises IntrouvableError."""
    trouvee = next((une for une in collections(referentiel) if une.id == code), None)
    if trouvee is None:
        raise IntrouvableError(ABSENT)
    return trouvee


def _acteurs(referentiel: Referentiel) -> tuple[Propriete, ...]:
    vocabulaire = referentiel.vocabulaire
    types, missions = tuple(vocabulaire.types), tuple(vocabulaire.missions)
    publics = tuple(vocabulaire.publics)
    return (
        Propriete("slug", "Identifiant, qui ne change jamais", TEXTE, motif=SLUG),
        Propriete("nom", "Nom", TEXTE),
        Propriete("sigle", "Sigle", TEXTE),
        Propriete("type", "Sorte de service", _un_de(types), types),
        Propriete("type_libelle", "Sorte de service, en mots", TEXTE),
        Propriete("acces", "Comment on y accède", _un_de(Acces), tuple(Acces)),
        Propriete("telephone", "Premier numéro à composer, ou rien", TEXTE),
        Propriete("communes", "Communes de ses lieux", LISTE),
        Propriete("codes_insee", "Codes INSEE de ses lieux", LISTE, motif=CODE_INSEE),
        Propriete("precision", "Ce que vaut son point", _un_de(("", *Precision)), tuple(Precision)),
        Propriete("missions", "Missions", _liste_de(missions), missions),
        Propriete("publics", "Publics", _liste_de(publics), publics),
        Propriete("langues", "Langues parlées (ISO 639)", LISTE, motif="[a-z]{2,3}"),
        Propriete("objectifs", "Objectifs du protocole", LISTE, motif=OBJECTIF),
        Propriete(
            "destinataires", "À qui il s’adresse", _liste_de(Destinataire), tuple(Destinataire)
        ),
        Propriete("porteur", "Identifiant de qui le porte, ou rien", TEXTE, motif=SLUG),
        Propriete("description", "Description", TEXTE),
        Propriete("conditions", "Conditions d’accueil", TEXTE),
        Propriete("frais", "Frais", TEXTE),
        Propriete("rendez_vous", "Sur rendez-vous", TRIVALENT),
        Propriete("accessible_pmr", "Accessible en fauteuil roulant", TRIVALENT),
        Propriete("enfants_accueillis", "Enfants accueillis", TRIVALENT),
        Propriete("territoire", "Territoire de compétence, s’il est connu", TERRITOIRE),
        Propriete("site_web", "Site internet", TEXTE),
        Propriete("source_date", "Date de la source, coupée où elle n’est plus connue", TEXTE),
        Propriete("verifie_le", "Jour de la dernière confirmation", JOUR_OU_RIEN),
        Propriete("implantations", "Lieux", IMPLANTATIONS),
        Propriete("contacts", "Numéros et adresses électroniques", CONTACTS),
        Propriete("participations", "Participations au protocole", PARTICIPATIONS),
        Propriete("participations_du_porteur", "Celles de qui le porte", PARTICIPATIONS),
        Propriete("en_zone", "Connu par sa seule zone", BOOLEEN, OUI_NON),
    )


def _territoires(referentiel: Referentiel) -> tuple[Propriete, ...]:
    types = tuple(referentiel.vocabulaire.types)
    return (
        Propriete("acteur", "Identifiant de l’acteur", TEXTE, motif=SLUG),
        Propriete("nom", "Nom de l’acteur", TEXTE),
        Propriete("type", "Sorte de service", _un_de(types), types),
        Propriete("type_libelle", "Sorte de service, en mots", TEXTE),
        Propriete("departement", "Tout le département", BOOLEEN, OUI_NON),
        Propriete("epci", "Intercommunalités (SIREN)", LISTE, motif=CODE_EPCI),
        Propriete("communes", "Communes (INSEE)", LISTE, motif=CODE_INSEE),
    )


def _communes() -> tuple[Propriete, ...]:
    return (
        Propriete("code_insee", "Code INSEE", TEXTE, motif=CODE_INSEE),
        Propriete("nom", "Nom", TEXTE, motif=MOT),
        Propriete("codes_postaux", "Codes postaux", LISTE, motif="[0-9]{5}"),
        Propriete("population", "Habitants", ENTIER),
        Propriete("epci", "Intercommunalité (SIREN), ou rien", TEXTE, motif=CODE_EPCI),
        Propriete("epci_nom", "Nom de l’intercommunalité", TEXTE),
        Propriete("longitude", "Longitude de la mairie, en degrés", DEGRES),
        Propriete("latitude", "Latitude de la mairie, en degrés", DEGRES),
    )


def _objectifs() -> tuple[Propriete, ...]:
    return (
        Propriete("periode", "Période du protocole", TEXTE),
        Propriete("numero", "Numéro", ENTIER, motif=NOMBRE),
        Propriete("titre", "Titre", TEXTE),
        Propriete("axe", "Numéro de l’axe", ENTIER, motif=NOMBRE),
        Propriete("axe_titre", "Titre de l’axe", TEXTE),
        Propriete("theme_titre", "Titre du thème, ou rien", TEXTE),
        Propriete("actions", "Actions prévues", ACTIONS),
        Propriete("acteurs", "Identifiants de qui y prend part", LISTE, motif=SLUG),
    )


def _un_de(codes: Iterable[str]) -> dict[str, object]:
    return {"type": "string", "enum": [str(code) for code in codes]}


def _liste_de(codes: Iterable[str]) -> dict[str, object]:
    return {"type": "array", "items": _un_de(codes)}
