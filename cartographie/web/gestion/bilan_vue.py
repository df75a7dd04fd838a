"""A year put in words: what was aimed at, what was measured, what nobody knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cartographie.acteurs import Origine
from cartographie.aplats_svg import echantillon, svg_de
from cartographie.catalogue import Catalogue
from cartographie.couverture import Critere, Question, couvrir
from cartographie.libelles import MOYENS
from cartographie.phrases import date_fr
from cartographie.protocole import Protocole, Releve
from cartographie.protocole.cumuls import Etat
from cartographie.referentiel import Referentiel
from cartographie.registre.activite import Activite
from cartographie.suivi import Genre, Ligne
from cartographie.suivi.evenements import LIBELLES_GENRES
from cartographie.suivi.indicateurs import TOUTES, build_etats
from cartographie.suivi.indicateurs import Etat as EtatDesFiches
from cartographie.web.couverture_vue import Vue, build_vue
from cartographie.web.gestion.bilan_valeurs import (
    ActionDite,
    AxeDit,
    Bilan,
    CarteDite,
    ChiffreDit,
    ObjectifDit,
)
from cartographie.web.protocoles import (
    ActionVue,
    ObjectifVue,
    annees_fr,
    build_objectif,
    echu_fr,
    nombre_fr,
    valeur_fr,
)
from cartographie.web.rendu import majuscule

# The besoins that have a distance and that everybody is asked about.
BESOINS = ("parler", "abri", "plainte", "soins")
ARRONDI = 5
RIEN = "–"


def vues_de_couverture(catalogue: Catalogue, referentiel: Referentiel) -> tuple[Vue, ...]:
    """The maps of a review, as they are today."""
    connus = (b for b in BESOINS if b in referentiel.vocabulaire.besoins)
    questions = (Question(Critere.BESOIN, besoin) for besoin in connus)
    return tuple(build_vue(couvrir(q, catalogue, referentiel), referentiel) for q in questions)


@dataclass(frozen=True, slots=True)
class Compte:
    """What was counted in the year; `premier_mois`: since when consultations are, if they are."""

    lignes: tuple[Ligne, ...]
    premier_mois: date | None
    activite: Activite


def build_bilan(
    protocole: Protocole,
    annee: int,
    jour: date,
    publies: Catalogue,
    *,
    vues: Sequence[Vue],
    types: Iterable[str],
    compte: Compte,
) -> Bilan:
    """Gather a year. Maps and records are those of `jour`; figures and counts are the year's."""
    objectifs = {
        o.numero: build_objectif(protocole, o.numero, publies, jour) for o in protocole.objectifs
    }
    etat = build_etats(publies.fiches, types, jour)[TOUTES]
    return Bilan(
        annee=annee,
        jour=date_fr(jour),
        iso=jour.isoformat(),
        protocole=protocole.periode.nom,
        echu=echu_fr(protocole.periode, jour),
        arrete=_arrete(annee, jour),
        resume=(*_resume_objectifs(objectifs.values(), annee), *_resume_fiches(etat, jour)),
        manques=_manques(objectifs.values(), annee, vues, etat.jamais),
        axes=tuple(
            AxeDit(a.numero, a.titre, tuple(_objectif(objectifs[n], annee) for n in a.objectifs))
            for a in protocole.axes
        ),
        cartes=tuple(map(_carte, vues)),
        consultations=_consultations(compte.lignes),
        note_consultations=_note_consultations(annee, compte.premier_mois),
        ecritures=dire_ecritures(compte.activite),
        source=protocole.periode.source,
    )


def _resume_fiches(etat: EtatDesFiches, jour: date) -> tuple[tuple[str, str], ...]:
    confirmees = etat.moins_de_6_mois + etat.de_6_a_12_mois
    return (
        (f"Fiches publiées au {date_fr(jour)}", nombre_fr(etat.fiches)),
        ("… confirmées depuis moins de 12 mois", f"{confirmees} sur {etat.fiches}"),
        ("… jamais confirmées", f"{etat.jamais} sur {etat.fiches}"),
    )


