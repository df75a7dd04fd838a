"""The words of an address → what coverage is asked for, and how it is called."""

from __future__ import annotations

from cartographie.acteurs import Acces
from cartographie.couverture.valeurs import Critere, Question
from cartographie.errors import ParametreError
from cartographie.parametres import Arguments, lire_code, lire_objectif, lire_texte
from cartographie.recherche import BESOIN_PAR_DEFAUT, BESOIN_SANS_RECHERCHE, Recherche
from cartographie.referentiel import Referentiel

# Ways in that have a distance. One does not go to a telephone, and a court chooses for people.
ACCES_MESURES = (Acces.DIRECT, Acces.ORIENTATION, Acces.PROFESSIONNELS)
SANS_DISTANCE = (
    "En cas de danger immédiat, aucune distance ne compte : le 17 ou le 112 répondent partout."
)
UN_SEUL = "Choisissez un seul critère : besoin, mission, sorte de service ou objectif."


def lire_question(args: Arguments, referentiel: Referentiel, periode_courante: str) -> Question:
    """Understand what is asked; `besoin=parler` when nothing is. Raises ParametreError.

    `pour` is the list of the form, which holds the criterion with its code: `besoin:parler`.
    """
    args = _deplier(args)
    acces = _lire_acces(args)
    donnes = [critere for critere in Critere if any(v.strip() for v in args.get(critere, ()))]
    if len(donnes) > 1:
        raise ParametreError(donnes[1], "", UN_SEUL)
    if not donnes:
        return Question(Critere.BESOIN, BESOIN_PAR_DEFAUT, acces)
    (critere,) = donnes
    if critere is Critere.OBJECTIF:
        objectif = lire_objectif(args, referentiel, periode_courante)
        code = f"{objectif[0]}/{objectif[1]}" if objectif else ""
        return Question(critere, code, acces)
    vocabulaire = referentiel.vocabulaire
    connus = {
        Critere.BESOIN: vocabulaire.besoins,
        Critere.MISSION: vocabulaire.missions,
        Critere.TYPE: vocabulaire.types,
    }
    code = lire_code(args, critere, connus[critere])
    if critere is Critere.BESOIN and code == BESOIN_SANS_RECHERCHE:
        raise ParametreError(critere, code, SANS_DISTANCE)
    return Question(critere, code, acces)


def demander_couverture(question: Question) -> Recherche:
    """The search that finds the Fiches of a question: coverage shows what `/` would."""
    match question.critere:
        case Critere.BESOIN:
            return Recherche(besoin=question.code)
        case Critere.MISSION:
            return Recherche(missions=(question.code,))
        case Critere.TYPE:
            return Recherche(types=(question.code,))
        case Critere.OBJECTIF:
            periode, _, numero = question.code.rpartition("/")
            return Recherche(objectif=(periode, int(numero)))


def intitule(question: Question, referentiel: Referentiel) -> str:
    """What people read for a question: the words of its besoin, mission, type or objective."""
    vocabulaire, code = referentiel.vocabulaire, question.code
    match question.critere:
        case Critere.BESOIN:
            return vocabulaire.besoins[code].libelle
        case Critere.MISSION:
            return vocabulaire.missions[code].libelle
        case Critere.TYPE:
            return vocabulaire.types[code].libelle
        case Critere.OBJECTIF:
            periode, _, numero = code.rpartition("/")
            protocole = referentiel.protocole(periode)
            objectif = protocole.objectif(int(numero)) if protocole else None
            return f"Objectif {numero} : {objectif.titre}" if objectif else f"Objectif {numero}"


def _deplier(args: Arguments) -> Arguments:
    pour = lire_texte(args, "pour")
    if not pour:
        return args
    critere, _, code = pour.partition(":")
    if critere not in set(Critere) or not code:
        raise ParametreError("pour", pour, "Choisissez dans la liste.")
    return {**{nom: v for nom, v in args.items() if nom != "pour"}, critere: (code,)}


def _lire_acces(args: Arguments) -> Acces:
    code = lire_code(args, "acces", {acces.value: acces for acces in ACCES_MESURES})
    return Acces(code) if code else Acces.DIRECT
