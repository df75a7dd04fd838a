"""A place that was public, that is hidden, and everything about it that must not be found again.

`vivre` is what happens to it before: written, edited, told by visitors, imported, reminded of,
backed up. `effacer` is what the delegation does in its pages. `EFFACES` may then be nowhere;
`GARDES` are hidden things that go on being kept, and that only pages of an account may show.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from cartographie import comptes, courrier, propositions, registre, relances
from cartographie.acteurs import Contact, ContactKind, Diffusion, Implantation, Visibilite
from cartographie.config import Settings
from cartographie.database import transaction
from cartographie.depots import Depot, MotifDepot, OrigineDepot
from cartographie.protocole_db import add_releve
from cartographie.rappels import Suivi
from cartographie.sauvegardes import Sauvegarde, save
from cartographie.smtp import server_of
from cartographie.utilisateurs import RoleCompte
from cartographie.web import tampon
from tests.comptes import Gestion, Horloge, Navigateur
from tests.fabrique import accueil, change, porte
from tests.mondes.chiffres import CHIFFRE, PERIODE
from tests.mondes.encodages import Numero, Position, Secret, Texte
from tests.mondes.monde import CLE_SAUVEGARDE
from tests.mondes.traces import POINT, SLUG, lieu_secret
from tests.poste import DDFE, EXPEDITEUR, PUBLIQUE
from tests.site import CLE, SORTIE, assembler, lire

MESSAGE = "On lit partout que la grille verte est au bout du sentier."
SUITE = "Le chien du gardien aboie quand quelqu’un approche."
EFFACES: Mapping[str, Secret] = {
    "point": Position(*POINT),
    "rue": Texte("Grand’Rue des Épinettes"),
    "téléphone du lieu": Numero("0476309987"),
    "téléphone du service": Numero("0476309986"),
    "site": Texte("refuge-epinettes"),
    "nom de la porte": Texte("Villa Zéphyrine"),
    "courriel du service": Texte("bureau@epinettes.exemple.fr"),
    "note du lieu": Texte("Le portail est au fond."),
    "courriel du partenaire": Texte("directrice@zephyrine.exemple.fr"),
    "message d’un visiteur": Texte(MESSAGE),
    "message d’un partenaire": Texte(SUITE),
    "source d’un chiffre": Texte("rapport de la gardienne"),
    "ancienne conférence": Texte("portail bleu nuit"),
    "fichier importé": Texte("Impasse du Gypaète"),
}
TEMOIN = "accueil-temoin"
INTERNE = "lieu-interne"
GARDES: Mapping[str, Secret] = {
    "note d’une fiche publique": Texte("Ne pas rappeler avant Pâques."),
    "ligne interne": Numero("0476112233"),
    "courriel interne": Texte("coulisses@temoin.exemple.fr"),
    "fiche interne": Texte("Relais du Mélèze"),
    "rue d’une fiche interne": Texte("Chemin des Édelweiss"),
    "point d’une fiche interne": Position(5.3171234, 45.4123456),
    "compte": Texte("agathe.dubreuil@isere.exemple.fr"),
    "proposition en attente": Texte("La sonnette est cassée depuis lundi."),
    "source interne": Texte("classeur jaune étagère"),
}
REVISION = re.compile(r'name="revision" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Vie:
    """The site, who works there, the backup of before, the message that will be erased."""

    gestion: Gestion
    administrateur: Navigateur
    editeur: Navigateur
    ancienne: Sauvegarde
    message: int

    @property
    def settings(self) -> Settings:
        settings: Settings = self.gestion.app.extensions["cartographie"].settings
        return settings


def vivre(adresse: str, instance: Path, smtp_url: str) -> Vie:
    """Everything that happens before the place is hidden. The database has its tables."""
    horloge = Horloge()
    reglages = Settings(
        database_url=adresse,
        instance=instance,
        secret_key=CLE,
        sortie_url=SORTIE,
        tuiles_url="",
        geocodeur="communes",
        smtp_url=smtp_url,
        courriel_expediteur=EXPEDITEUR,
        courriel_ddfe=DDFE,
        url_publique=PUBLIQUE,
        sauvegarde_cle=CLE_SAUVEGARDE,
    )
    app = assembler(reglages, horloge)
    gestion = Gestion(app, app.extensions["cartographie"].engine, horloge)
    ecrire(gestion.engine)
    chiffrer(gestion)
    administrateur, editeur = gestion.client("administrateur"), gestion.client("editeur")
    editeur.get(f"/gestion/acteurs/{SLUG}")
    importer(editeur)
    rappeler(gestion)
    message = proposer(gestion)
    return Vie(gestion, administrateur, editeur, save(gestion.engine, reglages, horloge()), message)


def ecrire(engine: Engine) -> None:
    """Records, edited: what is erased stands in revisions too."""
    interne = accueil(
        INTERNE,
        nom="Relais du Mélèze",
        diffusion=Diffusion.INTERNE,
        participations=(),
        implantations=(ailleurs(),),
    )
    temoin = accueil(
        TEMOIN,
        verifie_le=None,
        notes_internes="Ne pas rappeler avant Pâques.",
        source="classeur jaune étagère",
        contacts=(
            Contact(ContactKind.TELEPHONE, "04 76 30 00 02"),
            Contact(ContactKind.TELEPHONE, "04 76 11 22 33", visibilite=Visibilite.INTERNE),
            Contact(
                ContactKind.COURRIEL, "coulisses@temoin.exemple.fr", visibilite=Visibilite.INTERNE
            ),
        ),
        participations=(),
        # Nowhere near the place: three decimals of one are not those of the other.
        implantations=porte(accueil(), {"longitude": 5.7712, "latitude": 44.9214}),
    )
    for saisie in (lieu_secret(participations=()), temoin, interne):
        with transaction(engine) as session:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")
    change(engine, SLUG, conditions="Demander le portail bleu nuit.")
    change(engine, SLUG, conditions="Sur rendez-vous.", verifie_le=date(2025, 1, 1))


def ailleurs() -> Implantation:
    """The door of what nobody may see."""
    (porte,) = lieu_secret().implantations
    lieu = replace(
        porte.localisation,
        adresse="3 Chemin des Édelweiss",
        longitude=5.3171234,
        latitude=45.4123456,
    )
    return replace(porte, localisation=lieu, libelle="", telephone="")


def chiffrer(gestion: Gestion) -> None:
    """A figure that is attributed to the place."""
    with transaction(gestion.engine) as session:
        chiffre = replace(CHIFFRE, acteur=SLUG, source="rapport de la gardienne")
        add_releve(session, PERIODE, chiffre, par="camille", moyen="essai")


def importer(editeur: Navigateur) -> None:
    """A file about it waits: nobody applied it."""
    lignes = f"slug,implantation_1_adresse\n{SLUG},1 Impasse du Gypaète\n".encode()
    depot = {"fichier": (io.BytesIO(lignes), "gypaete.csv")}
    assert editeur.poster("/gestion/imports", depot).status_code == 303


def rappeler(gestion: Gestion) -> None:
    """Partners are written to, at an address that somebody chose."""
    installation = gestion.app.extensions["cartographie"]
    with transaction(gestion.engine) as session:
        courrier.set_suivi(session, SLUG, Suivi(None, "directrice@zephyrine.exemple.fr"))
        contexte = relances.Contexte(CLE, PUBLIQUE, 6, installation.referentiel, gestion.horloge())
        relances.remind(session, contexte, {SLUG})
        comptes.create_compte(
            session,
            "agathe.dubreuil@isere.exemple.fr",
            "Agathe Dubreuil",
            RoleCompte.EDITEUR,
            gestion.horloge(),
        )
    distribuer(gestion)


def distribuer(gestion: Gestion) -> None:
    """Send what waits."""
    serveur = server_of(gestion.app.extensions["cartographie"].settings)
    assert serveur is not None
    courrier.deliver(gestion.engine, serveur, gestion.horloge)


def proposer(gestion: Gestion) -> int:
    """What visitors and a partner say; the number of a message that will be erased by hand."""
    referentiel = gestion.app.extensions["cartographie"].referentiel
    depots = (
        Depot(
            TEMOIN, OrigineDepot.PUBLIC, MotifDepot.AUTRE, "La sonnette est cassée depuis lundi."
        ),
        Depot(SLUG, OrigineDepot.PARTENAIRE, MotifDepot.MISE_A_JOUR, SUITE),
        Depot(TEMOIN, OrigineDepot.PUBLIC, MotifDepot.DANGER, MESSAGE),
    )
    numero = 0
    for depot in depots:
        with transaction(gestion.engine) as session:
            numero = propositions.submit(session, depot, referentiel, maintenant=gestion.horloge())
    return numero


def echantillonner(engine: Engine) -> None:
    """What PostgreSQL does by itself now and then: it keeps values of each column as samples."""
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connexion:
            connexion.exec_driver_sql("ANALYZE")


def continuer(vie: Vie) -> None:
    """Life goes on afterwards: a reminder for another record, a word of danger."""
    installation = vie.gestion.app.extensions["cartographie"]
    contexte = relances.Contexte(CLE, PUBLIQUE, 6, installation.referentiel, vie.gestion.horloge())
    with transaction(vie.gestion.engine) as session:
        courrier.set_suivi(session, TEMOIN, Suivi(None, "coulisses@temoin.exemple.fr"))
        relances.remind(session, contexte, {TEMOIN})
    with vie.gestion.app.app_context():
        quand = int(vie.gestion.horloge().timestamp()) - 60
        cachet = str(tampon._signer().dumps([TEMOIN, quand]))
    champs = {"tampon": cachet, "motif": "danger", "texte": "La sonnette est cassée depuis lundi."}
    dit = vie.gestion.app.test_client().post(f"/acteurs/{TEMOIN}/signaler", data=champs)
    assert dit.status_code == 303
    distribuer(vie.gestion)


def effacer(vie: Vie) -> None:
    """The delegation hides the place and erases a message, in its pages."""
    page = f"/gestion/acteurs/{SLUG}/diffusion"
    revision = REVISION.search(vie.administrateur.get(f"{page}?vers=zone").text)
    assert revision is not None
    champs: dict[str, Any] = {
        "vers": "zone",
        "revision": revision[1],
        "nom": "Accueil de la Matheysine",
        "relais": "115",
        "texte_notes_internes": "",
    }
    fait = vie.administrateur.poster(page, champs)
    assert fait.status_code == 303, [e.text for e in lire(fait.text).iter("p") if e.text]
    assert fait.headers["Location"].endswith("fait=reduite"), fait.headers["Location"]
    effacee = vie.administrateur.poster(
        f"/gestion/propositions/{vie.message}/effacer", {"confirme": "oui"}
    )
    assert effacee.status_code == 303
    vie.gestion.app.extensions["mesures"].flush()
