"""One line of an answer: an acteur with its nearest door, or a national number, and the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from cartographie.acteurs import Acces, Contact, ContactKind, Fiche, Implantation, Precision
from cartographie.catalogue import Porte
from cartographie.colonnes import horaires_de_la_ligne
from cartographie.communes import Lieu
from cartographie.horaires import Ouverture, ouverture
from cartographie.phrases import competence_fr, distance_fr
from cartographie.referentiel import Referentiel
from cartographie.vocabulaire import Numero


@dataclass(frozen=True, slots=True)
class Resultat:
    """One line of the answer: an acteur once with its nearest door, or a national number.

    `missions` are those that were asked for and that it has; `distance_m` in whole metres. `motifs`
    say why it stands here, beside its type and distance; `raison` is all of it in one line.
    """

    nom: str
    type: str
    fiche: Fiche | None
    numero: Numero | None
    implantation: Implantation | None
    autres: tuple[Implantation, ...]
    distance_m: int | None
    competent: bool | None
    ouverture: Ouverture
    telephone: Contact | None
    missions: tuple[str, ...]
    motifs: tuple[str, ...]
    raison: str

    @property
    def slug(self) -> str | None:
        """The acteur's slug; None for a national number."""
        return self.fiche.slug if self.fiche else None

    @property
    def commune(self) -> str:
        """The commune of the nearest door, or nothing."""
        return self.implantation.localisation.commune if self.implantation else ""

    @property
    def precision(self) -> Precision | None:
        """How exactly the nearest door is known."""
        return self.implantation.localisation.precision if self.implantation else None


@dataclass(frozen=True, slots=True)
class Contexte:
    """What every line of one answer is told from: where, when, and the missions asked for."""

    lieu: Lieu | None
    missions: Collection[str]
    maintenant: datetime
    referentiel: Referentiel


def resultat(fiche: Fiche, portes: tuple[Porte, ...], contexte: Contexte) -> Resultat:
    """Tell a fiche seen through its doors (nearest first; empty when no place was given)."""
    # A court decides who goes there: neither a distance nor a way would mean anything.
    if fiche.acces is Acces.DECISION_JUDICIAIRE:
        portes = ()
    implantations = tuple([porte.implantation for porte in portes]) or fiche.implantations
    implantation = implantations[0] if implantations else None
    distance_m = portes[0].distance_m if portes else None
    competent = _competent(fiche, contexte)
    missions = tuple([code for code in fiche.missions if code in contexte.missions])
    motifs = tuple(_motifs(fiche, missions, contexte, competent))
    type_lisible = contexte.referentiel.vocabulaire.types[fiche.type].libelle
    loin = distance_fr(distance_m, implantation.localisation if implantation else None)
    return Resultat(
        nom=fiche.nom,
        type=fiche.type,
        fiche=fiche,
        numero=None,
        implantation=implantation,
        autres=implantations[1:],
        distance_m=distance_m,
        competent=competent,
        ouverture=_ouverture(fiche, implantation, contexte.maintenant),
        telephone=next(iter(fiche.telephones), None),
        missions=missions,
        motifs=motifs or (type_lisible,),
        raison=_raison("" if missions else type_lisible, *motifs, loin),
    )


def resultat_national(numero: Numero, maintenant: datetime) -> Resultat:
    """Tell a national number: competent everywhere, nowhere in particular."""
    return Resultat(
        nom=numero.libelle,
        type="",
        fiche=None,
        numero=numero,
        implantation=None,
        autres=(),
        distance_m=None,
        competent=True,
        ouverture=ouverture(numero.horaires, maintenant, verifie_le=maintenant.date()),
        telephone=Contact(ContactKind(numero.kind), numero.numero, numero.libelle),
        missions=(),
        motifs=(numero.description,),
        raison=f"Numéro national : {numero.description}",
    )


def _competent(fiche: Fiche, contexte: Contexte) -> bool | None:
    if contexte.lieu is None or not contexte.lieu.code_insee:
        return None
    communes = contexte.referentiel.communes
    return communes.territoire_contient(fiche.territoire, contexte.lieu.code_insee)


def _ouverture(
    fiche: Fiche,
    implantation: Implantation | None,
    maintenant: datetime,
) -> Ouverture:
    """The hours of the door one goes to; those of the line for who answers by telephone."""
    en_ligne = horaires_de_la_ligne(fiche)
    if en_ligne:
        return ouverture(
            en_ligne,
            maintenant,
            horaires_date=fiche.source_date,
            verifie_le=fiche.verifie_le,
        )
    if implantation is None:
        return ouverture("", maintenant)
    return ouverture(
        implantation.horaires,
        maintenant,
        fermetures=implantation.fermetures,
        horaires_date=implantation.horaires_date,
        verifie_le=fiche.verifie_le,
    )


def _motifs(
    fiche: Fiche, missions: tuple[str, ...], contexte: Contexte, competent: bool | None
) -> Iterator[str]:
    """Say why this line stands here: what was asked for, competence, a court's decision."""
    if missions:
        vocabulaire = contexte.referentiel.vocabulaire
        yield ", ".join(vocabulaire.missions[code].libelle for code in missions)
    if contexte.lieu is not None:
        yield competence_fr(competent, contexte.lieu.libelle)
    if fiche.acces is Acces.DECISION_JUDICIAIRE:
        yield "Sur décision de justice"


def _raison(*morceaux: str) -> str:
    return " · ".join(filter(None, morceaux))
