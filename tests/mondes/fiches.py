"""Hidden records, hidden edits of public ones, and the public edits between which they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import (
    Acces,
    Capacite,
    Contact,
    ContactKind,
    Diffusion,
    Implantation,
    Localisation,
    Precision,
    Saisie,
    Statut,
    Visibilite,
)
from cartographie.communes import Communes
from cartographie.database import reading, transaction
from tests.mondes.mots import LIEUX, MOT_SECRET, NUMERO_SECRET


def vivre(engine: Engine, communes: Communes, *, cacher: bool) -> None:
    """The same public edits in both worlds; in one of them, hidden writes before each."""
    publics = ("aiv-grenoble", "osj-le-relais-grenoble", "fondation-boissel")
    for tour, slug in enumerate(publics):
        if cacher:
            hidden_writes(engine, communes, tour)
        modifier(engine, slug, partial(editer, tour=tour))
    if cacher:
        hidden_writes(engine, communes, len(publics))


def hidden_writes(engine: Engine, communes: Communes, tour: int) -> None:
    """Add hidden records, edit the earlier ones, and what is hidden of the public ones."""
    for code in LIEUX[tour * 3 : tour * 3 + 3]:
        for saisie in cachees(communes, code):
            with transaction(engine) as session:
                registre.create_acteur(session, saisie, par="essai", moyen="essai")
    for code in LIEUX[: tour * 3]:
        modifier(engine, f"cache-{code}", lambda s: replace(s, nom=s.nom + " bis"))
    with reading(engine) as session:
        slugs = [s.slug for s in registre.saisies(session) if s.diffusion is Diffusion.PUBLIQUE]
    for slug in slugs[tour * 7 : tour * 7 + 7]:
        modifier(engine, slug, partial(noter, tour=tour))


def editer(saisie: Saisie, tour: int) -> Saisie:
    """What everybody may see."""
    return replace(saisie, conditions=f"Édition {tour}.")


def noter(saisie: Saisie, tour: int) -> Saisie:
    """Other notes, authors, sources, capacities and inner numbers: nothing that is public."""
    interne = Contact(ContactKind.TELEPHONE, NUMERO_SECRET, MOT_SECRET, "24/7", Visibilite.INTERNE)
    return replace(
        saisie,
        notes_internes=f"{MOT_SECRET} {tour}",
        source=f"https://exemple.fr/{MOT_SECRET}/{tour}",
        verifie_par=MOT_SECRET,
        capacites=(*saisie.capacites, Capacite(date(2026, 1, 1 + tour), 12, 4, 1, MOT_SECRET)),
        contacts=(*saisie.contacts, interne),
        implantations=tuple(
            replace(i, localisation=replace(i.localisation, source=MOT_SECRET))
            for i in saisie.implantations
        ),
    )


def cachees(communes: Communes, code: str) -> Iterator[Saisie]:
    """At the very point from which people search: hidden, draft and archived, all ideal."""
    commune = communes.insee(code)
    assert commune is not None
    ideale = Saisie(
        slug=f"cache-{code}",
        nom=f"{MOT_SECRET.title()} {commune.nom}",
        type="LEAO" if int(code) % 2 else "HEBERGEMENT",
        acces=Acces.DIRECT if int(code) % 2 else Acces.ORIENTATION,
        statut=Statut.PUBLIE,
        diffusion=Diffusion.INTERNE,
        description=f"À {commune.nom}, {MOT_SECRET}.",
        missions=("accueil-ecoute", "orientation", "hebergement-urgence"),
        publics=("adultes",),
        langues=("kl",),
        verifie_le=date(2026, 3, 9),
        verifie_par=MOT_SECRET,
        implantations=(
            Implantation(
                Localisation(
                    longitude=commune.longitude,
                    latitude=commune.latitude,
                    precision=Precision.ADRESSE,
                    adresse=f"1 rue du {MOT_SECRET.title()}",
                    code_postal=commune.codes_postaux[0],
                    commune=commune.nom,
                    code_insee=code,
                    code_epci=commune.epci,
                ),
                horaires="24/7",
                telephone=NUMERO_SECRET,
            ),
        ),
        contacts=(Contact(ContactKind.TELEPHONE, NUMERO_SECRET, horaires="24/7"),),
    )
    yield ideale
    yield replace(
        ideale, slug=f"brouillon-{code}", statut=Statut.BROUILLON, diffusion=Diffusion.PUBLIQUE
    )
    yield replace(
        ideale, slug=f"archive-{code}", statut=Statut.ARCHIVE, diffusion=Diffusion.PUBLIQUE
    )


def modifier(engine: Engine, slug: str, changer: Callable[[Saisie], Saisie]) -> None:
    with transaction(engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        registre.update_acteur(
            session, slug, changer(saisie), revision_lue=revision, par="essai", moyen="essai"
        )
