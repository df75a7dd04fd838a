"""How fresh and how complete the published records are, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cartographie.acteurs import Fiche
from cartographie.suivi.indicateurs import TOUTES, build_etats
from cartographie.vocabulaire import Vocabulaire
from cartographie.web.tableaux import Tableau, build_traits

AGES = ("Depuis moins de 6 mois", "De 6 à 12 mois", "Depuis plus de 12 mois", "Jamais")
CHAMPS = ("Avec un téléphone", "Avec des horaires", "Avec une adresse exacte")


def etats_en_tableaux(
    fiches: Iterable[Fiche], vocabulaire: Vocabulaire, jour: date
) -> tuple[Tableau, Tableau]:
    """Confirmations, then what is filled in; by type, then all together."""
    types = vocabulaire.types
    etats = build_etats(fiches, types, jour)
    noms = {code: types[code].libelle if code else "Ensemble" for code in etats}
    ages = {
        code: (e.moins_de_6_mois, e.de_6_a_12_mois, e.plus_ancien, e.jamais)
        for code, e in etats.items()
    }
    champs = {code: (e.telephone, e.horaires, e.point) for code, e in etats.items()}
    total = max(1, etats[TOUTES].fiches)
    confirmations = Tableau(
        "confirmations",
        "Fiches confirmées",
        ("Sorte de service", "Fiches", *AGES),
        tuple((noms[code], etats[code].fiches, *ages[code]) for code in etats),
        legende=f"Dernière confirmation des {etats[TOUTES].fiches} fiches publiées",
        traits=build_traits(zip(AGES, ages[TOUTES], strict=True), total),
    )
    completude = Tableau(
        "completude",
        "Fiches complètes",
        ("Sorte de service", "Fiches", *CHAMPS),
        tuple((noms[code], etats[code].fiches, *champs[code]) for code in etats),
        legende=f"Ce que contiennent les {etats[TOUTES].fiches} fiches publiées",
        traits=build_traits(zip(CHAMPS, champs[TOUTES], strict=True), total),
    )
    return confirmations, completude
