"""The order by arrays is the order by words: the promise is written here as a plain sort."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime

import pytest

from cartographie.acteurs import Acces, Fermeture, Fiche
from cartographie.catalogue import Catalogue, Filtre, pour_auteurs
from cartographie.horaires import PARIS, Etat
from cartographie.parametres import lire_recherche
from cartographie.recherche import ACCES_PAR_GROUPE, Recherche, Reponse, repondre
from cartographie.referentiel import Referentiel
from cartographie.resultats import Contexte, Resultat, resultat
from cartographie.texte import fold

QUAND = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
HORAIRES = ("", "24/7", "Mo-Fr 09:00-12:00", "Tu 14:00-18:00", "sur rendez-vous")
QUESTIONS: tuple[dict[str, str], ...] = (
    {},
    {"lieu": "La Mure"},
    {"lieu": "Vienne", "besoin": "plainte"},
    {"lieu": "Villard-de-Lans", "tri": "distance"},
    {"lieu": "Mens", "besoin": "abri", "ouvert": "1"},
    {"lieu": "Grenoble", "mission": "accueil-ecoute", "rayon_km": "12"},
    {"lieu": "Condrieu", "besoin": "reseau"},
    {"lieu": "Crolles", "public": "auteurs"},
    {"lieu": "Voiron", "type": "SANTE", "ouvert": "1", "tri": "distance"},
    {"lieu": "Lille"},
    {"q": "accueil"},
    {"objectif": "13", "lieu": "Bourgoin-Jallieu"},
)


def shuffled(catalogue: Catalogue, combien: int) -> tuple[Fiche, ...]:
    """Many records made of the real ones: other hours, doors near each other, same names."""
    hasard = random.Random(20_261_122)
    fiches = []
    for n in range(combien):
        modele = hasard.choice(catalogue.fiches)
        portes = tuple(
            replace(
                porte,
                horaires=hasard.choice(HORAIRES),
                fermetures=hasard.choice(
                    ((), (Fermeture(date(2026, 11, 20), date(2026, 11, 30), "travaux"),))
                ),
                localisation=replace(
                    porte.localisation,
                    longitude=porte.localisation.longitude + hasard.choice((0, 0, 0.001, 0.1)),
                ),
            )
            for porte in modele.implantations * hasard.choice((1, 1, 2))
        )
        fiches.append(
            replace(
                modele,
                slug=f"{modele.slug}-{n}",
                implantations=portes,
                verifie_le=hasard.choice((None, date(2026, 6, 1))),
                acces=hasard.choice(tuple(Acces)),
            )
        )
    return tuple(fiches)


@pytest.fixture(scope="module")
def melange(catalogue_reel: Catalogue, referentiel: Referentiel) -> Catalogue:
    return Catalogue(shuffled(catalogue_reel, 700), referentiel.vocabulaire)


def plainly(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel, reponse: Reponse
) -> list[Resultat]:
    """Every line that should be there, by the words of architecture, one record at a time."""
    besoin = referentiel.vocabulaire.besoins.get(recherche.besoin)
    missions = {*recherche.missions, *(besoin.missions if besoin else ())}
    contexte = Contexte(recherche.lieu, missions, QUAND, referentiel)
    demande = any(pour_auteurs(f) for f in reponse.fiches)
    lignes = []
    for fiche in catalogue.select(
        Filtre(
            recherche.types,
            recherche.missions,
            recherche.publics,
            recherche.langues,
            recherche.objectif,
            recherche.q,
        )
    ):
        if besoin and not set(besoin.missions) & set(fiche.missions):
            continue
        if pour_auteurs(fiche) and not demande:
            continue
        lignes.append(resultat(fiche, portes(catalogue, fiche, recherche), contexte))
    if recherche.rayon_km is not None:
        loin = recherche.rayon_km * 1_000
        lignes = [
            ligne
            for ligne in lignes
            if (ligne.competent is not False)
            if ligne.distance_m is None or ligne.distance_m <= loin
        ] + [
            ligne
            for ligne in lignes
            if ligne.competent is False and ligne.distance_m is not None
            if ligne.distance_m <= loin
        ]
    if recherche.ouvert:
        lignes = [ligne for ligne in lignes if ligne.ouverture.etat is not Etat.FERME]
    return sorted(lignes, key=lambda ligne: order(ligne, recherche))


def portes(catalogue: Catalogue, fiche: Fiche, recherche: Recherche) -> tuple:  # type: ignore[type-arg]
    lieu = recherche.lieu
    if lieu is None or lieu.longitude is None or lieu.latitude is None:
        return ()
    return catalogue.portes_depuis(lieu.longitude, lieu.latitude).get(fiche.slug, ())


def order(ligne: Resultat, recherche: Recherche) -> tuple[object, ...]:
    loin = float("inf") if ligne.distance_m is None else ligne.distance_m
    ferme = recherche.ouvert and ligne.ouverture.etat is not Etat.OUVERT
    alphabet = (fold(ligne.nom), ligne.slug)
    if recherche.tri == "distance":
        return (ferme, loin, *alphabet)
    return (
        ferme,
        (True, None, False).index(ligne.competent),
        loin,
        not reachable(ligne),
        ligne.fiche is None or ligne.fiche.verifie_le is None,
        -len(ligne.missions),
        *alphabet,
    )


def reachable(ligne: Resultat) -> bool:
    portes = ligne.fiche.implantations if ligne.fiche else ()
    return ligne.telephone is not None or any(porte.horaires for porte in portes)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: " ".join(question.values()))
def test_the_lines_are_those_of_a_plain_sort(
    melange: Catalogue, referentiel: Referentiel, question: dict[str, str]
) -> None:
    listes = {nom: [valeur] for nom, valeur in question.items()}
    recherche = lire_recherche(listes, referentiel, "2022-2024")
    reponse = repondre(recherche, melange, referentiel, QUAND)
    if recherche.lieu is not None and recherche.lieu.longitude is None:
        assert reponse.total == 0
        return
    attendues = plainly(recherche, melange, referentiel, reponse)
    assert reponse.total == len(attendues)
    assert reponse.ouverts == sum(r.ouverture.etat is Etat.OUVERT for r in attendues)
    assert reponse.inconnus == sum(r.ouverture.etat is Etat.INCONNU for r in attendues)
    connues = [r.distance_m for r in attendues if r.distance_m is not None]
    assert reponse.plus_proche_m == min(connues, default=None)
    for groupe in reponse.groupes:
        acces = ACCES_PAR_GROUPE[groupe.code]
        voulues = [r for r in attendues if r.fiche and r.fiche.acces in acces]
        assert [r for r in groupe.resultats if r.slug] == voulues
        assert [fiche.slug for fiche in groupe.resultats.fiches] == [r.slug for r in voulues]


def test_the_first_lines_do_not_depend_on_how_many_are_read(
    melange: Catalogue, referentiel: Referentiel
) -> None:
    recherche = lire_recherche({"lieu": ["Vienne"], "tri": ["distance"]}, referentiel, "2022-2024")

    def groupe() -> list[Resultat]:
        reponse = repondre(replace(recherche, besoin=""), melange, referentiel, QUAND)
        return next(g for g in reponse.groupes if g.code == "recevoir").resultats  # type: ignore[return-value]

    entier = list(groupe())
    assert len(entier) > 60
    for nombre in (1, 5, 20, 60, len(entier)):
        assert list(groupe()[:nombre]) == entier[:nombre]
    assert groupe()[3] == entier[3]
    assert groupe()[-1] == entier[-1]
    assert len(groupe()[10_000:]) == 0
