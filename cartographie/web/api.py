"""The same answers for programs: `/proches`, `/communes`; files are those of `exports`.

Any site may read them. A precise place goes by POST only; it is neither kept nor logged.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from cartographie.parametres import Arguments, lire_entier, lire_texte
from cartographie.recherche import Groupe, Reponse
from cartographie.resultats import Resultat
from cartographie.web.adresses import reduire_adresse
from cartographie.web.corps import lieu_du_corps, lire_corps
from cartographie.web.site import recherche_demandee, reponse_a, site

LIMITE_MAX = 100
LIMITE_PAR_DEFAUT = 20

blueprint = Blueprint("api", __name__)
blueprint.before_request(reduire_adresse)


@blueprint.get("/proches")
def proches() -> Response:
    """The four groups around `lieu`: a commune, a postal code or an INSEE code."""
    args = request.args.to_dict(flat=False)
    return json_response(proches_json(reponse_a(recherche_demandee(args)), lire_limite(args)))


@blueprint.post("/proches")
def proches_post() -> Response:
    """The same around a position or an address, of which the answer keeps only the commune."""
    args = request.args.to_dict(flat=False) | lire_corps(request)
    recherche = recherche_demandee(args, lieu_du_corps(args, site()))
    response = json_response(proches_json(reponse_a(recherche), lire_limite(args)))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/communes")
def communes() -> Response:
    """Completion of a commune's name or postal code."""
    texte = lire_texte(request.args.to_dict(flat=False), "q")
    trouvees = site().referentiel.communes.completer(texte) if texte else ()
    return json_response(
        {
            "communes": [
                {
                    "code_insee": commune.code_insee,
                    "nom": commune.nom,
                    "codes_postaux": list(commune.codes_postaux),
                }
                for commune in trouvees
            ]
        }
    )


def lire_limite(args: Arguments) -> int:
    """How many lines a group may have: 1 to 100, numbers included; `total` is not cut."""
    return lire_entier(args, "limite", 1, LIMITE_MAX) or LIMITE_PAR_DEFAUT


def proches_json(reponse: Reponse, limite: int) -> dict[str, Any]:
    """The answer as plain values."""
    lieu = reponse.lieu
    return {
        "lieu": {"libelle": lieu.libelle, "code_insee": lieu.code_insee} if lieu else None,
        "total": reponse.total,
        "groupes": [_groupe(groupe, limite) for groupe in reponse.groupes],
    }


def _groupe(groupe: Groupe, limite: int) -> dict[str, Any]:
    return {
        "code": groupe.code,
        "libelle": groupe.libelle,
        "resultats": [_resultat(resultat) for resultat in groupe.resultats[:limite]],
    }


def _resultat(resultat: Resultat) -> dict[str, Any]:
    return {
        "acteur": resultat.slug,
        "nom": resultat.nom,
        "type": resultat.type or None,
        "missions": list(resultat.fiche.missions) if resultat.fiche else [],
        "telephone": resultat.telephone.valeur if resultat.telephone else None,
        "commune": resultat.commune or None,
        "distance_m": resultat.distance_m,
        "precision": resultat.precision,
        "competent": resultat.competent,
        "ouverture": resultat.ouverture.etat,
        "raison": resultat.raison,
    }


def json_response(valeur: object) -> Response:
    """Compact JSON with its accents as they are."""
    corps = json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))
    return Response(corps, content_type="application/json")
