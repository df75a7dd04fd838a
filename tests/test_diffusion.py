"""Who may know a record: what lowering erases is found nowhere any more. On both engines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import propositions, registre
from cartographie.acteurs import (
    Acces,
    Diffusion,
    Localisation,
    Precision,
    Relais,
    Saisie,
    Territoire,
)
from cartographie.database import compact, reading, transaction
from cartographie.depots import Depot, MotifDepot, OrigineDepot
from cartographie.errors import ConflitError, SaisieError
from cartographie.protocole_db import add_releve
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from cartographie.serialisation import to_dict
from tests.diffusion import DEMANDE, create, lower, read, write
from tests.fabrique import LA_MURE, LE_115, PORTE, accueil
from tests.mondes.chiffres import CHIFFRE, PERIODE
from tests.mondes.traces import LE_POINT, SECRETS, SLUG, contenu, lieu_secret, traces


def test_an_earlier_state_can_be_read_after_figures_and_proposals_went(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret(participations=()))
    depot = Depot(SLUG, OrigineDepot.PUBLIC, MotifDepot.AUTRE, "Le numéro a changé.")
    with transaction(engine) as session:
        chiffre = replace(CHIFFRE, acteur=SLUG)
        add_releve(session, PERIODE, chiffre, par="camille", moyen="essai")
        propositions.submit(session, depot, referentiel, maintenant=datetime.now(UTC))
    assert {"releves", "propositions"} <= set(lower(engine, referentiel))
    with reading(engine) as session:
        rendue, revision = registre.restorable(session, SLUG, 1)
    assert (rendue.diffusion, rendue.contacts, revision) == (Diffusion.ZONE, (), 2)


def test_the_search_for_traces_sees_them_all_before_anything_is_erased(engine: Engine) -> None:
    create(engine, lieu_secret())
    trouvees = traces(contenu(engine))
    assert {nom for nom, _ in trouvees} == {*SECRETS, LE_POINT}
    if engine.dialect.name == "sqlite":
        assert {(LE_POINT, "double"), (LE_POINT, "7 décimales")} <= set(trouvees)


def test_a_lowered_record_leaves_no_trace_of_its_place(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret())
    for tour in range(8):
        autre = lieu_secret(description=f"Au 12 Grand’Rue des Épinettes. {'Écoute. ' * tour * 12}")
        write(engine, autre, tour + 1)
    write(engine, lieu_secret(), 9)
    create(engine, *(accueil(f"voisin-{n}", contacts=(), implantations=()) for n in range(4)))
    lower(engine, referentiel, lue=10)
    assert traces(contenu(engine)) == []
    assert compact(engine, ("acteur", "revision", "implantation", "contact"))
    assert traces(contenu(engine)) == []
    with reading(engine) as session:
        ecritures = registre.history(session, SLUG)
    etats = [to_dict(s) for e in ecritures for s in (e.avant, e.apres) if s is not None]
    assert traces(json.dumps(etats, ensure_ascii=False).encode()) == []
    assert traces(json.dumps(etats).encode()) == []


def test_nothing_is_left_in_the_file_even_before_the_transaction_is_compacted(
    engine: Engine, referentiel: Referentiel, tmp_path: Path
) -> None:
    create(engine, lieu_secret())
    lower(engine, referentiel)
    assert traces(contenu(engine)) == []
    for fichier in tmp_path.rglob("*"):
        if fichier.is_file():
            assert traces(fichier.read_bytes()) == [], fichier.name


def test_a_lowered_record_is_its_zone_and_its_relais(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret())
    champs = lower(engine, referentiel)
    saisie, revision = read(engine)
    assert revision == 2
    assert (saisie.diffusion, saisie.acces, saisie.relais) == (
        Diffusion.ZONE,
        Acces.ORIENTATION,
        LE_115,
    )
    (porte,) = saisie.implantations
    epci = referentiel.communes.epci("200040657")
    assert epci is not None
    assert porte.localisation == Localisation(
        epci.longitude, epci.latitude, Precision.EPCI, code_epci=epci.code
    )
    assert (saisie.contacts, saisie.capacites, saisie.site_web) == ((), (), "")
    assert saisie.source == "annuaire.exemple.fr"
    assert set(champs) >= {"implantations", "contacts", "capacites", "site_web", "source"}


def test_a_commune_of_five_thousand_inhabitants_is_its_own_zone(
    engine: Engine, referentiel: Referentiel
) -> None:
    voiron = referentiel.communes.insee("38563")
    assert voiron is not None
    porte = replace(
        PORTE,
        localisation=replace(PORTE.localisation, code_insee="38563", code_epci=voiron.epci),
    )
    create(engine, lieu_secret(implantations=(porte,)))
    lower(engine, referentiel)
    lieu = read(engine)[0].implantations[0].localisation
    assert (lieu.commune, lieu.code_insee, lieu.precision) == ("Voiron", "38563", Precision.COMMUNE)
    assert (lieu.longitude, lieu.latitude) == (voiron.longitude, voiron.latitude)


def test_the_ledger_names_fields_and_holds_no_value(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret())
    champs = lower(engine, referentiel)
    with reading(engine) as session:
        (ligne,) = registre.ledger(session, SLUG)
    assert (ligne.champs, ligne.diffusion, ligne.revision) == (champs, Diffusion.ZONE, 2)
    assert set(ligne.champs) <= set(Saisie.__slots__)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("description", "Au 12 rue des Alpes, au fond de la cour."),
        ("conditions", "Sonner au 38350."),
        ("frais", "À Susville, 2 € par nuit"),
        ("nom", "Accueil de La Mure"),
        ("notes_internes", "Appeler le 04 76 30 99 87."),
    ],
)
@pytest.mark.parametrize("vers", [Diffusion.ZONE, Diffusion.INTERNE])
def test_a_text_that_says_where_it_is_stops_the_lowering(
    engine: Engine, referentiel: Referentiel, champ: str, valeur: str, vers: Diffusion
) -> None:
    avant = lieu_secret(**{champ: valeur})
    create(engine, avant)
    with pytest.raises(SaisieError) as refus:
        lower(engine, referentiel, replace(DEMANDE, vers=vers))
    assert {faute.champ for faute in refus.value.fautes} == {champ}
    assert read(engine) == (avant, 1)
    corrige = replace(DEMANDE, vers=vers, textes={champ: "Écoute."})
    assert champ in lower(engine, referentiel, corrige)
    assert getattr(read(engine)[0], champ) == "Écoute."
    assert valeur.encode() not in contenu(engine)


def test_a_zone_needs_a_line_that_somebody_chose(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, lieu_secret())
    with pytest.raises(SaisieError, match="relais"):
        lower(engine, referentiel, replace(DEMANDE, relais=None))
    with pytest.raises(SaisieError, match="relais"):
        lower(engine, referentiel, replace(DEMANDE, relais=Relais("Porteur", "pas un numéro")))


def test_a_slug_that_names_the_place_can_only_become_internal(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, replace(lieu_secret(), slug="accueil-la-mure"))
    with transaction(engine) as session, pytest.raises(SaisieError, match="slug"):
        registre.lower(
            session, "accueil-la-mure", DEMANDE, referentiel, revision_lue=1, par="camille"
        )
    with transaction(engine) as session:
        interne = Demande(Diffusion.INTERNE)
        registre.lower(
            session, "accueil-la-mure", interne, referentiel, revision_lue=1, par="camille"
        )
    assert read(engine, "accueil-la-mure")[0].diffusion is Diffusion.INTERNE
    assert traces(contenu(engine)) == []


def test_a_territoire_that_names_a_hidden_commune_becomes_unknown(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret(territoire=Territoire(communes=(LA_MURE,))))
    assert "territoire" in lower(engine, referentiel)
    assert read(engine)[0].territoire is None


def test_lowering_a_stale_record_is_refused(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, lieu_secret())
    write(engine, lieu_secret(frais="Rien"), 1)
    with pytest.raises(ConflitError):
        lower(engine, referentiel, lue=1)
    assert read(engine) == (lieu_secret(frais="Rien"), 2)


def test_restoring_a_state_before_the_lowering_brings_back_nothing_erased(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret(frais="2 €"))
    write(engine, lieu_secret(publics=()), 1)
    lower(engine, referentiel, lue=2)
    with transaction(engine) as session:
        assert registre.restore(session, SLUG, 1, referentiel, revision_lue=3, par="camille")
    saisie, revision = read(engine)
    assert revision == 4
    assert saisie.publics == lieu_secret().publics
    assert (saisie.diffusion, saisie.relais, saisie.contacts) == (Diffusion.ZONE, LE_115, ())
    assert traces(contenu(engine)) == []


def test_a_lowering_cannot_be_undone_with_an_accounts_writes(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret())
    lower(engine, referentiel)
    debut = datetime(2020, 1, 1, tzinfo=UTC)
    with reading(engine) as session:
        essai = registre.plan_undo(session, "camille@exemple.fr", debut, referentiel)
    assert essai.annulables == ()
    assert "La diffusion a changé" in essai.a_reprendre[0].raison
