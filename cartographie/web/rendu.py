"""Words for templates: filters that turn values into what is read, and what every page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Flask

from cartographie.acteurs import (
    Acces,
    Contact,
    ContactKind,
    Fiche,
    Implantation,
    Localisation,
    Trivalent,
)
from cartographie.horaires import PARIS, horaires_fr
from cartographie.libelles import LANGUES
from cartographie.phrases import (
    confirmation_fr,
    date_fr,
    distance_fr,
    participation_fr,
    telephone_lisible,
    telephone_uri,
)
from cartographie.resultats import Resultat
from cartographie.texte import CONTROLES
from cartographie.variables import MOTS_EXPOSANTS
from cartographie.vocabulaire import Numero
from cartographie.web import fiches
from cartographie.web.protocoles import ancre, annees_fr, nombre_fr, valeur_fr
from cartographie.web.site import catalogue, site

# The numbers that stand on every page, each with the one word that a phone has room for.
COURTS = {
    "17": "Police",
    "112": "Urgence",
    "114": "par SMS",
    "3919": "Écoute",
    "119": "Enfants",
    "115": "Abri",
    "116 006": "Victimes",
}
TRIVALENT = {Trivalent.OUI: "Oui", Trivalent.NON: "Non", Trivalent.INCONNU: "Non renseigné"}


@dataclass(frozen=True, slots=True)
class Urgence:
    """A number of the bar that stands on every page."""

    numero: str
    court: str
    libelle: str
    description: str
    href: str

    @property
    def titre(self) -> str:
        """Who answers, and when to call, in one line."""
        return f"{self.libelle} : {self.description}"


def init_app(app: Flask) -> None:
    """Give every template its filters, the emergency numbers and the quick exit."""
    app.jinja_env.filters.update(FILTRES)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(page)


def page() -> dict[str, Any]:
    """What stands on every page."""
    return {
        "sortie_url": site().settings.sortie_url,
        "hebergeur": site().settings.hebergeur,
        "urgences": urgences(site().embarque.numeros),
    }


def urgences(numeros: Iterable[Numero]) -> tuple[Urgence, ...]:
    """The bar of emergency numbers, in the order of the file."""
    return tuple(
        Urgence(
            numero=numero.numero,
            court=COURTS[numero.numero],
            libelle=numero.libelle,
            description=numero.description,
            href=appel_uri(Contact(numero.kind, numero.numero)),
        )
        for numero in numeros
        if numero.numero in COURTS
    )


def appel_uri(contact: Contact) -> str:
    """What the button of a contact opens: the dialler, a message or a mail."""
    if contact.kind is ContactKind.COURRIEL:
        # A « ? » in it would give the mail a subject, a copy, a body that nobody typed.
        return f"mailto:{quote(contact.valeur, safe='@')}"
    adresse = telephone_uri(contact.valeur)
    return adresse.replace("tel:", "sms:", 1) if contact.kind is ContactKind.SMS else adresse


def visible(texte: str) -> str:
    """What somebody sent and was refused, to be read: a mark stands for what nobody sees."""
    return CONTROLES.sub("\ufffd", texte)


def jour_de_paris(moment: datetime) -> str:
    """The day that a moment is in France, wherever the server stands."""
    return date_fr(moment.astimezone(PARIS).date())


def langue_fr(code: str) -> str:
    """The name of a language in the middle of a sentence."""
    return LANGUES.get(code, code).lower()


def majuscule(texte: str) -> str:
    """The same words with a capital first; the rest is left alone, acronyms included."""
    return texte[:1].upper() + texte[1:]


def distance_du_resultat(resultat: Resultat) -> str:
    """How far the nearest door is, or nothing."""
    implantation = resultat.implantation
    return distance_fr(resultat.distance_m, implantation.localisation if implantation else None)


def communes_des_portes(implantations: Iterable[Implantation]) -> tuple[str, ...]:
    """Where the other doors are: commune, and what the door is called when that tells more."""
    portes = (
        f"{i.localisation.commune} ({i.libelle})" if i.libelle else i.localisation.commune
        for i in implantations
    )
    return tuple(dict.fromkeys(porte for porte in portes if porte))


def lieu_fr(localisation: Localisation) -> str:
    """Name a place as far as it is known: commune, else EPCI, else the département."""
    if localisation.commune:
        return localisation.commune
    epci = site().referentiel.communes.epci(localisation.code_epci)
    return epci.nom if epci else "Isère"


def titre_neutre(fiche: Fiche) -> str:
    """A title for the address bar and the history: the name, unless it would say too much.

    Titles stay in the history of a shared computer.
    """
    essais = (fiche.nom, fiche.sigle, site().referentiel.vocabulaire.types[fiche.type].libelle)
    for essai in essais:
        if essai and not any(mot in essai.lower() for mot in MOTS_EXPOSANTS):
            return essai
    return "Un service"


def _type_libelle(code: str) -> str:
    return site().referentiel.vocabulaire.types[code].libelle


def _acces_libelle(acces: Acces) -> str:
    return site().referentiel.vocabulaire.acces[acces].libelle


def _secours(fiche: Fiche) -> tuple[fiches.Secours, ...]:
    return fiches.secours(fiche, catalogue(), site().referentiel)


def _message(fiche: Fiche) -> fiches.Message:
    nom = titre_neutre(fiche)
    return fiches.message(fiche, nom, catalogue(), site().referentiel, site().horloge())


def _portes(fiche: Fiche) -> tuple[fiches.Porte, ...]:
    return fiches.portes(fiche, site().horloge())


FILTRES: dict[str, Any] = {
    "acces_libelle": _acces_libelle,
    "appel_uri": appel_uri,
    "communes_des_portes": communes_des_portes,
    "confirmation": confirmation_fr,
    "date_fr": date_fr,
    "distance_du_resultat": distance_du_resultat,
    "horaires_fr": horaires_fr,
    "jour_de_paris": jour_de_paris,
    "langue": langue_fr,
    "lieu_fr": lieu_fr,
    "majuscule": majuscule,
    "ancre_releve": ancre,
    "annees": annees_fr,
    "nombre_fr": nombre_fr,
    "participation_fr": participation_fr,
    "valeur_fr": valeur_fr,
    "message": _message,
    "portes": _portes,
    "secours": _secours,
    "telephone_lisible": telephone_lisible,
    "titre_neutre": titre_neutre,
    "trivalent": TRIVALENT.__getitem__,
    "type_libelle": _type_libelle,
    "visible": visible,
}
