"""The form of a record, without web and without base: what is not touched does not change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
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
from cartographie.errors import AdresseAmbigue, AdresseIntrouvable, GeocodeurInjoignable
from cartographie.geocodage import Geocodeur, GeocodeurCommunes
from cartographie.referentiel import Referentiel
from cartographie.saisies import Contexte, Lecture, ecrire, lire, lire_creation, slug_neutre
from cartographie.saisies.semaine import Tableau, ecrire_osm, lire_horaires, tableau_de
from cartographie.validation import valider
from tests.fabrique import CC_MATHEYSINE, GRENOBLE, PORTE, accueil, refuge

JOUR = date(2026, 3, 10)


class Geocodage:
    """Answers what it is told, and counts how often it is asked."""

    def __init__(self, reponse: Localisation | Exception) -> None:
        self.reponse = reponse
        self.questions: list[tuple[str, str, str]] = []

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        self.questions.append((adresse, code_postal, commune or code_insee))
        if isinstance(self.reponse, Exception):
            raise self.reponse
        return replace(self.reponse, adresse=adresse)


Lire = Callable[..., Lecture]


@pytest.fixture
def relire(referentiel: Referentiel) -> Lire:
    """Post the form of a record with some fields changed; None takes a field away."""

    def faire(saisie: Saisie, geocodeur: Geocodeur | None = None, **changes: Any) -> Lecture:  # noqa: ANN401
        champs: dict[str, Any] = dict(ecrire(saisie, referentiel.communes))
        for nom, valeur in changes.items():
            champs[nom] = valeur if isinstance(valeur, list) else [valeur]
        par_defaut = GeocodeurCommunes(referentiel.communes)
        contexte = Contexte(referentiel, geocodeur or par_defaut, JOUR, "Camille")
        return lire(champs, saisie, contexte)

    return faire


def messages(lecture: Lecture) -> dict[str, str]:
    return {faute.champ: faute.message for faute in lecture.fautes}


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


# ── addresses and points ──

TROUVEE = Localisation(
    5.79, 44.9, Precision.ADRESSE, "", "38350", "La Mure", "38269", CC_MATHEYSINE, "BAN, score 0,92"
)


def test_another_address_is_geocoded_with_its_score(relire: Lire) -> None:
    geocodeur = Geocodage(TROUVEE)
    lecture = relire(accueil(), geocodeur, **{"implantations.0.adresse": "3 rue Neuve"})
    assert geocodeur.questions == [("3 rue Neuve", "38350", "La Mure")]
    assert lecture.saisie.implantations[0].localisation == replace(TROUVEE, adresse="3 rue Neuve")
    (avis,) = lecture.avis
    assert (avis.champ, avis.reussi) == ("implantations.0.adresse", True)
    assert "0,92" in avis.message


@pytest.mark.parametrize(
    ("erreur", "raison"),
    [
        (AdresseIntrouvable("Pas trouvée."), "adresse introuvable"),
        (AdresseAmbigue("Plusieurs adresses."), "adresse ambiguë"),
        (GeocodeurInjoignable("Pas de réponse."), "géocodeur injoignable"),
    ],
)
def test_each_failure_of_the_geocoder_keeps_the_door_at_its_commune(
    relire: Lire, referentiel: Referentiel, erreur: Exception, raison: str
) -> None:
    lecture = relire(accueil(), Geocodage(erreur), **{"implantations.0.adresse": "3 rue Neuve"})
    lieu = lecture.saisie.implantations[0].localisation
    assert (lieu.precision, lieu.adresse) == (Precision.COMMUNE, "3 rue Neuve")
    assert lieu.source == f"mairie de la commune ({raison})"
    assert str(erreur) in lecture.avis[0].message
    assert not lecture.avis[0].reussi
    assert valider(lecture.saisie, referentiel, {}) == ()


def test_an_uncertain_answer_is_a_commune_and_says_its_score(
    relire: Lire, referentiel: Referentiel
) -> None:
    mure = GeocodeurCommunes(referentiel.communes).geocoder("", "", "La Mure")
    incertain = replace(mure, source="commune, adresse incertaine (BAN, score 0,45)")
    lecture = relire(accueil(), Geocodage(incertain), **{"implantations.0.adresse": "rue du Bout"})
    assert lecture.saisie.implantations[0].localisation.precision is Precision.COMMUNE
    assert "0,45" in lecture.avis[0].message
    assert not lecture.avis[0].reussi


def test_a_point_typed_by_hand_asks_nobody(relire: Lire, referentiel: Referentiel) -> None:
    jamais = Geocodage(AssertionError())
    lecture = relire(
        accueil(),
        jamais,
        **{"implantations.0.longitude": "5,79", "implantations.0.latitude": "44.905"},
    )
    lieu = lecture.saisie.implantations[0].localisation
    assert (lieu.longitude, lieu.latitude, lieu.precision) == (5.79, 44.905, Precision.ADRESSE)
    assert lieu.source == "point indiqué à la main"
    assert (lieu.adresse, lieu.code_insee) == ("12 rue des Alpes", "38269")
    assert valider(lecture.saisie, referentiel, {}) == ()


@pytest.mark.parametrize(
    ("longitude", "latitude", "champ"),
    [("ici", "44,9", "longitude"), ("5,7", "nan", "latitude"), ("4,9", "45,5", "longitude")],
)
def test_a_point_that_cannot_be_right_is_refused(
    relire: Lire, longitude: str, latitude: str, champ: str
) -> None:
    changes = {"implantations.0.longitude": longitude, "implantations.0.latitude": latitude}
    assert f"implantations.0.{champ}" in messages(relire(accueil(), **changes))


def test_a_point_alone_says_its_commune(relire: Lire) -> None:
    point = {"implantations.1.longitude": "5,7245", "implantations.1.latitude": "45,1885"}
    nouvelle = relire(accueil(), **point).saisie.implantations[1].localisation
    assert (nouvelle.commune, nouvelle.code_insee) == ("Grenoble", GRENOBLE)


def test_an_unknown_commune_is_said_beside_its_field_with_near_matches(relire: Lire) -> None:
    lecture = relire(accueil(), **{"implantations.0.commune": "Grenobel-sur-Lac"})
    assert "implantations.0.commune" in messages(lecture)


def test_a_second_door_is_added_and_the_first_taken_away(
    relire: Lire, referentiel: Referentiel
) -> None:
    lecture = relire(
        accueil(), **{"implantations.0.retirer": "1", "implantations.4.commune": "Vienne (38200)"}
    )
    (porte,) = lecture.saisie.implantations
    assert (porte.localisation.commune, porte.localisation.precision) == (
        "Vienne",
        Precision.COMMUNE,
    )
    malade = replace(lecture.saisie, implantations=(replace(porte, telephone="9"),))
    (faute,) = lecture.a_l_ecran(valider(malade, referentiel, {}))
    assert faute.champ == "implantations.4.telephone"


def test_a_zone_is_chosen_in_a_list_and_never_geocoded(
    relire: Lire, referentiel: Referentiel
) -> None:
    jamais = Geocodage(AssertionError())
    lecture = relire(refuge(), jamais, **{"implantations.0.zone": f"epci:{CC_MATHEYSINE}"})
    (porte,) = lecture.saisie.implantations
    assert porte.localisation.precision is Precision.EPCI
    assert valider(lecture.saisie, referentiel, {}) == ()
    # A commune of less than 5,000 inhabitants is no zone.
    assert "implantations.0.zone" in messages(
        relire(refuge(), jamais, **{"implantations.0.zone": "commune:38269"})
    )


def test_an_internal_record_never_meets_a_geocoder(relire: Lire) -> None:
    jamais = Geocodage(AssertionError())
    saisie = accueil(diffusion=Diffusion.INTERNE)
    lecture = relire(saisie, jamais, **{"implantations.0.adresse": "3 rue Neuve"})
    assert jamais.questions == []
    assert lecture.saisie.implantations[0].localisation.precision is Precision.COMMUNE


# ── hours ──


@pytest.mark.parametrize(
    "osm",
    [
        "24/7",
        "Mo-Fr 09:00-17:00",
        "Mo,Fr 09:30-17:00",
        "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off",
        "Mo,Tu,Th,Fr 09:00-12:00; PH 10:00-12:00",
        "Fr 22:00-02:00",
    ],
)
def test_the_table_holds_plain_weeks(osm: str) -> None:
    tableau = tableau_de(osm)
    assert tableau is not None
    assert ecrire_osm(tableau) == osm


PLAGES = st.sampled_from(
    ((), ((540, 720),), ((540, 720), (840, 1020)), ((600, 1440),), ((1320, 120),))
)
TABLEAUX = st.builds(Tableau, st.tuples(*[PLAGES] * 7), st.one_of(st.none(), PLAGES))


@given(tableau=TABLEAUX)
def test_any_table_is_written_and_read_back(tableau: Tableau) -> None:
    assert (tableau_de(ecrire_osm(tableau)) or Tableau()) == tableau


def test_hours_typed_anyhow_are_understood(relire: Lire) -> None:
    changes = {f"contacts.0.semaine.{j}.{i}": "" for j in ("Tu", "We", "Th", "Fr") for i in (0, 1)}
    changes |= {"contacts.0.semaine.Mo.0": "9h", "contacts.0.semaine.Mo.1": "midi"}
    changes |= {"contacts.0.semaine.Mo.2": "13 h 30", "contacts.0.semaine.Mo.3": "1730"}
    changes |= {"contacts.0.feries": "ferme"}
    saisie = relire(accueil(), **changes).saisie
    assert saisie.contacts[0].horaires == "Mo 09:00-12:00,13:30-17:30; PH off"
    assert saisie.implantations == (PORTE,)


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"semaine.Mo.0": "neuf heures"}, "semaine.Mo.0"),
        ({"semaine.Mo.0": "14:00", "semaine.Mo.1": "12:00"}, "semaine.Mo.1"),
        ({"semaine.Mo.2": "11:00", "semaine.Mo.3": "13:00"}, "semaine.Mo.2"),
        ({"feries": "ouvert"}, "semaine.PH.0"),
        ({"semaine.PH.0": "9", "semaine.PH.1": "12"}, "feries"),
        ({"permanent": "1"}, "permanent"),
        ({"horaires": "n’importe quoi"}, "horaires"),
        ({"horaires": "24/7", "semaine.Mo.0": "8:00"}, "horaires"),
    ],
)
def test_hours_that_cannot_be_told_are_refused_where_they_were_typed(
    relire: Lire, changes: dict[str, str], champ: str
) -> None:
    voulus = {f"contacts.0.{nom}": valeur for nom, valeur in changes.items()}
    assert f"contacts.0.{champ}" in messages(relire(accueil(), **voulus))


def test_osm_hours_may_be_typed_when_the_table_cannot_hold_them() -> None:
    saison = "Jan-Mar Mo 09:00-12:00"
    champs = {"x.horaires": [saison]}
    assert lire_horaires(champs, "x", "", []) == saison
    assert lire_horaires({"x.horaires": [""]}, "x", saison, []) == ""
    tableau = {"x.horaires": [saison], "x.semaine.Mo.0": ["9"], "x.semaine.Mo.1": ["12"]}
    assert lire_horaires(tableau, "x", saison, []) == "Mo 09:00-12:00"


def test_hours_just_written_are_of_today(relire: Lire) -> None:
    changes = {"implantations.0.semaine.Sa.0": "9", "implantations.0.semaine.Sa.1": "12"}
    (porte,) = relire(accueil(), **changes).saisie.implantations
    assert porte.horaires_date == "2026-03-10"


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


# ── creation ──


def test_a_creation_is_a_draft_with_a_neutral_slug(referentiel: Referentiel) -> None:
    demande = {"nom": ["Maison des Femmes de l’Isère"], "type": ["LEAO"], "diffusion": ["publique"]}
    creation = lire_creation(demande, {"maison-l-isere"}, referentiel.vocabulaire)
    assert creation.saisie is not None
    assert (creation.saisie.statut, creation.saisie.diffusion) == (
        Statut.BROUILLON,
        Diffusion.PUBLIQUE,
    )
    assert "femme" not in creation.saisie.slug
    assert valider(creation.saisie, referentiel, {}) == ()


def test_a_hidden_place_has_a_slug_that_tells_nothing(referentiel: Referentiel) -> None:
    demande = {"nom": ["Foyer de Mens"], "type": ["HEBERGEMENT"], "diffusion": ["zone"]}
    saisie = lire_creation(demande, (), referentiel.vocabulaire).saisie
    assert saisie is not None
    assert saisie.slug.startswith("hebergement-")
    assert "mens" not in saisie.slug
    public = lire_creation(demande | {"diffusion": ["publique"]}, (), referentiel.vocabulaire)
    assert [faute.champ for faute in public.fautes] == ["diffusion"]


def test_an_empty_creation_lists_what_is_missing(referentiel: Referentiel) -> None:
    fautes = lire_creation({}, (), referentiel.vocabulaire).fautes
    assert [faute.champ for faute in fautes] == ["nom", "type", "diffusion"]


@given(nom=st.text(max_size=300))
def test_any_name_gives_a_slug_that_may_be_kept(referentiel: Referentiel, nom: str) -> None:
    for texte in (nom, f"victimes {nom} femmes"):
        saisie = accueil(slug=slug_neutre(texte, "LEAO", ()))
        assert [f for f in valider(saisie, referentiel, {}) if f.champ == "slug"] == []
