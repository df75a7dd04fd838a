"""A figure as it is typed, in a form or in a line of CSV: one reader, one set of sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping

from cartographie.errors import Faute, SaisieError
from cartographie.nombres import entier
from cartographie.protocole.cumuls import PRECISIONS, cle
from cartographie.protocole.valeurs import Nature, Protocole, Releve
from cartographie.texte import CONTROLES

# In the order of the form, which is that of the columns of a file.
CHAMPS = tuple(
    """objectif objectifs_lies action indicateur annee annee_debut annee_fin valeur unite
    precision nature territoire acteur source note annee_deduite""".split()
)
OBLIGATOIRES = ("indicateur", "valeur", "source")
LONGUEUR_MAX = 300
ANNEES = range(1900, 2201)
VALEUR_MAX = 1e9
TERRITOIRE = "Isère"
_SUBSTITUTS = re.compile("[\ud800-\udfff]")
_BLANCS = re.compile(r"[\s\u00a0\u202f]+")
OUI = frozenset({"1", "oui", "vrai", "x"})
NON = frozenset({"", "0", "non", "faux"})


def read_releve(
    champs: Mapping[str, str], protocole: Protocole, acteurs: Collection[str]
) -> Releve:
    """Understand a figure of this protocol; `acteurs`: slugs whose figures may be shown.

    Raises SaisieError with every fault, each beside its field.
    """
    lecture = _Lecture(champs)
    objectif = lecture.entier("objectif")
    releve = Releve(
        id="",
        objectif=objectif,
        objectifs_lies=lecture.entiers("objectifs_lies"),
        indicateur=lecture.texte("indicateur"),
        annee=lecture.annee("annee"),
        valeur=lecture.nombre("valeur"),
        unite=lecture.texte("unite"),
        territoire=lecture.texte("territoire"),
        source=lecture.texte("source"),
        nature=Nature(lecture.un_de("nature", tuple(Nature))),
        precision=lecture.un_de("precision", PRECISIONS),
        note=lecture.texte("note"),
        annee_deduite=lecture.oui("annee_deduite"),
        periode=lecture.periode(),
        action=lecture.texte("action"),
        acteur=lecture.texte("acteur"),
    )
    lecture.fautes += _liens(releve, protocole, acteurs)
    if lecture.fautes:
        raise SaisieError(tuple(lecture.fautes))
    return releve


def write_champs(releve: Releve) -> dict[str, str]:
    """Write a figure as it would be typed: what `read_releve` reads back."""
    debut, fin = releve.periode or ("", "")
    return {
        "objectif": str(releve.objectif or ""),
        "objectifs_lies": ", ".join(str(numero) for numero in releve.objectifs_lies),
        "action": releve.action,
        "indicateur": releve.indicateur,
        "annee": str(releve.annee or ""),
        "annee_debut": str(debut),
        "annee_fin": str(fin),
        "valeur": f"{releve.valeur:.10g}".replace(".", ","),
        "unite": releve.unite,
        "precision": releve.precision,
        "nature": releve.nature.value,
        "territoire": releve.territoire,
        "acteur": releve.acteur,
        "source": releve.source,
        "note": releve.note,
        "annee_deduite": "oui" if releve.annee_deduite else "",
    }


def find_doublon(releve: Releve, connus: Iterable[Releve]) -> Releve | None:
    """The figure that says the same thing already, of the same acteur, in the same year."""
    voulu = (cle(releve), releve.acteur)
    return next((connu for connu in connus if (cle(connu), connu.acteur) == voulu), None)


class _Lecture:
    """Reads one field after the other and keeps the faults."""

    def __init__(self, champs: Mapping[str, str]) -> None:
        self.champs = champs
        self.fautes: list[Faute] = []

    def refuse(self, champ: str, message: str) -> None:
        self.fautes.append(Faute(champ, message, self.champs.get(champ, "")[:LONGUEUR_MAX]))

    def texte(self, champ: str) -> str:
        texte = _BLANCS.sub(" ", self.champs.get(champ, "")).strip()
        if champ in OBLIGATOIRES and not texte:
            self.refuse(champ, "Ce champ est nécessaire.")
        elif len(texte) > LONGUEUR_MAX:
            self.refuse(champ, f"C’est trop long : {LONGUEUR_MAX} caractères au plus.")
        elif CONTROLES.search(texte) or _SUBSTITUTS.search(texte):
            self.refuse(champ, "Ce texte contient des caractères invisibles.")
        return texte

    def entier(self, champ: str) -> int | None:
        texte = self.champs.get(champ, "").strip()
        nombre = entier(texte, 4)
        if texte and nombre is None:
            self.refuse(champ, "On attend un nombre entier.")
        return nombre

    def entiers(self, champ: str) -> tuple[int, ...]:
        morceaux = re.split(r"[\s,;]+", self.champs.get(champ, "").strip())
        nombres = [entier(m, 4) for m in morceaux if m]
        lus = [n for n in nombres if n is not None]
        if lus != nombres:
            self.refuse(champ, "On attend des numéros, séparés par des virgules.")
            return ()
        return tuple(dict.fromkeys(lus))

    def annee(self, champ: str) -> int | None:
        annee = self.entier(champ)
        if annee is not None and annee not in ANNEES:
            self.refuse(champ, "On attend une année, comme 2026.")
        return annee

    def periode(self) -> tuple[int, int] | None:
        debut, fin = self.annee("annee_debut"), self.annee("annee_fin")
        if debut is None and fin is None:
            return None
        if debut is None or fin is None or debut > fin:
            self.refuse("annee_fin", "On attend deux années, dans l’ordre, ou aucune.")
            return None
        return debut, fin

    def nombre(self, champ: str) -> float:
        texte = self.texte(champ)
        if not texte:
            return 0.0
        nu = _BLANCS.sub("", texte).replace(",", ".")
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", nu) or not math.isfinite(float(nu)):
            self.refuse(champ, "On attend un nombre, comme 213 ou 12,5.")
            return 0.0
        if abs(float(nu)) > VALEUR_MAX:
            self.refuse(champ, "Ce nombre est trop grand.")
        return float(nu)

    def un_de(self, champ: str, valeurs: tuple[str, ...]) -> str:
        """The first is meant when nothing was said."""
        texte = self.champs.get(champ, "").strip().lower()
        if texte and texte not in valeurs:
            self.refuse(champ, f"On attend l’un de : {', '.join(valeurs)}.")
        return texte if texte in valeurs else valeurs[0]

    def oui(self, champ: str) -> bool:
        texte = self.champs.get(champ, "").strip().lower()
        if texte not in OUI | NON:
            self.refuse(champ, "On attend oui, ou rien.")
        return texte in OUI


def _liens(releve: Releve, protocole: Protocole, acteurs: Collection[str]) -> Iterable[Faute]:
    objectif = protocole.objectif(releve.objectif) if releve.objectif is not None else None
    if releve.objectif is not None and objectif is None:
        yield Faute("objectif", "Cet objectif n’existe pas.", str(releve.objectif))
    for numero in releve.objectifs_lies:
        if protocole.objectif(numero) is None:
            yield Faute("objectifs_lies", f"L’objectif {numero} n’existe pas.", str(numero))
    if releve.action and (
        objectif is None or releve.action not in {a.id for a in objectif.actions}
    ):
        yield Faute("action", "Cette action n’est pas de cet objectif.", releve.action)
    if releve.acteur and releve.acteur not in acteurs:
        message = "Aucun service public de la carte n’a cet identifiant."
        yield Faute("acteur", message, releve.acteur)
