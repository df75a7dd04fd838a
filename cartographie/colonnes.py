"""Fiches as columns: what filters and ranking ask of every one of them, worked out once.

Arrays are in the order of slugs (a fiche is its rank), doors in the order of their fiches. A
question then costs a few passes over numbers; only the lines that are shown are told in words.
`meler` makes the columns after an edit of those before it: what did not change is copied as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Destinataire,
    Fermeture,
    Fiche,
    Territoire,
)
from cartographie.horaires import Etat, ouverture
from cartographie.lexique import Booleens, Entiers, Lexique, Numeros
from cartographie.texte import Index
from cartographie.tranches import Tranches
from cartographie.vocabulaire import Vocabulaire

Reels = NDArray[np.float64]
Horaires = tuple[str, tuple[Fermeture, ...]]
Valeurs = tuple[object, ...]

# always_xy: longitude, latitude in degrees → x, y in metres. Building one costs 50 ms: once.
LAMBERT_93 = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
# Farther than any two places on Earth, in metres: no distance is known.
SANS_DISTANCE = 1 << 25
SANS_PORTE = -1
ETATS = (Etat.OUVERT, Etat.FERME, Etat.INCONNU)
# By code: in this territoire, not known, elsewhere; the order of an answer.
COMPETENCES = (True, None, False)
COMMUNES_GARDEES = 1_024
ACCES = {acces: numero for numero, acces in enumerate(Acces)}


@dataclass(frozen=True, slots=True)
class Portes:
    """Doors: degrees (EPSG:4326), Lambert-93 metres (EPSG:2154), and their hours."""

    longitude: Reels
    latitude: Reels
    x: Reels
    y: Reels
    horaires: Lexique[Horaires]

    @classmethod
    def de(cls, fiches: Sequence[Fiche]) -> Portes:
        """Read the doors of fiches."""
        portes = [implantation for fiche in fiches for implantation in fiche.implantations]
        longitude = np.array([porte.localisation.longitude for porte in portes], dtype=float)
        latitude = np.array([porte.localisation.latitude for porte in portes], dtype=float)
        x, y = LAMBERT_93.transform(longitude, latitude)
        horaires = Lexique.de((porte.horaires, porte.fermetures) for porte in portes)
        return cls(longitude, latitude, np.asarray(x), np.asarray(y), horaires)

    def meler(self, autres: Portes, ordre: Entiers | Numeros) -> Portes:
        """Take these doors, then others, in an order."""
        return Portes(
            np.concatenate((self.longitude, autres.longitude))[ordre],
            np.concatenate((self.latitude, autres.latitude))[ordre],
            np.concatenate((self.x, autres.x))[ordre],
            np.concatenate((self.y, autres.y))[ordre],
            self.horaires.meler(autres.horaires, ordre),
        )


@dataclass(slots=True)
class Colonnes:
    """The columns of some fiches. `valeurs`: what each may be filtered by, by name of the field."""

    acces: Lexique[Acces]
    joignable: Booleens
    verifie: Booleens
    territoires: Lexique[Territoire | None]
    en_ligne: Lexique[str]
    valeurs: dict[str, Lexique[Valeurs]]
    texte: Index
    tranches: Tranches
    portes: Portes
    _competences: dict[str, Entiers] = field(default_factory=dict)
    _etats: tuple[datetime | None, Entiers, Entiers] | None = None

    @classmethod
    def de(cls, fiches: Sequence[Fiche], vocabulaire: Vocabulaire) -> Colonnes:
        """Read fiches."""
        return cls(
            acces=Lexique.de(fiche.acces for fiche in fiches),
            joignable=_vrais(map(_joignable, fiches)),
            verifie=_vrais(fiche.verifie_le is not None for fiche in fiches),
            territoires=Lexique.de(fiche.territoire for fiche in fiches),
            en_ligne=Lexique.de(map(horaires_de_la_ligne, fiches)),
            valeurs={nom: Lexique.de(map(lire, fiches)) for nom, lire in FILTRABLES.items()},
            texte=Index.de(_textes(fiche, vocabulaire) for fiche in fiches),
            tranches=Tranches.de(len(fiche.implantations) for fiche in fiches),
            portes=Portes.de(fiches),
        )

    def meler(self, autres: Colonnes, ordre: Entiers) -> Colonnes:
        """Take the rows of these columns, then (numbered after them) of others, in an order."""
        tranches, portes = self.tranches.meler(autres.tranches, ordre)
        return Colonnes(
            acces=self.acces.meler(autres.acces, ordre),
            joignable=np.concatenate((self.joignable, autres.joignable))[ordre],
            verifie=np.concatenate((self.verifie, autres.verifie))[ordre],
            territoires=self.territoires.meler(autres.territoires, ordre),
            en_ligne=self.en_ligne.meler(autres.en_ligne, ordre),
            valeurs={n: v.meler(autres.valeurs[n], ordre) for n, v in self.valeurs.items()},
            texte=self.texte.meler(autres.texte, ordre),
            tranches=tranches,
            portes=self.portes.meler(autres.portes, portes),
        )

    def un_de(
        self, champ: str, valeurs: Iterable[object], rangs: Entiers | None = None
    ) -> Booleens:
        """Which fiches (of all, or of these) have one of these values in a field."""
        voulues = frozenset(valeurs)
        return self.valeurs[champ].ou(lambda presentes: not voulues.isdisjoint(presentes), rangs)

    def d_acces(self, acces: Iterable[Acces], rangs: Entiers) -> Booleens:
        """Which of these fiches one gets to in one of these ways."""
        return self.acces.ou(frozenset(acces).__contains__, rangs)

    def distances(self, x: float, y: float, rangs: Entiers) -> tuple[Entiers, Entiers]:
        """See fiches from a point: metres to the nearest door of each, and the rank of that door.

        SANS_DISTANCE and the first door (or SANS_PORTE) where no way there would mean anything.
        """
        portes = self.premieres_portes(rangs)
        avec = portes != SANS_PORTE
        metres = np.full(len(rangs), SANS_DISTANCE, dtype=np.int64)
        metres[avec] = self.metres(portes[avec], x, y)
        plusieurs = np.flatnonzero(self.tranches.nombre[rangs] > 1)
        if plusieurs.size:
            bornes, toutes = self.tranches.items(rangs[plusieurs])
            vers = self.metres(toutes, x, y)
            metres[plusieurs] = moins = np.minimum.reduceat(vers, bornes[:-1])
            a_qui = np.repeat(plusieurs, np.diff(bornes))
            a_ce_moins = np.flatnonzero(vers == np.repeat(moins, np.diff(bornes)))
            # Of doors as near as each other the first stands: it is written last.
            portes[a_qui[a_ce_moins][::-1]] = toutes[a_ce_moins][::-1]
        sans_trajet = self.d_acces((Acces.DECISION_JUDICIAIRE,), rangs)
        metres[sans_trajet] = SANS_DISTANCE
        portes[sans_trajet] = self.premieres_portes(rangs[sans_trajet])
        return metres, portes

    def premieres_portes(self, rangs: Entiers) -> Entiers:
        """The door that each of these fiches names first, SANS_PORTE for one without a door."""
        debut = self.tranches.debut[rangs]
        return np.where(self.tranches.nombre[rangs] > 0, debut, SANS_PORTE)

    def metres(self, portes: Entiers | Numeros, x: float, y: float) -> Entiers:
        """Metres to each of these doors."""
        ecarts = np.hypot(self.portes.x[portes] - x, self.portes.y[portes] - y)
        return np.rint(ecarts).astype(np.int64)

    def competences(
        self,
        code_insee: str,
        contient: Callable[[Territoire | None, str], bool | None],
        rangs: Entiers,
    ) -> Entiers:
        """The competence of these fiches in a commune: ranks in COMPETENCES."""
        par_territoire = self._competences.get(code_insee)
        if par_territoire is None:
            valeurs = self.territoires.valeurs
            par_territoire = np.array(
                [COMPETENCES.index(contient(t, code_insee)) for t in valeurs], dtype=np.int64
            )
            if len(self._competences) < COMMUNES_GARDEES:
                self._competences[code_insee] = par_territoire
        return par_territoire[self.territoires.numeros[rangs]]

    def etats(self, portes: Entiers, maintenant: datetime, rangs: Entiers) -> Entiers:
        """The state of these fiches, each through the door given for it: ranks in ETATS.

        The hours of the line for who answers by telephone, else those of the door one goes to.
        """
        aux_portes, en_ligne = self._a_la_minute(maintenant)
        etats = np.full(len(rangs), ETATS.index(Etat.INCONNU), dtype=np.int64)
        avec = portes != SANS_PORTE
        etats[avec] = aux_portes[self.portes.horaires.numeros[portes[avec]]]
        lignes = self.en_ligne.numeros[rangs]
        par_telephone = self.en_ligne.ou(bool, rangs)
        etats[par_telephone] = en_ligne[lignes[par_telephone]]
        return etats

    def _a_la_minute(self, maintenant: datetime) -> tuple[Entiers, Entiers]:
        """The states of the distinct hours of doors, then of lines: worked out once a minute."""
        minute = maintenant.replace(second=0, microsecond=0)
        connus = self._etats
        if connus is None or connus[0] != minute:
            aux_portes = [
                ETATS.index(ouverture(horaires, maintenant, fermetures=fermetures).etat)
                for horaires, fermetures in self.portes.horaires.valeurs
            ]
            en_ligne = [
                ETATS.index(ouverture(horaires, maintenant).etat)
                for horaires in self.en_ligne.valeurs
            ]
            connus = (minute, np.array(aux_portes, np.int64), np.array(en_ligne, np.int64))
            # All in one assignment: a thread that reads meanwhile sees the one or the other.
            self._etats = connus
        return connus[1], connus[2]


def horaires_de_la_ligne(fiche: Fiche) -> str:
    """The hours of the line, where it is by the line that one goes; empty for the door's own."""
    if fiche.acces is Acces.DIRECT and fiche.implantations:
        return ""
    lignes = (contact for contact in fiche.contacts if contact.kind is ContactKind.TELEPHONE)
    ligne = next(lignes, None)
    # The number of a door is not a line: it comes after them, without hours of its own.
    return ligne.horaires if ligne else ""


