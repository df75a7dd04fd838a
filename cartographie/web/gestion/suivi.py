"""The same indicators for whoever keeps the directory: exact, up to now, with hosts and records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flask import Response, render_template

from cartographie import consultations
from cartographie.database import reading
from cartographie.errors import IntrouvableError
from cartographie.suivi import Genre, Ligne
from cartographie.suivi.evenements import LIBELLES_CANAUX, LIBELLES_GENRES
from cartographie.suivi.periodes import avance, mois_de
from cartographie.web.etats import etats_en_tableaux
from cartographie.web.gestion.garde import blueprint
from cartographie.web.gestion.tableur import neutralise
from cartographie.web.site import catalogue, site
from cartographie.web.suivi import (
    ABSENT,
    MOIS_MONTRES,
    axes_du_suivi,
    besoin_fr,
    comptes_depuis,
    epci_fr,
    mois_fr,
)
from cartographie.web.tableaux import Tableau, build_traits, csv_response

HOTE_TU = "Site non indiqué"
FICHES_MONTREES = 50


@blueprint.get("/suivi")
def suivi() -> str:
    """Exact counts, freshness, completeness; each chart with its table and its file."""
    return render_template("gestion/suivi.html", tableaux=_tableaux())


@blueprint.get("/suivi/<tableau>.csv")
def suivi_fichier(tableau: str) -> Response:
    """One table as a file; names of records and hosts are no formulas there."""
    for un in _tableaux():
        if un.nom == tableau:
            lignes = (
                tuple(neutralise(c) if isinstance(c, str) else c for c in ligne)
                for ligne in un.lignes
            )
            return csv_response(replace(un, lignes=tuple(lignes)))
    raise IntrouvableError(ABSENT)


def _tableaux() -> tuple[Tableau, ...]:
    """A year of exact counts, the present month included; from when counting began."""
    jour = site().horloge().date()
    fin = avance(mois_de(jour), 1)
    with reading(site().engine) as session:
        premier = consultations.first_month(session, fin) or mois_de(jour)
        annee = (avance(fin, -n) for n in range(MOIS_MONTRES, 0, -1))
        mois = comptes_depuis(premier, tuple(annee))
        lignes = consultations.by_month(session, mois[0], fin)
        hotes = consultations.by_host(session, mois[0], fin)
        fiches = consultations.by_acteur(session, Genre.FICHE, mois[0], fin)
        appels = consultations.by_acteur(session, Genre.NUMERO, mois[0], fin)
    return (
        *_par_mois(lignes, mois),
        _hotes(hotes, mois_fr(mois[0])),
        _fiches(dict(fiches), dict(appels), mois_fr(mois[0])),
        *etats_en_tableaux(catalogue().fiches, site().referentiel.vocabulaire, jour),
    )


def _par_mois(lignes: Sequence[Ligne], mois: Sequence[date]) -> tuple[Tableau, ...]:
    axes = axes_du_suivi()
    recherches = [ligne for ligne in lignes if ligne.genre is Genre.RECHERCHE]
    isolees = [ligne for ligne in lignes if ligne.genre is Genre.ISOLEMENT]
    genres = {g.value: libelle for g, libelle in LIBELLES_GENRES.items()}
    canaux = {c.value: libelle for c, libelle in LIBELLES_CANAUX.items()}
    epci = {code: epci_fr(code) for code in axes.epci}
    besoins = {code: besoin_fr(code) for code in axes.besoins}
    return (
        _par(lignes, mois, "consultations", "Consultations", genres, lambda ligne: ligne.genre),
        _par(recherches, mois, "canaux", "Recherches par canal", canaux, lambda ligne: ligne.canal),
        _par(
            recherches,
            mois,
            "besoins",
            "Recherches par besoin",
            besoins,
            lambda ligne: ligne.besoin,
        ),
        _par(
            recherches,
            mois,
            "territoires",
            "Recherches par intercommunalité",
            epci,
            lambda ligne: ligne.epci,
        ),
        _par(
            isolees,
            mois,
            "isolees",
            "Sans personne à moins de 30 km",
            epci,
            lambda ligne: ligne.epci,
        ),
    )


def _par(
    lignes: Sequence[Ligne],
    mois: Sequence[date],
    nom: str,
    titre: str,
    libelles: dict[str, str],
    axe: Callable[[Ligne], str],
) -> Tableau:
    """Sum by month and by a word of each line; the sum of all months is drawn."""
    sommes: Counter[tuple[str, date]] = Counter()
    for ligne in lignes:
        sommes[axe(ligne), ligne.mois] += ligne.nombre
    total = {code: sum(sommes[code, m] for m in mois) for code in libelles}
    return Tableau(
        nom,
        titre,
        (titre, *map(mois_fr, mois), "Total"),
        tuple((libelles[code], *(sommes[code, m] for m in mois), total[code]) for code in libelles),
        legende=f"{titre}, depuis {mois_fr(mois[0])}",
        traits=build_traits((libelles[code], total[code]) for code in libelles),
    )


def _hotes(hotes: Sequence[tuple[str, int]], depuis: str) -> Tableau:
    lignes = tuple((hote or HOTE_TU, nombre) for hote, nombre in hotes)
    return Tableau(
        "sites",
        "Sites qui intègrent la carte",
        ("Site", f"Cartes affichées depuis {depuis}"),
        lignes,
        legende=f"Cartes affichées depuis {depuis}, par site",
        traits=build_traits(lignes[:10]),
    )


def _fiches(vues: dict[str, int], appels: dict[str, int], depuis: str) -> Tableau:
    noms = {fiche.slug: fiche.nom for fiche in catalogue().fiches}
    ordre = sorted(vues.keys() | appels.keys(), key=lambda s: (-vues.get(s, 0), s))
    return Tableau(
        "fiches",
        "Fiches les plus consultées",
        ("Fiche", f"Ouvertures depuis {depuis}", "Numéros appelés ou copiés"),
        tuple(
            (noms[slug], vues.get(slug, 0), appels.get(slug, 0)) for slug in ordre if slug in noms
        )[:FICHES_MONTREES],
    )
