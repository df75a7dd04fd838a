"""Read a posted form, check it, save it: never over somebody else's work.

The form is read against the revision that it was made of. When the record has moved on since,
nothing is written and both versions are given back; what is already there is not written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Fiche, Saisie
from cartographie.database import reading, transaction
from cartographie.errors import ConflitError, Faute, SaisieError
from cartographie.geocodage import GeocodeurCommunes
from cartographie.saisies import Champs, Contexte, Lecture, ecrire, lire
from cartographie.validation import valider
from cartographie.web.gestion.garde import utilisateur_courant
from cartographie.web.site import site

MOYEN = "formulaire"


@dataclass(frozen=True, slots=True)
class Lue:
    """A posted form: the record it was made of, what it says, every fault by field."""

    base: Saisie
    numero: int
    champs: Champs
    lecture: Lecture
    fautes: tuple[Faute, ...]

    @property
    def saisie(self) -> Saisie:
        """The record as the form would have it."""
        return self.lecture.saisie

    @property
    def touchee(self) -> bool:
        """Whether the form changes anything."""
        return self.saisie != self.base


class Conflit(Exception):
    """Somebody saved meanwhile: `leurs` is what is kept now, at revision `numero`."""

    def __init__(self, leurs: Saisie, numero: int) -> None:
        self.leurs = leurs
        self.numero = numero
        super().__init__(numero)


def contexte() -> Contexte:
    """With what a form is read now, by who is signed in."""
    referentiel = site().referentiel
    geocodeur = site().geocodeur_ecriture or GeocodeurCommunes(referentiel.communes)
    jour = site().horloge().date()
    return Contexte(referentiel, geocodeur, jour, utilisateur_courant().nom)


def base_lue(session: Session, slug: str, numero: int) -> Saisie:
    """The record that a form was made of. Raises IntrouvableError."""
    actuelle, revision = registre.get_saisie(session, slug)
    return actuelle if revision == numero else registre.saisie_at(session, slug, numero)


def lire_formulaire(slug: str, numero: int, champs: Champs) -> Lue:
    """Understand what was posted; the geocoder is asked outside of any transaction."""
    with reading(site().engine) as session:
        base = base_lue(session, slug, numero)
        actuelle, _ = registre.get_saisie(session, slug)
        porteurs = registre.porteurs(session)
    # What the diffusion of today forbids is not read, whenever the form was opened.
    if base.diffusion != actuelle.diffusion:
        base = actuelle
    lecture = lire(champs, base, contexte())
    fautes = lecture.fautes
    # Of a form that did not arrive whole, or that changes nothing, there is nothing to judge.
    if lecture.saisie != base:
        connues = {faute.champ for faute in fautes}
        jugees = lecture.a_l_ecran(valider(lecture.saisie, site().referentiel, porteurs))
        fautes += tuple(faute for faute in jugees if faute.champ not in connues)
    return Lue(base, numero, champs, lecture, fautes)


def save(slug: str, saisie: Saisie, numero: int, *, moyen: str = MOYEN) -> int:
    """Keep a valid record; the number of the revision that holds it.

    Raises Conflit when the record moved on since `numero` and is not already this very one;
    SaisieError when the database refuses.
    """
    with transaction(site().engine) as session:
        try:
            ecrit = registre.update_acteur(
                session,
                slug,
                saisie,
                revision_lue=numero,
                par=utilisateur_courant().courriel,
                moyen=moyen,
            )
        except ConflitError as erreur:
            leurs, actuel = registre.get_saisie(session, slug)
            if leurs == saisie:
                return actuel
            raise Conflit(leurs, actuel) from erreur
    return numero + 1 if ecrit else numero


def save_form(slug: str, lue: Lue) -> int:
    """Keep what a form says. A form that changes nothing is done, however old it is."""
    if not lue.touchee:
        return lue.numero
    return save(slug, lue.saisie, lue.numero)


def validate(saisie: Saisie) -> None:
    """Raises SaisieError with every fault of a record that is about to be kept."""
    with reading(site().engine) as session:
        fautes = valider(saisie, site().referentiel, registre.porteurs(session))
    if fautes:
        raise SaisieError(fautes)


def preview(saisie: Saisie) -> Fiche | None:
    """What the public would see of it, once published."""
    with reading(site().engine) as session:
        return registre.preview(session, saisie, site().referentiel.communes)


def champs_de(saisie: Saisie, **changements: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """The fields of the form of a record."""
    return ecrire(replace(saisie, **changements), site().referentiel.communes)