def _arrete(annee: int, jour: date) -> str:
    if annee == jour.year:
        return f"Année en cours : ce bilan s’arrête au {date_fr(jour)}."
    return (
        f"Les chiffres, les consultations et les mises à jour sont ceux de {annee}. Les fiches et "
        f"les cartes sont celles du {date_fr(jour)} : leur état d’alors n’est pas connu."
    )


def _de_l_annee(releve: Releve, annee: int) -> bool:
    if releve.periode:
        return releve.periode[0] <= annee <= releve.periode[1]
    return releve.annee == annee


def _resume_objectifs(objectifs: Iterable[ObjectifVue], annee: int) -> tuple[tuple[str, str], ...]:
    vues = tuple(objectifs)
    mesures = sum(any(_de_l_annee(r, annee) for r in vue.releves) for vue in vues)
    actions = [action for vue in vues for action in vue.actions]
    verdicts = Counter(c.etat for a in actions for c in a.comparaisons if c.annee == annee)
    mesurees = sum(any(c.annee == annee for c in a.comparaisons) for a in actions)
    chiffrees = sum(bool(a.cibles) for a in actions)
    return (
        (f"Objectifs dont un chiffre de {annee} est connu", f"{mesures} sur {len(vues)}"),
        ("Actions dont le texte chiffre la cible", f"{chiffrees} sur {len(actions)}"),
        (f"… dont un chiffre de {annee} mesure la cible", f"{mesurees} sur {chiffrees}"),
        ("… cible atteinte", str(verdicts[Etat.ATTEINTE])),
        ("… cible non atteinte", str(verdicts[Etat.NON_ATTEINTE])),
        ("… à vérifier (chiffre approché)", str(verdicts[Etat.INCONNUE])),
    )


def _manques(
    objectifs: Iterable[ObjectifVue], annee: int, vues: Iterable[Vue], jamais: int
) -> tuple[tuple[str, str], ...]:
    """What cannot be said, or that nobody does: subject, then numbers and names."""
    tous = tuple(objectifs)
    sans_chiffre = [o for o in tous if not any(_de_l_annee(r, annee) for r in o.releves)]
    anonymes = [o for o in tous if all(origine is Origine.DEDUITE for origine, _, _ in o.lies)]
    actions = [a for o in tous for a in o.actions]
    manques = [
        (f"Objectifs sans aucun chiffre de {annee}", _numeros(sans_chiffre)),
        ("Objectifs sans acteur nommé ni déclaré sur la carte", _numeros(anonymes)),
        (
            "Actions dont le texte ne chiffre pas la cible",
            ", ".join(a.action.id for a in actions if not a.cibles),
        ),
        (
            "Actions sans indicateur",
            ", ".join(a.action.id for a in actions if not a.action.indicateur),
        ),
        ("Actions sans pilote", ", ".join(a.action.id for a in actions if not a.pilotes)),
    ]
    for vue in vues:
        seules = vue.couverture.sans_personne
        if seules:
            habitants = nombre_fr(sum(ligne.commune.population for ligne in seules))
            manques.append(
                (
                    f"Communes sans personne pour « {vue.nom} »",
                    f"{len(seules)} ({habitants} habitants)",
                )
            )
    manques.append(
        ("Fiches que personne n’a jamais confirmées", nombre_fr(jamais) if jamais else "")
    )
    return tuple((sujet, dit) for sujet, dit in manques if dit)


def _numeros(objectifs: Iterable[ObjectifVue]) -> str:
    return ", ".join(str(vue.objectif.numero) for vue in objectifs)


def _objectif(vue: ObjectifVue, annee: int) -> ObjectifDit:
    nommes = [
        f"{lie.fiche.nom} ({lie.phrase})"
        for origine, _, lies in vue.lies
        if origine is not Origine.DEDUITE
        for lie in lies
    ]
    au_titre: defaultdict[str, list[str]] = defaultdict(list)
    for origine, _, lies in vue.lies:
        for lie in lies if origine is Origine.DEDUITE else ():
            au_titre[majuscule(lie.phrase)].append(lie.fiche.nom)
    siens = [releve for releve in vue.releves if _de_l_annee(releve, annee)]
    return ObjectifDit(
        numero=vue.objectif.numero,
        titre=vue.objectif.titre,
        actions=tuple(_action(action, annee) for action in vue.actions),
        nommes=tuple(dict.fromkeys(nommes)),
        au_titre=tuple((titre, tuple(dict.fromkeys(noms))) for titre, noms in au_titre.items()),
        chiffres=tuple(_chiffre(releve) for releve in siens),
        sans_chiffre="" if siens else _sans_chiffre(vue.releves, annee),
    )


