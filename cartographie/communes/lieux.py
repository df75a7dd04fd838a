"""From what was typed to one place: never a guess, else the choice or the near matches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from cartographie.communes.noms import Ailleurs, Form, Names
from cartographie.communes.typed import Typed, departement_of, is_french, read
from cartographie.communes.valeurs import (
    DEPARTEMENT,
    HORS_ISERE,
    Commune,
    Lieu,
    Place,
    Voisine,
    lieu_ailleurs,
    lieu_of,
)
from cartographie.errors import LieuAmbigu, LieuInconnu

CHOICES = 20
NEAR = 5


class Lieux:
    """Every place that has a name: Isère, its neighbours, the rest of France."""

    def __init__(
        self, isere: Sequence[Commune], voisines: Sequence[Voisine], ailleurs: Ailleurs
    ) -> None:
        self._isere: Names[Place] = Names(isere)
        self._voisines: Names[Place] = Names(voisines)
        self._toutes: Names[Place] = Names((*isere, *voisines))
        self._ailleurs = ailleurs
        # What our own list proposes, as it is written there: nothing is left to understand.
        self._listed = {commune.libelle: lieu_of(commune) for commune in isere}
        self._names: dict[str, Names[Place]] = {}
        self._by_code: defaultdict[str, dict[str, Place]] = defaultdict(dict)
        places: tuple[Place, ...] = (*isere, *voisines)
        for place in places:
            for code in place.codes_postaux:
                self._by_code[code][place.code_insee] = place
        # Around Isère a postal code is never taken for an INSEE code: 69003 is in Lyon.
        postal = set(self._by_code)
        for place in places:
            if isinstance(place, Commune) or place.code_insee not in postal:
                self._by_code[place.code_insee][place.code_insee] = place

    def listed(self, texte: str) -> Lieu | None:
        """Return the commune of Isère that the list of communes calls exactly so."""
        return self._listed.get(texte)

    def find(self, texte: str) -> Lieu:
        """Return the only place that was meant; `LieuAmbigu` or `LieuInconnu` otherwise."""
        if listed := self.listed(texte):
            return listed
        typed = read(texte)
        if typed.code and typed.forms:
            return self._named_and_coded(typed)
        if typed.code:
            return self._coded(typed)
        if typed.forms:
            return self._named(typed)
        message = "Indiquez une commune, un code postal ou un code INSEE."
        raise LieuInconnu("lieu", typed.texte, message)

    def exact(self, forms: Sequence[Form]) -> list[Place]:
        """Return the communes of this very name: those of Isère, else the neighbours."""
        return self._isere.exact(forms) or self._voisines.exact(forms)

    def _coded(self, typed: Typed) -> Lieu:
        # 54 of the 98 postal codes of Isère are also the INSEE code of another commune: a choice.
        places = list(self._by_code.get(typed.code, {}).values())
        if places:
            return _only(places, typed)
        if typed.code.startswith(DEPARTEMENT) or not is_french(typed.code):
            message = f"« {typed.code} » n’est le code d’aucune commune que nous connaissons."
            raise LieuInconnu("lieu", typed.texte, message)
        return lieu_ailleurs(typed.code)

    def _named_and_coded(self, typed: Typed) -> Lieu:
        places = list(self._by_code.get(typed.code, {}).values())
        if places:
            here = self._here(typed.code, places)
            if found := here.exact(typed.forms):
                return _only(found, typed)
            if found := _first((here.begun, here.misspelt, here.cut), typed.forms):
                return _only(found, typed, compris=True)
            message = f"Le code {typed.code} n’est pas celui de cette commune : choisissez."
            raise LieuAmbigu(
                "lieu", typed.texte, message, _choices(self.exact(typed.forms) + places)
            )
        if typed.code.startswith(DEPARTEMENT):
            # A CEDEX, most often: the name says enough.
            return self._named(typed)
        return self._named_outside(typed)

    def _here(self, code: str, places: list[Place]) -> Names[Place]:
        """The names of a postal code: the list of communes proposes « La Mure (38350) »."""
        if code not in self._names:
            self._names[code] = Names(places)
        return self._names[code]

    def _named_outside(self, typed: Typed) -> Lieu:
        """Return a name with the code of another département, a CEDEX of a neighbour perhaps."""
        departement = departement_of(typed.code)
        found = self._voisines.exact(typed.forms)
        if here := [place for place in found if place.code_insee.startswith(departement)]:
            return _only(here, typed)
        if nom := self._ailleurs.find(typed.forms, departement):
            return lieu_ailleurs(f"{nom} ({typed.code})")
        if elsewhere := self.exact(typed.forms):
            message = f"Le code {typed.code} n’est pas celui de cette commune."
            raise LieuInconnu("lieu", typed.texte, message, _choices(elsewhere))
        if not is_french(typed.code):
            raise self._unknown(typed)
        return lieu_ailleurs(typed.code)

    def _named(self, typed: Typed) -> Lieu:
        forms = typed.forms
        isere_asked = not typed.hors_isere and typed.departement in {"", DEPARTEMENT}
        if isere_asked and (found := self._isere.exact(forms)):
            return _only(found, typed)
        outside = [
            place
            for place in self._voisines.exact(forms)
            if place.code_insee.startswith(typed.departement)
        ]
        nom = "" if outside else self._ailleurs.find(forms, typed.departement)
        if outside or nom:
            # « Nantes » is a town of its own, and the beginning of « Nantes-en-Ratier ».
            like = self._isere.begun(forms) or self._isere.misspelt(forms) if isere_asked else []
            if like:
                raise _ambiguous(like + outside, typed, nom)
            return _only(outside, typed) if outside else lieu_ailleurs(nom)
        found = self._toutes.begun(forms)
        if not any(isinstance(place, Commune) for place in found):
            found += self._toutes.cut(forms) + self._toutes.misspelt(forms)
        if found := [p for p in found if p.code_insee.startswith(typed.departement)]:
            return _only(_ours_first(found), typed, compris=True)
        raise self._unknown(typed)

    def _unknown(self, typed: Typed) -> LieuInconnu:
        near = self._isere.near(typed.forms, NEAR)
        near += self._voisines.near(typed.forms, NEAR - len(near)) if len(near) < NEAR else []
        message = (
            f"Nous ne connaissons pas de commune « {typed.texte} ». "
            "Essayez son nom complet ou son code postal."
        )
        return LieuInconnu("lieu", typed.texte, message, tuple(place.libelle for place in near))


def _first(
    searches: Iterable[Callable[[Iterable[Form]], list[Place]]], forms: Sequence[Form]
) -> list[Place]:
    return next((found for search in searches if (found := search(forms))), [])


def _ours_first(places: Sequence[Place]) -> list[Place]:
    """Drop a neighbour of the same name as a commune of Isère that is there too."""
    ours = {place.nom for place in places if isinstance(place, Commune)}
    return [place for place in places if isinstance(place, Commune) or place.nom not in ours]


def _only(places: Sequence[Place], typed: Typed, compris: bool = False) -> Lieu:
    distinct = {place.code_insee: place for place in places}
    if len(distinct) > 1:
        raise _ambiguous(places, typed)
    return lieu_of(places[0], compris)


def _ambiguous(places: Iterable[Place], typed: Typed, ailleurs: str = "") -> LieuAmbigu:
    proches = _choices(places)
    if not typed.code:
        proches = proches[:CHOICES]
    if ailleurs:
        proches = (*proches, f"{ailleurs} ({HORS_ISERE})")
    message = f"« {typed.texte} » peut désigner plusieurs communes : choisissez la bonne."
    return LieuAmbigu("lieu", typed.texte, message, proches)


def _choices(places: Iterable[Place]) -> tuple[str, ...]:
    """Return what may be typed instead: Isère first, the most populated first."""
    ordered = sorted(places, key=lambda p: -p.population if isinstance(p, Commune) else 1)
    return tuple(dict.fromkeys(place.libelle for place in ordered))
