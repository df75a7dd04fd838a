"""What the database itself refuses to hold, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shapely import Point
from sqlalchemy import Engine, Executable, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.database import transaction
from cartographie.models import (
    Acteur,
    Capacite,
    Contact,
    Implantation,
    Participation,
    Revision,
    Version,
)
from tests.fabrique import accueil, refuge

PORTE: dict[str, Any] = {
    "kind": "siege",
    "libelle": "",
    "point": Point(5.73631, 45.18663),
    "precision": "commune",
    "adresse": "",
    "code_postal": "",
    "commune": "",
    "code_insee": "",
    "code_epci": "",
    "source": "",
    "horaires": "",
    "horaires_date": "",
    "fermetures": [],
    "telephone": "",
}
LIGNE = {
    "kind": "telephone",
    "valeur": "115",
    "libelle": "",
    "horaires": "",
    "visibilite": "interne",
}
PLACES: dict[str, Any] = {
    "date": date(2026, 1, 1),
    "places_total": 1,
    "places_dediees": None,
    "familles_nombreuses": None,
    "source": "",
}


def _refuge(session: Session) -> int:
    registre.create_acteur(session, refuge(implantations=()), par="essai", moyen="essai")
    return session.execute(select(Acteur.id)).scalar_one()


def _refuses(engine: Engine, contrainte: str, ecrire: Callable[[Session, int], object]) -> None:
    """The same constraint refuses the write on both engines (SQLite does not name foreign keys)."""
    with pytest.raises(IntegrityError) as erreur, transaction(engine) as session:
        ecrire(session, _refuge(session))
    assert contrainte in str(erreur.value) or "FOREIGN KEY" in str(erreur.value)


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("ck_implantation_zone_adresse", {"precision": "adresse"}),
        ("ck_implantation_zone_adresse", {"adresse": "1 quai des Abris"}),
        ("ck_implantation_zone_adresse", {"code_postal": "38000"}),
        ("ck_implantation_zone_telephone", {"telephone": "04 76 00 00 00"}),
        ("ck_implantation_zone_horaires", {"horaires": "24/7"}),
        ("ck_implantation_zone_horaires", {"horaires_date": "2026"}),
        ("ck_implantation_zone_horaires", {"fermetures": [{"debut": "2026-01-01"}]}),
        ("ck_implantation_zone_elargie", {"precision": "epci", "commune": "Mens"}),
        ("ck_implantation_zone_elargie", {"precision": "departement", "code_insee": "38226"}),
        ("ck_implantation_zone_unique", {"rang": 1}),
        ("ck_implantation_kind", {"kind": "cachette"}),
        ("ck_implantation_precision", {"precision": "exacte"}),
    ],
)
def test_a_door_of_a_zone_record_says_nothing_more(
    engine: Engine, contrainte: str, valeurs: dict[str, Any]
) -> None:
    ligne = PORTE | {"diffusion": "zone", "rang": 0} | valeurs
    # Core writes what the types of the model would refuse before the database could.
    brute = insert(Implantation.__table__)  # type: ignore[arg-type]

    def ecrire(session: Session, acteur: int) -> None:
        try:
            session.execute(brute, [ligne | {"acteur_id": acteur}])
        except StatementError as erreur:
            if isinstance(erreur, IntegrityError):
                raise
            session.execute(
                text(
                    f"INSERT INTO implantation ({', '.join(ligne)}, acteur_id) VALUES"
                    f" ({', '.join(':' + nom for nom in ligne)}, :acteur_id)"
                ),
                ligne | {"acteur_id": acteur, "point": b"", "fermetures": "[]"},
            )

    _refuses(engine, contrainte, ecrire)


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("ck_acteur_zone_acces", {"acces": "direct"}),
        ("ck_acteur_zone_site_web", {"site_web": "https://refuge.exemple.fr"}),
        ("ck_acteur_relais", {"relais_telephone": ""}),
        ("ck_acteur_relais", {"relais_libelle": "", "relais_telephone": ""}),
        ("ck_acteur_slug", {"slug": ""}),
        ("ck_acteur_nom", {"nom": ""}),
        ("ck_acteur_porteur", {"porteur_id": Acteur.id}),
        ("ck_acteur_revision", {"revision": 0}),
    ],
)
def test_a_zone_record_holds_no_more_than_its_zone(
    engine: Engine, contrainte: str, valeurs: dict[str, Any]
) -> None:
    _refuses(
        engine,
        contrainte,
        lambda session, acteur: session.execute(
            update(Acteur).where(Acteur.id == acteur).values(valeurs)
        ),
    )


@pytest.mark.parametrize(
    ("contrainte", "modele", "valeurs"),
    [
        ("ck_contact_zone", Contact, LIGNE),
        ("ck_capacite_zone", Capacite, PLACES),
    ],
)
def test_a_zone_record_has_no_line_and_no_places_of_its_own(
    engine: Engine, contrainte: str, modele: type[Any], valeurs: dict[str, Any]
) -> None:
    _refuses(
        engine,
        contrainte,
        lambda session, acteur: session.execute(
            insert(modele).values(valeurs | {"acteur_id": acteur, "diffusion": "zone", "rang": 0})
        ),
    )


@pytest.mark.parametrize("modele", [Implantation, Contact, Capacite])
def test_a_child_cannot_pretend_to_another_diffusion(engine: Engine, modele: type[Any]) -> None:
    valeurs = {Implantation: PORTE, Contact: LIGNE, Capacite: PLACES}[modele]
    cle = {"diffusion": "publique", "rang": 0}
    _refuses(
        engine,
        f"fk_{modele.__tablename__}_acteur_id_diffusion",
        lambda session, acteur: session.execute(
            insert(modele).values(valeurs | cle | {"acteur_id": acteur})
        ),
    )


def test_a_record_cannot_become_zone_while_its_door_is_stored(engine: Engine) -> None:
    with transaction(engine) as session:
        saisie = accueil(site_web="", acces="orientation")
        registre.create_acteur(session, saisie, par="essai", moyen="essai")
    with pytest.raises(IntegrityError, match="zone"), transaction(engine) as session:
        session.execute(update(Acteur).values(diffusion="zone"))


@pytest.mark.parametrize(
    ("contrainte", "ordre"),
    [
        ("ck_version_une_ligne", insert(Version).values(id=2, n=0)),
        ("ck_version_n", update(Version).values(n=-1)),
        ("uq_acteur_slug", update(Acteur).values(slug="accueil-la-mure")),
        ("ck_revision_avant", update(Revision).values(avant={})),
        ("ck_revision_numero", update(Revision).values(numero=0, avant={})),
        ("uq_revision_acteur_id_numero", update(Revision).values(numero=2, avant={}, acteur_id=1)),
        ("fk_participation_periode_objectif", update(Participation).values(objectif=99)),
        ("fk_revision_acteur_id", update(Revision).where(Revision.id == 1).values(acteur_id=99)),
        ("ck_capacite_places", update(Capacite).values(places_total=-1)),
        ("ck_contact_valeur", update(Contact).values(valeur="")),
        ("uq_contact_acteur_id_rang", update(Contact).values(rang=0)),
    ],
)
def test_what_holds_for_every_record(engine: Engine, contrainte: str, ordre: Executable) -> None:
    with transaction(engine) as session:
        for slug in ("accueil-la-mure", "accueil-mens"):
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
        premier = session.execute(select(Acteur.id).order_by(Acteur.id)).scalars().first()
        assert premier == 1
    with pytest.raises(IntegrityError) as erreur, transaction(engine) as session:
        session.execute(ordre)
    refus = str(erreur.value).replace(".", "_").replace(", ", "_")
    assert contrainte.removeprefix("uq_") in refus or "FOREIGN KEY" in refus or "UNIQUE" in refus