def _sans_chiffre(releves: Iterable[Releve], annee: int) -> str:
    annees = [r.periode[1] if r.periode else r.annee for r in releves]
    connues = [a for a in annees if a is not None]
    if not annees:
        return "Aucun chiffre propre à cet objectif n’est connu."
    dernier = f" Le dernier connu est de {max(connues)}." if connues else ""
    return f"Aucun chiffre de {annee} n’est connu.{dernier}"


def _action(vue: ActionVue, annee: int) -> ActionDite:
    atteint = [
        f"{valeur_fr(c.valeur, c.precision, c.cible.unite)} pour {nombre_fr(c.cible.valeur)} "
        f"{c.cible.periodicite} : cible {c.etat.value}"
        for c in vue.comparaisons
        if c.annee == annee
    ]
    if not vue.cibles:
        inconnu = "Le texte ne chiffre pas de cible."
    else:
        inconnu = f"Non connu : aucun chiffre de {annee} ne mesure cette cible."
    return ActionDite(
        id=vue.action.id,
        libelle=vue.action.libelle,
        pilotes=", ".join(vue.pilotes) or "Non renseigné",
        autres=", ".join(vue.autres_acteurs),
        cible=" ; ".join(vue.cibles) or "Aucune cible chiffrée dans le texte",
        echeance=vue.echeance,
        atteint=" ; ".join(atteint) or inconnu,
    )


def _chiffre(releve: Releve) -> ChiffreDit:
    territoire = f" ({releve.territoire})" if releve.territoire else ""
    return ChiffreDit(
        indicateur=f"{releve.indicateur}{territoire}",
        annee=annees_fr(releve),
        valeur=valeur_fr(releve.valeur, releve.precision, releve.unite),
        source=releve.source,
    )


def _carte(vue: Vue) -> CarteDite:
    reserves = (vue.precision, vue.couverture.partielle)
    return CarteDite(
        nom=vue.nom,
        phrases=(*vue.phrases, *(mots for mots in reserves if mots)),
        svg=svg_de(vue.aplats),
        classes=tuple(
            (echantillon(c.rang), c.libelle, f"{nombre_fr(c.habitants)} habitants ({c.part})")
            for c in vue.classes
        ),
    )


def _consultations(lignes: Iterable[Ligne]) -> tuple[tuple[str, str], ...]:
    """Sums of the year, rounded: a review is handed round, and small counts may name somebody."""
    sommes: Counter[Genre] = Counter()
    for ligne in lignes:
        sommes[ligne.genre] += ligne.nombre
    return tuple(
        (libelle, arrondi_fr(sommes[genre])) for genre, libelle in LIBELLES_GENRES.items() if sommes
    )


def arrondi_fr(nombre: int) -> str:
    """A count to the nearest five; below five it is only said to be so."""
    if 0 < nombre < ARRONDI:
        return "moins de 5"
    return nombre_fr(ARRONDI * round(nombre / ARRONDI))


def _note_consultations(annee: int, premier_mois: date | None) -> str:
    if premier_mois is None or premier_mois.year > annee:
        return f"Les consultations de {annee} ne sont pas connues : rien n’était encore compté."
    if premier_mois.year == annee and premier_mois.month > 1:
        return f"Comptées depuis {date_fr(f'{premier_mois:%Y-%m}')}, arrondies à 5 près."
    return "Arrondies à 5 près."


def dire_ecritures(activite: Activite) -> tuple[tuple[str, str], ...]:
    """What was written in a year, in words; empty when nothing was."""
    if not activite.ecritures:
        return ()
    return (
        ("Écritures", nombre_fr(activite.ecritures)),
        ("Fiches touchées, brouillons compris", nombre_fr(activite.fiches)),
        ("… dont créées", nombre_fr(activite.creations)),
        *((f"… par {MOYENS.get(mot, mot)}", nombre_fr(n)) for mot, n in activite.moyens),
    )
