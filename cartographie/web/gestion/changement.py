"""What the page that changes a diffusion shows and reads: choices, losses, words to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Diffusion,
    Relais,
    Saisie,
    Statut,
    Visibilite,
)
from cartographie.comparaison import Difference, differences
from cartographie.errors import Faute
from cartographie.libelles import CHAMPS
from cartographie.reduction import (
    TEXTES,
    Autorisation,
    Demande,
    abaisse,
    avertir,
    changer,
)
from cartographie.referentiel import Referentiel
from cartographie.saisies.champs import jour as lire_jour
from cartographie.texte import fold
from cartographie.validation.champs import EN_LIGNES

LE_115 = "115"
AUTRE = "autre"
GARDER = "garder"
NOM_DIFFERENT = "Ce n’est pas le nom de la fiche : recopiez-le comme il est écrit au-dessus."
# What is asked for below is not lost.
CHOISIS = ("diffusion", "acces", "relais")
RELAIS_ABSENT = "Choisissez la ligne par laquelle on joint ce service."


@dataclass(frozen=True, slots=True)
class Ligne:
    """A public line that may be chosen to reach a zone."""

    code: str
    libelle: str
    relais: Relais | None


@dataclass(frozen=True, slots=True)
class Tape:
    """What was typed, as it was typed."""

    nom: str = ""
    relais: str = ""
    relais_libelle: str = ""
    relais_telephone: str = ""
    relais_horaires: str = ""
    acces: str = ""
    autorise_par: str = ""
    autorise_le: str = ""
    textes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Texte:
    """A text that says where the place is, to be corrected before anything is erased."""

    champ: str
    libelle: str
    valeur: str
    fautes: tuple[str, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class Changement:
    """The page: what the record is, what it would be, what is asked."""

    saisie: Saisie
    vers: Diffusion
    abaisse: bool
    efface: bool
    pertes: tuple[Difference, ...]
    textes: tuple[Texte, ...]
    obstacle: str
    lignes: tuple[Ligne, ...]
    acces: tuple[tuple[str, str], ...]


def lire_tape(form: Mapping[str, str]) -> Tape:
    """Read the form; line ends as everywhere else."""
    simples = {nom: form.get(nom, "").strip() for nom in Tape.__slots__ if nom != "textes"}
    textes = tuple(
        (nom, form[f"texte_{nom}"].replace("\r\n", "\n").strip())
        for nom in TEXTES
        if f"texte_{nom}" in form
    )
    return Tape(**simples, textes=textes)


def construire(
    saisie: Saisie,
    vers: Diffusion,
    porteur: Saisie | None,
    tape: Tape,
    referentiel: Referentiel,
) -> Changement:
    """Work out the page; nothing is written."""
    communes = referentiel.communes
    lignes = _lignes(saisie, porteur, referentiel)
    demande = _demande(vers, tape, lignes)
    efface = vers is not Diffusion.PUBLIQUE
    apres = changer(saisie, demande, communes)
    fautes = avertir(apres, communes) if efface else ()
    nues = avertir(changer(saisie, Demande(vers, demande.relais), communes), communes)
    a_corriger = {f.champ for f in (*fautes, *(nues if efface else ()))} | dict(tape.textes).keys()
    return Changement(
        saisie=saisie,
        vers=vers,
        abaisse=abaisse(saisie.diffusion, vers),
        efface=efface,
        pertes=tuple(
            perte
            for perte in differences(saisie, changer(saisie, Demande(vers), communes), referentiel)
            if perte.chemin not in CHOISIS and perte.avant and perte.avant != perte.apres
        ),
        textes=tuple(_texte(nom, apres, fautes) for nom in TEXTES if nom in a_corriger),
        obstacle=next((f.message for f in fautes if f.champ == "slug"), ""),
        lignes=lignes if vers is Diffusion.ZONE else (),
        acces=_acces(referentiel) if vers is Diffusion.ZONE else (),
    )


def demander(changement: Changement, tape: Tape) -> Demande:
    """What the person decided."""
    return _demande(changement.vers, tape, changement.lignes)


def autoriser(tape: Tape) -> Autorisation:
    """Who allowed it and when. Raises ValueError where `verifier` was not asked first."""
    le = lire_jour(tape.autorise_le)
    if le is None:
        raise ValueError(tape.autorise_le)
    return Autorisation(tape.autorise_par, le)


def verifier(changement: Changement, tape: Tape, jour: date) -> tuple[Faute, ...]:
    """Faults of the page itself; those of the record are told by the registre."""
    fautes = []
    if changement.abaisse and fold(tape.nom) != fold(changement.saisie.nom):
        fautes.append(Faute("nom_tape", NOM_DIFFERENT))
    if not changement.abaisse:
        if not tape.autorise_par:
            fautes.append(Faute("autorise_par", "Dites qui l’a autorisé."))
        le = lire_jour(tape.autorise_le)
        if le is None or le > jour:
            fautes.append(Faute("autorise_le", "Donnez le jour de l’accord, passé ou présent."))
    if changement.lignes and demander(changement, tape).relais is None:
        fautes.append(Faute("relais", RELAIS_ABSENT))
    return tuple(fautes)


def _demande(vers: Diffusion, tape: Tape, lignes: Sequence[Ligne]) -> Demande:
    relais = next((ligne.relais for ligne in lignes if ligne.code == tape.relais), None)
    if tape.relais == AUTRE and tape.relais_telephone:
        relais = Relais(tape.relais_libelle, tape.relais_telephone, tape.relais_horaires)
    acces = Acces(tape.acces) if tape.acces in set(Acces) else None
    return Demande(vers, relais, acces, dict(tape.textes))


def _texte(nom: str, saisie: Saisie, fautes: Sequence[Faute]) -> Texte:
    siennes = tuple(_raison(faute) for faute in fautes if faute.champ == nom)
    return Texte(nom, CHAMPS[nom], getattr(saisie, nom), siennes, nom in EN_LIGNES)


def _raison(faute: Faute) -> str:
    raison = faute.message.partition(" : ")[2] or faute.message
    return raison[:1].upper() + raison[1:]


def _lignes(saisie: Saisie, porteur: Saisie | None, referentiel: Referentiel) -> tuple[Ligne, ...]:
    """What may be dialled instead of the place: what is chosen already, 115, the porteur's."""
    lignes = []
    if saisie.relais:
        garde = f"{saisie.relais.libelle} : {saisie.relais.telephone} (déjà choisie)"
        lignes.append(Ligne(GARDER, garde, saisie.relais))
    for numero in referentiel.numeros:
        if numero.numero == LE_115:
            relais = Relais("115 – Samu social, SIAO de l’Isère", LE_115, numero.horaires)
            lignes.append(Ligne(LE_115, "115 – Samu social, SIAO de l’Isère", relais))
    lignes += [
        Ligne(f"porteur-{rang}", _du_porteur(relais), relais)
        for rang, relais in enumerate(_publiques(porteur))
    ]
    return (*lignes, Ligne(AUTRE, "Une autre ligne publique", None))


def _du_porteur(relais: Relais) -> str:
    horaires = f", {relais.horaires}" if relais.horaires else ", horaires non connus"
    return f"{relais.libelle} : {relais.telephone}{horaires}"


def _publiques(porteur: Saisie | None) -> tuple[Relais, ...]:
    """The public lines of the porteur, when itself is public."""
    if porteur is None or porteur.statut is not Statut.PUBLIE:
        return ()
    if porteur.diffusion is not Diffusion.PUBLIQUE:
        return ()
    return tuple(
        Relais(f"Ligne publique de {porteur.nom}"[:200], contact.valeur, contact.horaires)
        for contact in porteur.contacts
        if contact.kind is ContactKind.TELEPHONE and contact.visibilite is Visibilite.PUBLIQUE
    )


def _acces(referentiel: Referentiel) -> tuple[tuple[str, str], ...]:
    return tuple(
        (code, terme.libelle)
        for code, terme in referentiel.vocabulaire.acces.items()
        if code != Acces.DIRECT
    )
