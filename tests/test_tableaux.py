"""Out and in again, in each format: nothing is lost, and what a file does not say stays."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartographie.acteurs import (
    Capacite,
    Contact,
    ContactKind,
    Fermeture,
    Implantation,
    Localisation,
    Origine,
    Participation,
    Precision,
    Relais,
    Role,
    Saisie,
    Territoire,
    Visibilite,
)
from cartographie.echanges import Lot, fusionner
from cartographie.echanges.cellules import liberer, proteger
from cartographie.echanges.formats import FORMATS
from cartographie.echanges.lecture import csv as lecture_csv
from cartographie.echanges.lecture import geojson, xlsx
from cartographie.referentiel import Referentiel
from tests.fabrique import accueil, refuge
from tests.tableaux import classeur, texte

LECTEURS: dict[str, Callable[[bytes], Lot]] = {
    "csv": lecture_csv.read,
    "xlsx": xlsx.read,
    "geojson": lambda contenu: geojson.read(io.BytesIO(contenu)),
}
# Everything that a validated text may hold, and what formats find hard: signs, blanks, bars.
SIGNES = st.sampled_from("aé’ |\\-='+@;,\"\t_x<&>🏠\u00a0".replace("\t", ""))
COURT = st.one_of(
    st.text(SIGNES, max_size=8), st.sampled_from(["-", "--", "'-", "_x000D_", "0123"])
)
LONG = st.builds(lambda a, b: f"{a}\r\n{b}" if b else a, COURT, COURT)
JOURS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
LIEUX = st.builds(
    Localisation,
    st.floats(5, 6, allow_nan=False),
    st.floats(44.7, 45.9, allow_nan=False),
    st.sampled_from(Precision),
    adresse=COURT,
    code_postal=st.sampled_from(["", "38350", "01000"]),
    commune=COURT,
    code_insee=st.sampled_from(["", "38269", "01053"]),
    source=COURT,
)
SAISIES = st.builds(
    replace,
    st.sampled_from([accueil(), refuge()]),
    nom=COURT.filter(str.strip),
    description=LONG,
    conditions=COURT,
    notes_internes=LONG,
    missions=st.sampled_from([(), ("orientation",), ("accueil-ecoute", "orientation")]),
    source_date=st.sampled_from(["", "2021", "2021-10", "2021-10-05"]),
    verifie_le=st.none() | JOURS,
    territoire=st.none()
    | st.builds(Territoire, st.sampled_from([(), ("38269", "01053")]), st.just(()), st.just(True)),
    relais=st.none() | st.builds(Relais, COURT.filter(bool), st.just("115"), COURT),
    implantations=st.lists(
        st.builds(
            Implantation,
            LIEUX,
            libelle=COURT,
            horaires_date=st.sampled_from(["", "2026-03"]),
            telephone=st.sampled_from(["", "0476300001", "+33476300001", "+33 4 76 30 00 01"]),
            fermetures=st.lists(st.builds(Fermeture, JOURS, JOURS, COURT), max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    contacts=st.lists(
        st.builds(
            Contact,
            st.sampled_from(ContactKind),
            st.sampled_from(["115", "+33476300001", "0476300001", "a@b.fr"]),
            COURT,
            COURT,
            st.sampled_from(Visibilite),
        ),
        max_size=3,
    ).map(tuple),
    capacites=st.lists(
        st.builds(Capacite, JOURS, st.none() | st.integers(0, 99), source=COURT), max_size=2
    ).map(tuple),
    participations=st.lists(
        st.builds(
            Participation,
            st.just("2022-2024"),
            st.integers(1, 25),
            st.sampled_from(Role),
            st.sampled_from(Origine),
            st.sampled_from(["", "2.2"]),
            COURT,
        ),
        max_size=3,
    ).map(tuple),
)
RAPIDE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def aller_retour(cle: str, saisies: Sequence[Saisie], referentiel: Referentiel) -> Lot:
    return LECTEURS[cle](FORMATS[cle].write_complet(saisies, referentiel))


@pytest.mark.parametrize("cle", FORMATS)
@given(saisie=SAISIES)
@RAPIDE
def test_what_is_written_is_read_again_as_new_and_over_itself(
    cle: str, saisie: Saisie, referentiel: Referentiel
) -> None:
    lot = aller_retour(cle, [saisie], referentiel)
    assert lot.erreurs == ()
    (ligne,) = lot.lignes
    assert fusionner(saisie, ligne) == saisie
    assert fusionner(None, ligne) == saisie


@given(texte=st.text(max_size=12).filter(str.strip), formules=st.booleans())
@RAPIDE
def test_a_protected_text_comes_back(texte: str, formules: bool) -> None:
    assert liberer(proteger(texte, formules=formules)) == texte


@pytest.mark.parametrize("cle", FORMATS)
def test_any_column_may_be_dropped_and_nothing_is_lost(cle: str, referentiel: Referentiel) -> None:
    saisies = {s.slug: s for s in (accueil(), refuge())}
    corps = FORMATS[cle].write_complet(saisies.values(), referentiel)
    amputes = list(sans_une_colonne(cle, corps, referentiel))
    assert len(amputes) > 25
    for colonne, ampute in amputes:
        lot = LECTEURS[cle](ampute)
        if colonne == "slug":
            assert lot.lignes == ()
            continue
        assert lot.erreurs == (), colonne
        for ligne in lot.lignes:
            assert fusionner(saisies[ligne.slug], ligne) == saisies[ligne.slug], colonne


def sans_une_colonne(cle: str, corps: bytes, referentiel: Referentiel) -> Any:  # noqa: ANN401
    if cle == "geojson":
        document = json.loads(corps)
        for nom in document["features"][0]["properties"]:
            features = [
                f | {"properties": {n: v for n, v in f["properties"].items() if n != nom}}
                for f in document["features"]
            ]
            yield nom, json.dumps(document | {"features": features}).encode()
        return
    if cle == "xlsx":
        # The same rows as the CSV, through the same reader of rows: its file is written once.
        corps = FORMATS["csv"].write_complet([accueil(), refuge()], referentiel)
    lignes = list(csv.reader(io.StringIO(corps.decode("utf-8-sig"), newline=""), delimiter=";"))
    for rang, nom in enumerate(lignes[0]):
        restes = [ligne[:rang] + ligne[rang + 1 :] for ligne in lignes]
        yield nom, classeur(restes) if cle == "xlsx" else texte(restes)
