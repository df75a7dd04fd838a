"""What a table of records has to explain: its columns, the codes they take, one example row."""

from __future__ import annotations

from collections.abc import Mapping

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Destinataire,
    Diffusion,
    ImplantationKind,
    Precision,
    Statut,
    Trivalent,
    Visibilite,
)
from cartographie.echanges.colonnes import GROUPES, SIMPLES, UNIQUES, Rangee, entete
from cartographie.libelles import CHAMPS
from cartographie.vocabulaire import Terme, Type, Vocabulaire

Lignes = tuple[tuple[str, ...], ...]

TITRES = ("Colonne", "Ce qu’elle contient", "Valeurs possibles")
REGLES: Lignes = (
    ("Colonne absente, cellule vide", "Rien n’est changé dans la fiche.", ""),
    ("-", "Un tiret seul vide ce que contient la fiche.", ""),
    ("Plusieurs valeurs", "Séparées par une barre verticale.", "fr | ar"),
    ("Plusieurs lieux, contacts", "Numérotés : contact_1_valeur, contact_2_valeur…", ""),
    ("'", "Une apostrophe devant un texte empêche le tableur de le calculer.", "'=exemple"),
)
PRECISIONS: dict[str, str] = {
    "slug": "Identifiant de la fiche : il ne change jamais",
    "diffusion": "Pour une nouvelle fiche : « zone » si rien n’est écrit",
    "porteur": "Identifiant de la fiche qui la porte",
    "langues": "Codes à deux ou trois lettres",
    "source_date": "Année, mois ou jour",
    "verifie_le": "Date",
    "participations": "Objectifs du protocole",
    "territoire_departement": "Toute l’Isère",
    "territoire_epci": "Numéros SIREN des intercommunalités",
    "territoire_communes": "Codes INSEE",
    "relais_libelle": "Qui répond pour une fiche montrée par sa zone",
    "relais_telephone": "Son numéro",
    "relais_horaires": "Ses horaires",
    "longitude": "Degrés ; vide : le lieu est cherché d’après l’adresse",
    "latitude": "Degrés",
    "precision": "Ce que le point désigne",
    "source": "D’où vient l’information",
    "horaires": "Au format d’OpenStreetMap",
    "fermetures": "Fermetures datées",
    "valeur": "Numéro ou adresse électronique",
    "code_insee": "Code INSEE de la commune",
    "code_epci": "Numéro SIREN de l’intercommunalité",
    "adresse": "Numéro et rue",
    "code_postal": "Code postal",
    "commune": "Nom de la commune",
    "date": "Date du décompte",
    "places_total": "Nombre de places",
    "places_dediees": "Dont places dédiées",
    "familles_nombreuses": "Dont places pour familles nombreuses",
}
EXEMPLES: dict[str, str] = {
    "langues": "fr | ar",
    "source_date": "2026-03",
    "verifie_le": "2026-05-03",
    "participations": "2022-2024, objectif 2, action 2.2, pilote, nommee : nommément | …",
    "horaires": "Mo-Fr 09:00-12:00,14:00-17:00",
    "horaires_date": "2026-03",
    "fermetures": "2026-08-03 au 2026-08-14 : congés | …",
    "territoire_departement": "oui, non",
    "longitude": "5,787",
    "latitude": "44,903",
}
ENUMS = {
    "statut": Statut,
    "diffusion": Diffusion,
    "acces": Acces,
    "destinataires": Destinataire,
    **dict.fromkeys(("rendez_vous", "accessible_pmr", "enfants_accueillis"), Trivalent),
    "precision": Precision,
    "visibilite": Visibilite,
}
SORTES = {"implantation": ImplantationKind, "contact": ContactKind}
EXEMPLE: Rangee = {
    "slug": "accueil-la-mure",
    "nom": "Accueil de La Mure (exemple à remplacer)",
    "type": "LEAO",
    "statut": "brouillon",
    "diffusion": "publique",
    "missions": "accueil-ecoute | orientation",
    "acces": "direct",
    "implantation_1_sorte": "permanence",
    "implantation_1_adresse": "12 rue des Alpes",
    "implantation_1_code_postal": "38350",
    "implantation_1_commune": "La Mure",
    "implantation_1_horaires": "Mo-Fr 09:00-17:00",
    "contact_1_sorte": "telephone",
    "contact_1_valeur": "04 76 00 00 00",
}


def colonnes_du_modele() -> tuple[str, ...]:
    """Every column once, each numbered group with its first number."""
    return entete((), publique=False)


def aide(vocabulaire: Vocabulaire) -> Lignes:
    """The help sheet: a header, the rules, each column, the codes of the vocabulary."""
    codes: dict[str, Mapping[str, Terme | Type]] = {
        "type": {**vocabulaire.types},
        "missions": {**vocabulaire.missions},
        "publics": {**vocabulaire.publics},
    }
    listes = tuple(
        (nom, terme.libelle, code)
        for nom, termes in codes.items()
        for code, terme in termes.items()
    )
    return (TITRES, *REGLES, *_colonnes(), *listes)


def _colonnes() -> Lignes:
    simples = tuple((nom, _dit(nom), _valeurs(nom)) for nom in (*SIMPLES, *UNIQUES))
    numerotees = tuple(
        (
            f"{groupe.prefixe}_1_{mot}",
            _dit(mot),
            _valeurs(mot) or (", ".join(SORTES[groupe.prefixe]) if mot == "sorte" else ""),
        )
        for groupe in GROUPES
        for mot in groupe.parties
    )
    return simples + numerotees


def _dit(mot: str) -> str:
    dit = PRECISIONS.get(mot) or CHAMPS.get("kind" if mot == "sorte" else mot, mot)
    return dit[0].upper() + dit[1:]


def _valeurs(mot: str) -> str:
    return ", ".join(ENUMS[mot]) if mot in ENUMS else EXEMPLES.get(mot, "")
