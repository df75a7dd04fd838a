"""The printed directory in words: one value, from which the page and the PDF are both made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import count

import segno

from cartographie.acteurs import Contact, Fiche, Implantation, Precision, Trivalent
from cartographie.catalogue import pour_auteurs
from cartographie.horaires import anciennete_fr
from cartographie.libelles import LANGUES, dire_horaires
from cartographie.phrases import competence_fr, confirmation_fr, date_fr, telephone_lisible
from cartographie.plan import PointNumerote, dessiner_plans
from cartographie.recherche import Reponse
from cartographie.referentiel import Referentiel
from cartographie.resultats import Resultat
from cartographie.variables import MOTS_EXPOSANTS
from cartographie.web import fiches, rendu
from cartographie.web.annuaire_valeurs import Annuaire, Endroit, Entree, Joindre, Section
from cartographie.web.site import catalogue

FICHES_MAX = 300
QR_DENSE = 300
TROP = (
    "Cette liste s’arrête à {max} fiches sur {total} : choisissez un lieu, un besoin ou une "
    "intercommunalité pour avoir les suivantes."
)
SANS_AUTEURS = (
    "Les services pour les auteurs de violences ne figurent pas dans cette liste : ils se "
    "demandent par le besoin « Auteurs de violences »."
)
HORAIRES_INCONNUS = "Horaires inconnus, appelez."


def build_annuaire(
    reponse: Reponse,
    referentiel: Referentiel,
    jour: date,
    *,
    garder: Callable[[Fiche], bool],
    criteres: Iterable[str],
    adresse: str,
    discret: bool,
) -> Annuaire:
    """Put an answer in words, the lines that are kept numbered through its groups."""
    total, choisis = _choisir(reponse, garder)
    retenues = [r for _, lignes in choisis for r in lignes]
    entree = _discrete if discret else _entree
    numeros = count(1)
    plans = dessiner_plans(_points(retenues), referentiel.communes, reponse.lieu)
    sections = tuple(
        Section(nom, tuple(entree(next(numeros), r, reponse, referentiel, jour) for r in lignes))
        for nom, lignes in choisis
    )
    return Annuaire(
        discret=discret,
        criteres=tuple(criteres),
        jour=date_fr(jour),
        iso=jour.isoformat(),
        urgences=urgences(referentiel, discret=discret),
        sections=_ensemble(sections) if discret else sections,
        total=len(retenues),
        plans=() if discret else plans,
        notes=_notes(reponse, retenues, total, discret=discret),
        adresse="" if discret else adresse,
        svg_qr="" if discret else qr_svg(adresse),
    )


def _choisir(
    reponse: Reponse, garder: Callable[[Fiche], bool]
) -> tuple[int, tuple[tuple[str, tuple[Resultat, ...]], ...]]:
    """How many acteurs are kept, and by group those that are printed. Lines are told when read."""
    total, reste = 0, FICHES_MAX
    groupes = []
    for groupe in reponse.groupes:
        fiches_du_groupe = groupe.resultats.fiches
        # National numbers come first there, and stand at the top of the page.
        debut = len(groupe.resultats) - len(fiches_du_groupe)
        rangs = [debut + n for n, fiche in enumerate(fiches_du_groupe) if garder(fiche)]
        total += len(rangs)
        lignes = tuple(groupe.resultats[rang] for rang in rangs[:reste])
        reste -= len(lignes)
        groupes += [(groupe.libelle, lignes)] if lignes else []
    return total, tuple(groupes)


def _ensemble(sections: Iterable[Section]) -> tuple[Section, ...]:
    """One list: the names of the groups would tell what it is for."""
    entrees = tuple(entree for section in sections for entree in section.entrees)
    return (Section("Contacts", entrees),) if entrees else ()


def urgences(referentiel: Referentiel, *, discret: bool) -> tuple[tuple[str, str], ...]:
    """National numbers with what they are for, or with one word when it must say little."""
    return tuple(
        (n.numero, neutre(rendu.COURTS[n.numero]) if discret else n.libelle)
        for n in referentiel.numeros
        if n.numero in rendu.COURTS
    )


def neutre(mots: str) -> str:
    """The same words, or nothing when they would say what the list is for."""
    return "" if any(mot in mots.lower() for mot in MOTS_EXPOSANTS) else mots


def qr_svg(adresse: str) -> str:
    """A code that leads to an address, as an SVG of ours; less redundant when it is long."""
    code = segno.make(adresse, error="l" if len(adresse) > QR_DENSE else "m", micro=False)
    flux = BytesIO()
    code.save(
        flux, kind="svg", xmldecl=False, nl=False, omitsize=True, border=4, light="#ffffff",
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return flux.getvalue().decode()


def horaires_en_mots(horaires: str) -> str:
    """Hours on one line: `Lundi à vendredi : 9 h – 17 h ; samedi…`; as typed when unreadable."""
    if not horaires:
        return ""
    debut, *suite = dire_horaires(horaires)
    return " ; ".join((debut, *(ligne[:1].lower() + ligne[1:] for ligne in suite)))


def _entree(
    numero: int, r: Resultat, reponse: Reponse, referentiel: Referentiel, jour: date
) -> Entree:
    fiche = r.fiche
    if fiche is None:
        raise ValueError("a national number is no line of a directory")
    vocabulaire = referentiel.vocabulaire
    lieu = reponse.lieu
    situation = [rendu.distance_du_resultat(r)]
    situation += [competence_fr(r.competent, lieu.libelle)] if lieu else []
    missions = [
        vocabulaire.missions[m].libelle for m in fiche.missions if m in vocabulaire.missions
    ]
    return Entree(
        numero=numero,
        nom=fiche.nom,
        type=vocabulaire.types[fiche.type].libelle,
        missions=", ".join(missions),
        distance=" · ".join(mots for mots in situation if mots),
        joindre=_joindre(fiche, referentiel, jour),
        endroits=tuple(_endroit(fiche, i, jour) for i in _portes(r, fiche)),
        acces=vocabulaire.acces[fiche.acces].libelle,
        faits=_faits(fiche, referentiel),
        confirmation=confirmation_fr(fiche),
    )


def _discrete(
    numero: int, r: Resultat, reponse: Reponse, referentiel: Referentiel, jour: date
) -> Entree:
    """The same with nothing that tells what it is for: whoever finds the paper learns little."""
    entree = _entree(numero, r, reponse, referentiel, jour)
    nom = rendu.titre_neutre(r.fiche) if r.fiche else ""
    joindre = tuple(replace(un, libelle="") for un in entree.joindre)
    endroits = tuple(replace(un, libelle="") for un in entree.endroits)
    return replace(
        entree, nom=nom, type="", missions="", acces="", distance=rendu.distance_du_resultat(r),
        joindre=joindre, endroits=endroits, faits=(),
    )  # fmt: skip


def _portes(r: Resultat, fiche: Fiche) -> tuple[Implantation, ...]:
    """Doors, the nearest first when a place was asked for."""
    return (r.implantation, *r.autres) if r.implantation else fiche.implantations


def _joindre(fiche: Fiche, referentiel: Referentiel, jour: date) -> tuple[Joindre, ...]:
    directs = [_contact(c, fiche, jour) for c in fiche.telephones]
    directs += [_contact(c, fiche, jour) for c in fiche.contacts if c not in fiche.telephones]
    if fiche.telephones:
        return tuple(directs)
    relais = fiches.secours(fiche, catalogue(), referentiel)
    return (
        *(
            Joindre(telephone_lisible(s.contact.valeur), f"à la place, {s.libelle}", "")
            for s in relais
        ),
        *directs,
    )


def _contact(contact: Contact, fiche: Fiche, jour: date) -> Joindre:
    valeur = telephone_lisible(contact.valeur)
    if contact.kind == "sms":
        valeur = f"SMS au {valeur}"
    return Joindre(
        valeur, contact.libelle, _horaires(contact.horaires, fiche.source_date, fiche, jour)
    )


def _horaires(horaires: str, horaires_date: str, fiche: Fiche, jour: date) -> str:
    mots = horaires_en_mots(horaires)
    age = anciennete_fr(horaires_date, fiche.verifie_le, jour) if mots else ""
    return f"{mots} ({age})" if age else mots


def _endroit(fiche: Fiche, porte: Implantation, jour: date) -> Endroit:
    lieu = porte.localisation
    if (lieu.adresse and not fiche.en_zone) or lieu.precision is Precision.ADRESSE:
        commune = f"{lieu.code_postal} {lieu.commune}".strip()
        adresse = ", ".join(mot for mot in (lieu.adresse, commune) if mot)
    else:
        tue = "adresse non communiquée" if fiche.en_zone else "adresse précise non connue"
        adresse = f"{rendu.lieu_fr(lieu)}, {tue}"
    horaires = _horaires(porte.horaires, porte.horaires_date or fiche.source_date, fiche, jour)
    fermetures = () if fiche.en_zone else tuple(f for f in porte.fermetures if f.fin >= jour)
    return Endroit(
        libelle=porte.libelle,
        adresse=adresse,
        horaires="" if fiche.en_zone else horaires or HORAIRES_INCONNUS,
        fermetures=tuple(
            f"Fermé du {date_fr(f.debut)} au {date_fr(f.fin)}"
            + (f" ({f.motif})" if f.motif else "")
            for f in fermetures
        ),
    )


def _faits(fiche: Fiche, referentiel: Referentiel) -> tuple[tuple[str, str], ...]:
    """What has to be known before going; what nobody said is named at the end."""
    publics = referentiel.vocabulaire.publics
    recus = ", ".join(publics[p].libelle for p in fiche.publics if p in publics)
    faits = [
        ("Public", recus),
        ("Langues", ", ".join(LANGUES.get(code, code) for code in fiche.langues)),
        ("Conditions", fiche.conditions),
        ("Frais", fiche.frais),
    ]
    questions = {
        "Rendez-vous nécessaire": fiche.rendez_vous,
        "Accessible en fauteuil": fiche.accessible_pmr,
        "Enfants accueillis": fiche.enfants_accueillis,
    }
    faits += [
        (titre, rendu.TRIVALENT[reponse].lower())
        for titre, reponse in questions.items()
        if reponse is not Trivalent.INCONNU
    ]
    inconnus = [t.lower() for t, r in questions.items() if r is Trivalent.INCONNU]
    faits.append(("Non renseigné", ", ".join(inconnus)))
    return tuple((titre, valeur) for titre, valeur in faits if valeur)


def _points(lignes: Sequence[Resultat]) -> tuple[PointNumerote, ...]:
    """Places of numbered lines; a court decides who goes where: those have none."""
    return tuple(
        PointNumerote(rang, implantation.localisation)
        for rang, ligne in enumerate(lignes, 1)
        if ligne.fiche and ligne.fiche.acces != "decision-judiciaire"
        for implantation in ligne.fiche.implantations
    )


def _notes(
    reponse: Reponse, retenues: Iterable[Resultat], total: int, *, discret: bool
) -> tuple[str, ...]:
    notes = [TROP.format(max=FICHES_MAX, total=total)] if total > FICHES_MAX else []
    if discret:
        return tuple(notes)
    notes += reponse.notes
    auteurs = any(r.fiche and pour_auteurs(r.fiche) for r in retenues)
    if not reponse.recherche.besoin and not auteurs and not reponse.notes:
        notes.append(SANS_AUTEURS)
    return (*notes, reponse.partielle) if reponse.partielle else tuple(notes)
