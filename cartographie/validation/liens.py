"""What a record says of others: its porteur, the objectives it takes part in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cartographie.acteurs import Participation, Saisie
from cartographie.errors import Faute
from cartographie.protocole import Protocole


def fautes(
    saisie: Saisie, protocoles: Iterable[Protocole], porteurs: Mapping[str, str]
) -> Iterator[Faute]:
    """Judge the porteur (`porteurs`: slug → slug of its porteur), then the participations."""
    yield from _porteur(saisie, porteurs)
    par_periode = {protocole.periode.code: protocole for protocole in protocoles}
    vues = set()
    for rang, participation in enumerate(saisie.participations):
        champ = f"participations.{rang}"
        protocole = par_periode.get(participation.periode)
        if protocole is None:
            yield Faute(f"{champ}.periode", "Cette période n’existe pas.", participation.periode)
        else:
            yield from _objectif(champ, participation, protocole)
        cle = (
            participation.periode,
            participation.objectif,
            participation.action,
            participation.role,
        )
        if cle in vues:
            yield Faute(champ, "Cette participation est déjà dite.")
        vues.add(cle)


def _porteur(saisie: Saisie, porteurs: Mapping[str, str]) -> Iterator[Faute]:
    if not saisie.porteur:
        return
    if saisie.porteur == saisie.slug:
        yield Faute("porteur", "Une fiche n’est pas son propre porteur.", saisie.porteur)
    elif saisie.porteur not in porteurs:
        yield Faute("porteur", "Cette fiche n’existe pas.", saisie.porteur)
    elif _tourne_en_rond(saisie, porteurs):
        yield Faute("porteur", "Ce porteur est lui-même porté par cette fiche.", saisie.porteur)


def _tourne_en_rond(saisie: Saisie, porteurs: Mapping[str, str]) -> bool:
    vus = {saisie.slug}
    slug = saisie.porteur
    while slug:
        if slug in vus:
            return True
        vus.add(slug)
        slug = porteurs.get(slug, "")
    return False


def _objectif(champ: str, participation: Participation, protocole: Protocole) -> Iterator[Faute]:
    objectif = next((o for o in protocole.objectifs if o.numero == participation.objectif), None)
    if objectif is None:
        numero = str(participation.objectif)
        yield Faute(f"{champ}.objectif", "Cet objectif n’existe pas.", numero)
    elif participation.action and participation.action not in {a.id for a in objectif.actions}:
        message = "Cette action n’est pas de cet objectif."
        yield Faute(f"{champ}.action", message, participation.action)
