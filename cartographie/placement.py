"""Doors of a file: an address or a commune without its point gets one, and says how sure it is.

What is offline is done here: the mairie of the commune, the point of a zone. An address of a
`publique` record is a `Question` for the geocoder; until it is answered the door stands at its
commune. No other record is ever a question. The same file read twice places a door once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cartographie.acteurs import Diffusion, Localisation, Precision
from cartographie.communes import Communes
from cartographie.errors import (
    AdresseAmbigue,
    AdresseIntrouvable,
    Faute,
    GeocodageError,
    SaisieError,
)
from cartographie.geocodage import GeocodeurCommunes
from cartographie.texte import fold

Porte = dict[str, Any]
ADRESSE = ("adresse", "code_postal", "commune", "code_insee", "code_epci")
POINT = ("longitude", "latitude")
DE_LA_COMMUNE = ("code_postal", "code_insee", "code_epci")
A_CHERCHER = "mairie de la commune (adresse à chercher)"


class EtatAdresse(StrEnum):
    """What became of an address that was to be looked for."""

    ATTENTE = "attente"
    TROUVEE = "trouvee"
    ECHEC = "echec"


@dataclass(frozen=True, slots=True)
class Question:
    """An address of a record that everybody may see, for the geocoder."""

    adresse: str
    code_postal: str
    commune: str
    code_insee: str


# What the geocoder said: the point, or why there is none.
Trouvees = Mapping[Question, Localisation | str]


@dataclass(slots=True)
class Placeur:
    """Places the doors of one file; `questions` gathers the addresses nobody answered yet."""

    communes: Communes
    trouvees: Trouvees = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def __call__(
        self, portes: list[Porte], avant: list[Porte], diffusion: Diffusion
    ) -> list[Porte]:
        """Give every door its point. Raises SaisieError with each commune that is unknown."""
        placees, fautes = [], []
        for rang, porte in enumerate(portes):
            connue = avant[rang] if rang < len(avant) else None
            try:
                placees.append(self._placer(porte, connue, diffusion))
            except GeocodageError as erreur:
                champ = f"implantations.{rang}.commune"
                fautes.append(Faute(champ, str(erreur), porte.get("commune", "")))
        if fautes:
            raise SaisieError(tuple(fautes))
        return placees

    def _placer(self, porte: Porte, connue: Porte | None, diffusion: Diffusion) -> Porte:
        if connue is not None and all(porte[nom] == connue[nom] for nom in (*ADRESSE, *POINT)):
            return porte
        a_un_point = all(porte.get(nom) is not None for nom in POINT)
        if connue is not None:
            deplacee = any(fold(porte[nom]) != fold(connue[nom]) for nom in ADRESSE)
            if deplacee and all(porte[nom] == connue[nom] for nom in POINT):
                # Its address has changed and its point has not: the point is the old one's.
                a_un_point = False
                porte = _sans_l_ancienne(porte, connue)
        if a_un_point:
            return {"precision": Precision.ADRESSE.value, **self._completer(porte)}
        return self._chercher(porte, diffusion)

    def _completer(self, porte: Porte) -> Porte:
        """A point that was given stays; its commune is told by its code as well."""
        if porte.get("code_insee") or not porte.get("commune"):
            return porte
        try:
            lieu = self._commune(porte)
        except GeocodageError:
            return porte
        codes = {"code_insee": lieu.code_insee, "code_epci": lieu.code_epci}
        return {**porte, **{nom: porte.get(nom) or code for nom, code in codes.items()}}

    def _chercher(self, porte: Porte, diffusion: Diffusion) -> Porte:
        if not any(porte.get(nom) for nom in ("commune", "code_insee", "code_postal")):
            return self._de_la_zone(porte)
        lieu = self._commune(porte)
        source = "mairie de la commune"
        if diffusion is Diffusion.PUBLIQUE and porte.get("adresse"):
            question = Question(
                porte["adresse"], porte.get("code_postal", ""), lieu.commune, lieu.code_insee
            )
            trouvee = self.trouvees.get(question)
            if isinstance(trouvee, Localisation):
                lieu, source = trouvee, trouvee.source
            elif trouvee is not None:
                source = f"mairie de la commune ({trouvee})"
            else:
                source = A_CHERCHER
                self.questions.append(question)
        cachee = diffusion is Diffusion.ZONE
        return {
            **porte,
            "longitude": lieu.longitude,
            "latitude": lieu.latitude,
            "precision": lieu.precision.value,
            "code_postal": porte.get("code_postal") or ("" if cachee else lieu.code_postal),
            "commune": lieu.commune,
            "code_insee": lieu.code_insee,
            "code_epci": lieu.code_epci,
            "source": source,
        }

    def _de_la_zone(self, porte: Porte) -> Porte:
        """An EPCI or the département, when that is all that is known."""
        epci = self.communes.epci(porte.get("code_epci", ""))
        if epci is not None:
            point = (epci.longitude, epci.latitude, Precision.EPCI.value)
        elif porte.get("precision") == Precision.DEPARTEMENT:
            zone = self.communes.zone("")
            point = (zone.longitude, zone.latitude, Precision.DEPARTEMENT.value)
        else:
            raise AdresseIntrouvable("Écrivez la commune, comme La Mure, ou le point.")
        return {**porte, **dict(zip((*POINT, "precision"), point, strict=True))}

    def _commune(self, porte: Porte) -> Localisation:
        hors_ligne = GeocodeurCommunes(self.communes)
        nom, code = porte.get("commune", ""), porte.get("code_insee", "")
        try:
            return hors_ligne.geocoder("", porte.get("code_postal", ""), nom, code)
        except (AdresseAmbigue, AdresseIntrouvable):
            if not nom or not porte.get("code_postal"):
                raise
            # A business postal code (CEDEX) is not that of the commune: its name may be enough.
            return hors_ligne.geocoder("", "", nom, code)


def _sans_l_ancienne(porte: Porte, connue: Porte) -> Porte:
    """Without the codes of the commune that was left."""
    if fold(porte["commune"]) == fold(connue["commune"]):
        return porte
    return porte | {nom: "" for nom in DE_LA_COMMUNE if porte[nom] == connue[nom]}