def pour_auteurs(fiche: Fiche) -> bool:
    """Whether a service is for perpetrators alone: shown only to who asks for it."""
    return set(fiche.destinataires) == {Destinataire.AUTEURS}


def _objectifs(fiche: Fiche) -> Valeurs:
    parts = fiche.participations + fiche.participations_du_porteur
    return tuple((part.periode, part.objectif) for part in parts)


# What `un_de` may be asked, and the values that a fiche has there.
FILTRABLES: dict[str, Callable[[Fiche], Valeurs]] = {
    "type": lambda fiche: (fiche.type,),
    "mission": lambda fiche: fiche.missions,
    "public": lambda fiche: fiche.publics,
    "langue": lambda fiche: fiche.langues,
    "objectif": _objectifs,
    "reserve": lambda fiche: (pour_auteurs(fiche),),
}


def _joignable(fiche: Fiche) -> bool:
    """Whether a number or hours are known: what one can act upon now."""
    lignes = (contact.kind is ContactKind.TELEPHONE for contact in fiche.contacts)
    return any(lignes) or any(i.telephone or i.horaires for i in fiche.implantations)


def _textes(fiche: Fiche, vocabulaire: Vocabulaire) -> tuple[str, ...]:
    """What the free text is looked for in: name, acronym, missions, communes."""
    missions = tuple(vocabulaire.missions[code].libelle for code in fiche.missions)
    communes = tuple(i.localisation.commune for i in fiche.implantations)
    return (fiche.nom, fiche.sigle, *missions, *communes)


def _vrais(valeurs: Iterable[bool]) -> Booleens:
    return np.fromiter(valeurs, dtype=np.bool_)
