"""The journal of security: each thing has its line, and nothing of a request gets into it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import pytest

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.config import RACINE
from cartographie.database import transaction
from cartographie.web.vigie import Fait
from tests.comptes import (
    EVE,
    MOT_DE_PASSE,
    Gestion,
    Navigateur,
    champ_cache,
    creer_compte,
    entrer,
    totp_du_moment,
)
from tests.partenaire import FAUX

# What would break a line, write another, colour a terminal or run on a page.
HOSTILE = 'Zyx"\r\n{"fait": "connexion"}\n\u2028\u202e<script>\x1b[31m${7}'
ADRESSE = "192.0.2.77"
MILIEU = {"REMOTE_ADDR": ADRESSE}
INSTANT = re.compile(r"2026-03-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
NOUVEAU = "orage citron lampe violon"


@dataclass
class Monde:
    """Who does things, and what was written meanwhile."""

    gestion: Gestion
    caplog: pytest.LogCaptureFixture
    eve: Compte
    alain: Compte
    vus: set[str] = field(default_factory=set)
    lignes: list[str] = field(default_factory=list)

    def qui(self, compte: Compte | None = None) -> Navigateur:
        """A browser at an address that must not be told."""
        qui = Navigateur(self.gestion.app)
        qui.client.environ_base |= MILIEU | {"HTTP_USER_AGENT": "Zyx"}
        if compte is not None:
            entrer(qui, compte.courriel)
        return qui

    @contextmanager
    def note(self, fait: Fait, compte: Compte | None, vise: Compte | None = None) -> Iterator[None]:
        """One line and no more: what happened, who did it, to whom."""
        self.caplog.clear()
        yield
        ecrites = [r.getMessage() for r in self.caplog.records if r.name == "cartographie.vigie"]
        assert len(ecrites) == 1, (fait, ecrites)
        assert ecrites[0].isascii()
        assert ecrites[0].isprintable()
        ligne = json.loads(ecrites[0])
        assert INSTANT.fullmatch(ligne.pop("instant"))
        route = ligne.pop("route")
        assert route in self.gestion.app.view_functions
        attendue = {"journal": "securite", "fait": fait, "compte": compte and compte.id}
        assert ligne == attendue | ({"vise": vise.id} if vise else {})
        self.vus.add(fait)
        self.lignes += ecrites


@pytest.fixture
def monde(gestion: Gestion, eve: Compte, caplog: pytest.LogCaptureFixture) -> Monde:
    return Monde(gestion, caplog, eve, creer_compte(gestion.app, "administrateur"))


def alain(monde: Monde) -> Navigateur:
    """The administrator, through both factors."""
    qui = monde.qui()
    etape = champ_cache(entrer(qui, monde.alain.courriel).text, "etape")
    monde.gestion.horloge.avance(minutes=1)
    code = totp_du_moment(monde.gestion, monde.alain.totp_secret)
    with monde.note(Fait.CONNEXION_DEUX_FACTEURS, monde.alain):
        qui.client.post("/gestion/connexion/code", data={"etape": etape, "code": code})
    return qui


def connexions(monde: Monde) -> None:
    eve, qui = monde.eve, monde.qui()
    with monde.note(Fait.CONNEXION, eve):
        entrer(qui, suite=HOSTILE)
    with monde.note(Fait.CONNEXION_REFUSEE, eve):
        entrer(monde.qui(), EVE, HOSTILE)
    with monde.note(Fait.CONNEXION_REFUSEE, None):
        entrer(monde.qui(), HOSTILE, HOSTILE)
    volee = qui.client.get_cookie("carto")
    assert volee is not None
    jeton = champ_cache(qui.get("/gestion/profil").text, "csrf_token")
    with monde.note(Fait.JETON_REFUSE, eve):
        qui.client.post("/gestion/acteurs/nouveau", data={"nom": HOSTILE, "csrf_token": HOSTILE})
    with monde.note(Fait.DECONNEXION, eve):
        qui.client.post("/gestion/deconnexion", data={"csrf_token": jeton})
    for valeur in (volee.value, "Zyx.faux.cookie"):
        qui.client.set_cookie("carto", valeur)
        with monde.note(Fait.SESSION_REFUSEE, None):
            qui.get("/gestion/profil", query_string={"q": HOSTILE})


def codes_et_liens(monde: Monde) -> None:
    qui = monde.qui()
    etape = champ_cache(entrer(qui, monde.alain.courriel).text, "etape")
    with monde.note(Fait.CODE_REFUSE, monde.alain):
        qui.client.post("/gestion/connexion/code", data={"etape": etape, "code": HOSTILE})
    champs = {"jeton": HOSTILE, "mot_de_passe": NOUVEAU, "mot_de_passe_bis": NOUVEAU}
    for chemin, donnees in (
        ("/gestion/connexion/code", {"etape": HOSTILE}),
        ("/gestion/invitation", champs),
        (FAUX, {"geste": "exact"}),
    ):
        with monde.note(Fait.LIEN_REFUSE, None):
            qui.client.post(chemin, data=donnees)
    for chemin in (FAUX, "/gestion/invitation?jeton=Zyx"):
        with monde.note(Fait.LIEN_REFUSE, None):
            qui.get(chemin)
    with transaction(monde.gestion.engine) as base:
        jeton = comptes.invite(base, monde.eve.id, monde.gestion.horloge())
    with monde.note(Fait.MOT_DE_PASSE_CHANGE, monde.eve):
        champs = {"jeton": jeton, "mot_de_passe": MOT_DE_PASSE, "mot_de_passe_bis": MOT_DE_PASSE}
        qui.client.post("/gestion/invitation", data=champs)


def profil(monde: Monde) -> None:
    qui = monde.qui(monde.eve)
    with monde.note(Fait.MOT_DE_PASSE_REFUSE, monde.eve):
        qui.poster("/gestion/profil/mot-de-passe", {"mot_de_passe": HOSTILE})
    with monde.note(Fait.SESSIONS_FERMEES, monde.eve):
        qui.poster(
            "/gestion/profil/connexions", {"connexion": "999999", "mot_de_passe": MOT_DE_PASSE}
        )
    page = qui.get("/gestion/profil/second-facteur").text
    secret = champ_cache(page, "code_secret")
    code = totp_du_moment(monde.gestion, secret)
    with monde.note(Fait.SECOND_FACTEUR_CHANGE, monde.eve):
        qui.poster("/gestion/profil/second-facteur", {"code_secret": secret, "code": code})
    with monde.note(Fait.SECOND_FACTEUR_CHANGE, monde.eve):
        mot = {"mot_de_passe": MOT_DE_PASSE}
        qui.poster("/gestion/profil/second-facteur/retirer", mot)


def administration(monde: Monde) -> None:
    qui, eve = alain(monde), monde.eve
    with monde.note(Fait.COMPTE_INVITE, monde.alain, eve):
        qui.poster(f"/gestion/comptes/{eve.id}/lien")
    with monde.note(Fait.ROLE_CHANGE, monde.alain, eve):
        qui.poster(f"/gestion/comptes/{eve.id}/role", {"role": "editeur"})
    with monde.note(Fait.COMPTE_FERME, monde.alain, eve):
        qui.poster(f"/gestion/comptes/{eve.id}/fermer")
    with monde.note(Fait.COMPTE_ROUVERT, monde.alain, eve):
        qui.poster(f"/gestion/comptes/{eve.id}/rouvrir")
    with monde.note(Fait.EXPORT_COMPLET, monde.alain):
        qui.get("/gestion/export.csv")


def refus(monde: Monde) -> None:
    qui, eve = monde.qui(monde.eve), monde.eve
    with monde.note(Fait.ACCES_REFUSE, eve):
        assert qui.get("/gestion/comptes").status_code == 403
    with monde.note(Fait.ORIGINE_REFUSEE, None):
        qui.poster("/gestion/acteurs/nouveau", headers={"Sec-Fetch-Site": "cross-site"})
    with monde.note(Fait.ORIGINE_REFUSEE, None):
        qui.client.post(FAUX, headers={"Origin": "https://zyx.exemple"})
    with monde.note(Fait.DEMANDE_TROP_LONGUE, None):
        qui.get("/gestion/fiches.csv", query_string={"q": HOSTILE * 90})
    fichier = (BytesIO(b"PK\x03\x04" + HOSTILE.encode()), f"{HOSTILE[:3]}.xlsx")
    jeton = champ_cache(qui.get("/gestion/profil").text, "csrf_token")
    with monde.note(Fait.FICHIER_REFUSE, eve):
        qui.client.post("/gestion/imports", data={"fichier": fichier, "csrf_token": jeton})
    for _ in range(3):
        entrer(monde.qui(), EVE, "faux")
    with monde.note(Fait.ESSAIS_FREINES, None):
        assert entrer(monde.qui(), EVE, "faux").status_code == 429


SCENES: tuple[Callable[[Monde], None], ...] = (
    connexions,
    codes_et_liens,
    profil,
    administration,
    refus,
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_each_thing_has_its_line_and_nothing_of_a_request_is_in_it(monde: Monde) -> None:
    for scene in SCENES:
        scene(monde)
        # The next one finds no wait.
        monde.gestion.horloge.avance(minutes=30)
    assert monde.vus == set(Fait)
    ecrit = "".join(monde.lignes)
    for secret in (
        *("Zyx", "zyx", ADRESSE, "192.0", MOT_DE_PASSE, NOUVEAU, "faux", "\\u", "script"),
        *(EVE, monde.alain.courriel, monde.eve.nom, monde.eve.uniquifier, "exemple", "@"),
        *("/gestion", "/partenaires", "eyJ"),
    ):
        assert secret not in ecrit, secret


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_of_a_visitor_there_is_no_line(gestion: Gestion, caplog: pytest.LogCaptureFixture) -> None:
    client = gestion.app.test_client()
    ailleurs = {"Sec-Fetch-Site": "cross-site", "Origin": "https://exemple.fr"}
    statuts = {
        client.get("/?q=" + "a" * 3000).status_code,
        client.get("/absente").status_code,
        client.get("/?lieu=zzz").status_code,
        client.get("/pret").status_code,
        client.post("/acteurs/absent/signaler", headers=ailleurs).status_code,
        client.post("/proches", data=b"a" * 20_000).status_code,
    }
    assert statuts == {400, 403, 404, 413}
    # Nor of somebody who comes to the door and is not known yet.
    assert client.get("/gestion/fiches.csv").status_code == 303
    assert client.get("/gestion/connexion").status_code == 200
    assert [r for r in caplog.records if r.name == "cartographie.vigie"] == []


def test_every_word_of_the_journal_is_explained() -> None:
    document = (RACINE / "docs" / "securite.md").read_text("utf-8")
    expliques = set(re.findall(r"^\| `([a-z-]+)` \|", document, re.MULTILINE))
    assert expliques == {fait.value for fait in Fait}
