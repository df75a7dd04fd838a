"""The form of a record, without web and without base: what is not touched does not change."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import (
    Capacite,
    Contact,
    ContactKind,
    Diffusion,
    Fermeture,
    Implantation,
    Localisation,
    Origine,
    Participation,
    Precision,
    Relais,
    Role,
    Saisie,
    Statut,
    Territoire,
    Trivalent,
)
from cartographie.database import reading
from cartographie.geocodage import GeocodeurCommunes
from cartographie.referentiel import Referentiel
from cartographie.saisies import Contexte, ecrire, lire
from cartographie.validation import valider
from tests.fabrique import CC_MATHEYSINE, GRENOBLE, accueil, refuge
from tests.lectures import JOUR, Geocodage, Lire, messages

pytest_plugins = ("tests.relecture",)


# ── nothing changes by itself ──


def test_the_form_of_each_real_record_changes_nothing(
    base_chargee: Engine, referentiel: Referentiel, relire: Lire
) -> None:
    with reading(base_chargee) as session:
        toutes = registre.saisies(session)
    assert len(toutes) == 139
    jamais = Geocodage(AssertionError("a form that was not touched asks nobody"))
    for saisie in toutes:
        lecture = relire(saisie, jamais)
        assert lecture.fautes == () == lecture.avis
        assert lecture.saisie == saisie
    assert jamais.questions == []


def test_full_records_change_nothing_either(relire: Lire) -> None:
    for saisie in (accueil(), refuge(), accueil(diffusion=Diffusion.INTERNE)):
        assert relire(saisie).saisie == saisie


MOTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
LIGNES = st.lists(MOTS, max_size=3).map("\n".join)
CODES = st.lists(st.sampled_from(("a", "b", "c", "accueil-ecoute")), max_size=4).map(tuple)
HORAIRES = st.one_of(
    st.sampled_from(
        (
            "", "24/7", "Mo-Fr 09:00-12:00,14:00-17:00; PH off", "PH 10:00-12:00", "Mo-Fr off",
            "Jan-Mar Mo 09:00-12:00", 'Sa 10:00-24:00 unknown "?"', "Mo 24:00-24:30",
            " Mo 09:00-10:00",
            "Mo 10:00-12:00,11:00-13:00", "Mo 14:00-12:00", "Fr 22:00-02:00", "Mo,Mo 09:00-10:00",
        )
    ),
    MOTS,
)  # fmt: skip
DEGRES = st.floats(-90, 90, allow_nan=False)
LIEUX = st.builds(
    Localisation, DEGRES, DEGRES, st.sampled_from(Precision), MOTS, MOTS, MOTS, MOTS, MOTS, MOTS
)
FERMETURES = st.builds(Fermeture, st.dates(date(1970, 1, 1)), st.dates(date(1970, 1, 1)), MOTS)
PORTES = st.builds(
    Implantation,
    LIEUX,
    libelle=MOTS,
    horaires=HORAIRES,
    horaires_date=MOTS,
    fermetures=st.lists(FERMETURES, max_size=2).map(tuple),
    telephone=MOTS,
)
CONTACTS = st.builds(
    Contact,
    st.sampled_from(ContactKind),
    MOTS.filter(lambda texte: bool(texte.strip())),
    MOTS,
    HORAIRES,
)
PARTS = st.builds(
    Participation,
    st.sampled_from(("2022-2024", "2026-2028")),
    st.integers(1, 99),
    st.sampled_from(Role),
    st.sampled_from(Origine),
    st.sampled_from(("", "2.2")),
    MOTS,
)
SAISIES = st.builds(
    accueil,
    nom=MOTS,
    type=MOTS,
    statut=st.sampled_from(Statut),
    description=LIGNES,
    notes_internes=LIGNES,
    missions=CODES,
    rendez_vous=st.sampled_from(Trivalent),
    territoire=st.one_of(
        st.none(),
        st.builds(
            Territoire,
            st.lists(st.sampled_from((GRENOBLE, "38269", "99999")), max_size=2).map(tuple),
            st.lists(st.sampled_from((CC_MATHEYSINE, "1")), max_size=2).map(tuple),
            st.booleans(),
        ),
    ),
    source_date=MOTS,
    implantations=st.lists(PORTES, max_size=3).map(tuple),
    contacts=st.lists(CONTACTS, max_size=3).map(tuple),
    capacites=st.lists(st.builds(Capacite, st.dates(), st.integers(0, 9)), max_size=2).map(tuple),
    participations=st.lists(PARTS, max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(saisie=SAISIES)
def test_no_record_changes_by_being_shown(referentiel: Referentiel, saisie: Saisie) -> None:
    jamais = Geocodage(AssertionError())
    lecture = lire(
        ecrire(saisie, referentiel.communes), saisie, Contexte(referentiel, jamais, JOUR, "Camille")
    )
    assert lecture.fautes == ()
    assert lecture.saisie == saisie


CLES = st.sampled_from(
    (
        "nom", "acces", "fin", "territoire", "territoire.communes", "implantations.0.base",
        "implantations.0.commune", "implantations.0.longitude", "implantations.0.latitude",
        "implantations.999.adresse", "implantations.x.adresse",
        "implantations.0.fermetures.0.debut",
        "contacts.1.valeur", "contacts.1.kind", "participations.0.cible", "participations.7.cible",
        "contacts.0.semaine.Mo.0", "contacts.0.horaires", "rendez_vous", "implantations.0.zone",
    )
)  # fmt: skip
TAPES = st.one_of(
    MOTS,
    st.sampled_from(("1e400", "nan", "²", "٣", "9" * 400, "2022-2024/²", "12:99", "\x00", "0")),
)


@settings(max_examples=200, deadline=None)
@given(changes=st.dictionaries(CLES, st.lists(TAPES, max_size=2)), zone=st.booleans())
def test_nothing_that_is_posted_breaks_the_reading(
    referentiel: Referentiel, changes: dict[str, list[str]], zone: bool
) -> None:
    saisie = refuge() if zone else accueil()
    champs = ecrire(saisie, referentiel.communes) | changes
    contexte = Contexte(referentiel, GeocodeurCommunes(referentiel.communes), JOUR, "Camille")
    lecture = lire(champs, saisie, contexte)
    lecture.a_l_ecran(valider(lecture.saisie, referentiel, {}))
    lu = lecture.saisie
    assert (lu.slug, lu.statut, lu.diffusion) == (saisie.slug, saisie.statut, saisie.diffusion)


# ── what may not be changed here ──


def test_forged_fields_change_nothing(relire: Lire) -> None:
    forges = {"slug": "autre", "statut": "archive", "diffusion": "publique", "verifie_par": "X"}
    forges |= {"revision": "99", "capacites.0.places_total": "3", "verifie_le": "2026-01-01"}
    forges |= {"contacts.0.valeur": "04 76 00 00 00", "site_web": "https://x.fr"}
    assert relire(refuge(), **forges).saisie == refuge()
    forges = {"participations.0.origine": "nommee", "implantations.0.precision": "commune"}
    assert relire(accueil(), **forges).saisie == accueil()


def test_a_form_cut_on_its_way_changes_nothing(relire: Lire) -> None:
    lecture = relire(accueil(), fin="")
    assert lecture.saisie == accueil()
    assert "incomplet" in messages(lecture)[""]


# ── the rest ──


def test_a_closure_may_be_a_day_and_is_typed_as_one_writes(relire: Lire) -> None:
    bloc = "implantations.0.fermetures"
    lecture = relire(accueil(), **{f"{bloc}.3.debut": "14/7/2026", f"{bloc}.5.debut": "bientôt"})
    assert lecture.saisie.implantations[0].fermetures[1] == Fermeture(
        date(2026, 7, 14), date(2026, 7, 14)
    )
    assert f"{bloc}.5.debut" in messages(lecture)


def test_a_touched_participation_is_declared_the_others_stay(relire: Lire) -> None:
    lecture = relire(
        accueil(),
        **{"participations.1.role": "pilote", "participations.9.cible": "2022-2024/22"},
    )
    nommee, touchee, ajoutee = lecture.saisie.participations
    assert nommee == accueil().participations[0]
    assert touchee == Participation("2022-2024", 5, Role.PILOTE, Origine.DECLAREE)
    assert ajoutee == Participation("2022-2024", 22, Role.ACTEUR, Origine.DECLAREE)


def test_territoire_may_be_unknown_whole_or_listed(relire: Lire) -> None:
    assert relire(accueil(), territoire="inconnu").saisie.territoire is None
    assert relire(accueil(), territoire="departement").saisie.territoire == Territoire(
        epci=(CC_MATHEYSINE,), departement=True
    )
    liste = {
        "territoire": "liste",
        "territoire.epci": [],
        "territoire.communes": "Grenoble\r\nMens",
    }
    assert relire(accueil(), **liste).saisie.territoire == Territoire((GRENOBLE, "38226"))
    assert "territoire.communes" in messages(
        relire(accueil(), **(liste | {"territoire.communes": "Zzz"}))
    )
    oubli = {"territoire": "inconnu", "territoire.communes": "Grenoble"}
    assert "territoire" in messages(relire(accueil(), **oubli))


def test_the_box_verifies_today_in_the_name_of_who_edits(relire: Lire) -> None:
    saisie = relire(accueil(), verifie_aujourdhui="1").saisie
    assert (saisie.verifie_le, saisie.verifie_par) == (JOUR, "Camille")


def test_the_public_line_of_a_zone_is_edited(relire: Lire) -> None:
    changes = {"relais.telephone": "04 76 00 00 00", "relais.libelle": "SIAO"}
    attendu = Relais("SIAO", "04 76 00 00 00", "24/7")
    assert relire(refuge(), **changes).saisie.relais == attendu
    vide = {
        "relais.telephone": "",
        "relais.libelle": "",
        "relais.permanent": [],
        "relais.horaires": "",
    }
    assert relire(refuge(), **vide).saisie.relais is None
