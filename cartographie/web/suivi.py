"""`/suivi`: what objective 22 asks to be shown, from Fiches and published counters alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Flask, Response, render_template

from cartographie import consultations
from cartographie.database import reading
from cartographie.errors import IntrouvableError
from cartographie.phrases import date_fr, de
from cartographie.suivi import Genre
from cartographie.suivi.chiffres import Axes, Chiffres, build_chiffres
from cartographie.suivi.evenements import HORS_ISERE, LIBELLES_CANAUX, LIBELLES_GENRES, Canal
from cartographie.suivi.periodes import (
    avance,
    mois_du_trimestre,
    mois_ouvert,
    mois_publies,
    trimestre_de,
)
from cartographie.web.etats import etats_en_tableaux
from cartographie.web.site import catalogue, site
from cartographie.web.tableaux import (
    Cellule,
    Tableau,
    build_traits,
    cellule_fr,
    csv_response,
)

MOIS_MONTRES = 12
ABSENT = "Ce tableau n’existe pas, ou n’existe plus."
LIBELLES_EPCI = {HORS_ISERE: "Hors de l’Isère", "": "Sans commune indiquée"}
SANS_BESOIN = "Sans besoin précisé"

blueprint = Blueprint("suivi", __name__)


def init_app(app: Flask) -> None:
    """Give templates the way cells are read."""
    app.jinja_env.filters["cellule_fr"] = cellule_fr


@blueprint.get("/suivi")
def suivi() -> str:
    """Consultations, freshness, completeness; each chart with its table and its file."""
    jour = site().horloge().date()
    premier = premier_mois(jour)
    return render_template(
        "suivi.html",
        tableaux={t.nom: t for t in build_tableaux()},
        jour=jour,
        depuis=mois_fr(premier) if premier else "",
    )


@blueprint.get("/suivi/<tableau>.csv")
def fichier(tableau: str) -> Response:
    """One table as a file."""
    for un in build_tableaux():
        if un.nom == tableau:
            return csv_response(un)
    raise IntrouvableError(ABSENT)


def build_tableaux() -> tuple[Tableau, ...]:
    """Every published table."""
    jour = site().horloge().date()
    mois = mois_du_suivi(jour)
    with reading(site().engine) as session:
        lignes = consultations.by_month(session, mois[0], mois_ouvert(jour))
    axes = axes_du_suivi()
    chiffres = build_chiffres(lignes, mois, axes)
    montres = comptes_depuis(premier_mois(jour), mois[-MOIS_MONTRES:])
    return (
        _par_genre(chiffres, montres),
        _par_canal(chiffres, montres),
        _par_besoin(chiffres, montres, axes),
        _par_epci(chiffres, montres, axes),
        _croise(chiffres, mois, montres, axes),
        *etats_en_tableaux(catalogue().fiches, site().referentiel.vocabulaire, jour),
    )


def premier_mois(jour: date) -> date | None:
    """The first published month in which anything was counted; None when there is none yet."""
    with reading(site().engine) as session:
        return consultations.first_month(session, mois_ouvert(jour))


def comptes_depuis(premier: date | None, mois: Sequence[date]) -> tuple[date, ...]:
    """Those in which the site was counting: a nought before would be no count at all."""
    return tuple(m for m in mois if premier and m >= premier)


def mois_du_suivi(jour: date) -> tuple[date, ...]:
    """A year of ended months, and what is missing before it of its first quarter."""
    mois = mois_publies(jour, MOIS_MONTRES)
    debut = trimestre_de(mois[0])
    avant = tuple(m for m in mois_du_trimestre(debut) if m < mois[0])
    return avant + mois


def axes_du_suivi() -> Axes:
    """Every besoin; every EPCI that has a commune in Isère."""
    referentiel = site().referentiel
    codes = sorted({c.epci for c in referentiel.communes.toutes if c.epci}, key=epci_fr)
    return Axes.build(referentiel.vocabulaire.besoins, codes)


def besoin_fr(code: str) -> str:
    """The words of the large button."""
    besoins = site().referentiel.vocabulaire.besoins
    return besoins[code].libelle if code in besoins else SANS_BESOIN


def epci_fr(code: str) -> str:
    """The name of an EPCI."""
    epci = site().referentiel.communes.epci(code)
    return epci.nom if epci else LIBELLES_EPCI.get(code, LIBELLES_EPCI[HORS_ISERE])


def trimestre_fr(trimestre: date) -> str:
    """`1er trimestre 2026`."""
    rang = (trimestre.month + 2) // 3
    return f"{rang}{'er' if rang == 1 else 'e'} trimestre {trimestre.year}"


def mois_fr(mois: date) -> str:
    """`mars 2026`."""
    return date_fr(f"{mois:%Y-%m}")


def dernier_fr(mois: Sequence[date]) -> str:
    """The latest of these months: `d’octobre 2026`."""
    return de(mois_fr(mois[-1])) if mois else ""


def _par_genre(chiffres: Chiffres, mois: Sequence[date]) -> Tableau:
    return Tableau(
        "consultations",
        "Consultations par mois",
        ("Mois", *LIBELLES_GENRES.values()),
        tuple((mois_fr(m), *(chiffres["total", m, g] for g in LIBELLES_GENRES)) for m in mois),
        legende="Recherches, mois par mois",
        traits=build_traits((f"{m:%m/%y}", chiffres["total", m, Genre.RECHERCHE]) for m in mois),
        debout=True,
    )


def _par_canal(chiffres: Chiffres, mois: Sequence[date]) -> Tableau:
    genres = [g for g in LIBELLES_GENRES if g is not Genre.ISOLEMENT]
    return Tableau(
        "canaux",
        "Consultations par canal",
        ("Mois", "Consultation", *LIBELLES_CANAUX.values()),
        tuple(
            (mois_fr(m), LIBELLES_GENRES[g], *(chiffres["canal", m, g, c] for c in Canal))
            for m in mois
            for g in genres
        ),
        textes=2,
        legende=f"Recherches {dernier_fr(mois)}, par canal",
        traits=build_traits(
            (LIBELLES_CANAUX[c], chiffres["canal", m, Genre.RECHERCHE, c])
            for m in mois[-1:]
            for c in Canal
        ),
    )


def _par_besoin(chiffres: Chiffres, mois: Sequence[date], axes: Axes) -> Tableau:
    return Tableau(
        "besoins",
        "Recherches par besoin",
        ("Besoin", *map(mois_fr, mois)),
        tuple(
            (besoin_fr(b), *(chiffres["besoin", m, b] for m in mois)) for b in axes.besoins if mois
        ),
        legende=f"Recherches {dernier_fr(mois)}, par besoin",
        traits=build_traits(
            (besoin_fr(b), chiffres["besoin", m, b]) for m in mois[-1:] for b in axes.besoins
        ),
    )


def _par_epci(chiffres: Chiffres, mois: Sequence[date], axes: Axes) -> Tableau:
    return Tableau(
        "territoires",
        "Recherches par intercommunalité",
        ("Intercommunalité", *map(mois_fr, mois)),
        tuple((epci_fr(e), *(chiffres["epci", m, e] for m in mois)) for e in axes.epci if mois),
        legende=f"Recherches {dernier_fr(mois)}, par intercommunalité de la recherche",
        traits=build_traits(
            (epci_fr(e), chiffres["epci", m, e]) for m in mois[-1:] for e in axes.epci
        ),
    )


def _croise(
    chiffres: Chiffres, mois: Sequence[date], comptes: Sequence[date], axes: Axes
) -> Tableau:
    """Ended quarters, the latest first; those of which a month was counted."""
    complets = [t for t in mois[::3] if avance(t, 2) in mois and avance(t, 2) in comptes][::-1]
    lignes: list[tuple[Cellule, ...]] = [
        (trimestre_fr(t), epci_fr(e), *(chiffres["croise", t, e, b] for b in axes.besoins))
        for t in complets
        for e in axes.epci
    ]
    return Tableau(
        "territoires-besoins",
        "Recherches par intercommunalité et par besoin",
        ("Trimestre", "Intercommunalité", *map(besoin_fr, axes.besoins)),
        tuple(lignes),
        textes=2,
    )
