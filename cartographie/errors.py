"""Every error of the domain, drawn once. No HTTP here: `web` maps them in one table.

CartographieError
├── ConfigurationError        a setting or a file of data/ is wrong: the start stops
│   └── DonneesError          … with file, line and reason
├── ParametreError            what was asked cannot be understood (parameter, value, near matches)
│   ├── LieuInconnu           no such place; `proches` are the near matches
│   └── LieuAmbigu            several places; `proches` are the choices
├── SaisieError               what was entered breaks rules; carries every Faute
├── IntrouvableError          absent or hidden: the two are one and the same
├── DroitError                the account may not do this
├── ConflitError              the revision read is no longer the current one
├── EcritureImpossible        the disk takes nothing any more; nothing was written
├── SauvegardeError           a backup cannot be read, or may not be put in place
├── TuileIndisponible         no image of this tile for the moment; trying again may help
├── ImpressionError           a document could not be made now; trying again may help
└── GeocodageError            the geocoder did not answer
    ├── AdresseIntrouvable    it answered: no such address
    ├── AdresseAmbigue        it answered: several
    └── GeocodeurInjoignable  it did not answer; trying again may help
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class CartographieError(Exception):
    """Root of the tree. `str(error)` is a French sentence that may be shown to a person."""


class ConfigurationError(CartographieError):
    """A setting is missing or wrong; trying again does not help."""


class DonneesError(ConfigurationError):
    """A file of `data/` cannot be used: file, line (1-based) when known, reason."""

    def __init__(self, fichier: Path | str, raison: str, ligne: int | None = None) -> None:
        self.fichier = str(fichier)
        self.ligne = ligne
        self.raison = raison
        position = f", ligne {ligne}" if ligne is not None else ""
        super().__init__(f"{self.fichier}{position} : {raison}")


class ParametreError(CartographieError):
    """A parameter of a question has no meaning; `proches` are values that would have one."""

    def __init__(
        self, parametre: str, valeur: str, message: str, proches: tuple[str, ...] = ()
    ) -> None:
        self.parametre = parametre
        self.valeur = valeur
        self.proches = proches
        super().__init__(message)


class LieuInconnu(ParametreError):
    """No commune answers to what was typed."""


class LieuAmbigu(ParametreError):
    """Several communes answer to what was typed: the person chooses, we never guess."""


@dataclass(frozen=True, slots=True)
class Faute:
    """One fault of what was entered: `champ` is a dotted path (`implantations.0.commune`)."""

    champ: str
    message: str
    valeur: str = ""


class SaisieError(CartographieError):
    """What was entered breaks rules. All faults at once, never only the first."""

    def __init__(self, fautes: tuple[Faute, ...]) -> None:
        self.fautes = fautes
        super().__init__(" ".join(f"{faute.champ} : {faute.message}" for faute in fautes))


class IntrouvableError(CartographieError):
    """Absent, not published or hidden: one error, so that nothing can be told apart."""


class DroitError(CartographieError):
    """The person is known, and her role does not allow this."""


class ConflitError(CartographieError):
    """Somebody saved this record since it was read; nothing was written."""

    def __init__(self, slug: str, lue: int, actuelle: int) -> None:
        self.slug = slug
        self.lue = lue
        self.actuelle = actuelle
        super().__init__(
            f"La fiche a changé depuis que vous l’avez ouverte "
            f"(révision {lue}, maintenant {actuelle})."
        )


class EcritureImpossible(CartographieError):
    """The disk is full, read-only or failing: nothing was written; trying again may help later."""


class SauvegardeError(CartographieError):
    """A backup cannot be read (key, damage, other version), or may not be put in place."""


class TuileIndisponible(CartographieError):
    """A tile of the base map cannot be had now: no upstream, a failure, or too many readers."""


class ImpressionError(CartographieError):
    """A document for paper took too long, or too many are being made."""


class GeocodageError(CartographieError):
    """An address could not be turned into a point."""


class AdresseIntrouvable(GeocodageError):
    """The geocoder answered: no such address."""


class AdresseAmbigue(GeocodageError):
    """The geocoder answered: several addresses are as likely."""


class GeocodeurInjoignable(GeocodageError):
    """The geocoder did not answer in time; trying again may help."""
