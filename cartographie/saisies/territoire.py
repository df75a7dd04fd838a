"""The zone of competence in the form: unknown, the whole département, or EPCI and communes."""

from __future__ import annotations

import re

from cartographie.acteurs import Territoire
from cartographie.communes import Communes
from cartographie.errors import Faute, ParametreError
from cartographie.saisies.champs import Champs, net, plusieurs, un

INCONNU, DEPARTEMENT, LISTE = "inconnu", "departement", "liste"


def ecrire_territoire(territoire: Territoire | None, communes: Communes) -> dict[str, list[str]]:
    """Fields that show a territoire; communes by name and postal code, one a line."""
    if territoire is None:
        return {"territoire": [INCONNU]}
    lignes = (
        commune.libelle if (commune := communes.insee(code)) else code
        for code in territoire.communes
    )
    return {
        "territoire": [DEPARTEMENT if territoire.departement else LISTE],
        "territoire.epci": list(territoire.epci),
        "territoire.communes": ["\n".join(lignes)],
    }


def lire_territoire(
    champs: Champs, base: Territoire | None, communes: Communes, fautes: list[Faute]
) -> Territoire | None:
    """The territoire; `base` to the letter when nothing was changed."""
    choix = un(champs, "territoire")
    if choix == INCONNU:
        if _ajoute(champs, base, communes):
            message = "Un territoire est indiqué plus bas : choisissez-le ici, ou videz-le."
            fautes.append(Faute("territoire", message))
        return None
    if choix not in (DEPARTEMENT, LISTE):
        fautes.append(Faute("territoire", "Choisissez une réponse.", choix[:40]))
        return base
    ancien = base or Territoire()
    affichees = ecrire_territoire(ancien, communes)["territoire.communes"][0]
    if un(champs, "territoire.communes") == net(affichees):
        codes = ancien.communes
    else:
        codes = _lire_communes(un(champs, "territoire.communes"), communes, fautes)
    epci = plusieurs(champs, "territoire.epci", ancien.epci)
    lu = Territoire(codes, epci, departement=choix == DEPARTEMENT)
    if lu == Territoire() and base != lu:
        message = "Cochez une intercommunalité ou écrivez une commune."
        fautes.append(Faute("territoire.communes", message))
    return lu


def _ajoute(champs: Champs, base: Territoire | None, communes: Communes) -> bool:
    """Whether something was typed below « non renseigné »; what was there already is let go."""
    affiches = ecrire_territoire(base, communes)
    ecrites = affiches.get("territoire.communes", [""])[0]
    epci = set(champs.get("territoire.epci", ())) - set(affiches.get("territoire.epci", ()))
    return bool(epci) or un(champs, "territoire.communes") not in ("", net(ecrites))


def _lire_communes(tape: str, communes: Communes, fautes: list[Faute]) -> tuple[str, ...]:
    codes = []
    for nom in (morceau.strip() for morceau in re.split(r"[\n;,]", tape)):
        if not nom:
            continue
        try:
            lieu = communes.lieu(nom[:120])
        except ParametreError as erreur:
            proches = f" Peut-être : {', '.join(erreur.proches[:5])}." if erreur.proches else ""
            fautes.append(Faute("territoire.communes", f"« {nom[:60]} » : {erreur}{proches}", nom))
            continue
        if communes.insee(lieu.code_insee) is None:
            message = f"« {nom[:60]} » n’est pas une commune de l’Isère."
            fautes.append(Faute("territoire.communes", message, nom))
            continue
        codes.append(lieu.code_insee)
    return tuple(dict.fromkeys(codes))
