"""Editors at once over a real server of two processes: what was acknowledged is never lost.

Each editor writes words that nobody else writes, with a fresh form or with an old one; a conflict
is answered as a person would, by keeping both. Every word whose saving was acknowledged is found
in the last state or in the history, and the history has no hole. Whoever reads meanwhile never
sees a record older than what somebody had been told was saved.
"""

from __future__ import annotations

import random
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from itertools import pairwise
from pathlib import Path
from threading import Event, Lock
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cartographie import registre
from cartographie.acteurs import Saisie
from cartographie.database import make_engine, reading
from cartographie.referentiel import Referentiel
from tests.comptes import MOT_DE_PASSE
from tests.edition import SLUGS, servir
from tests.formulaires import caches, champs

LECTEURS = 2
ESSAIS_MAX = 500
CHAMPS = ("frais", "conditions", "sigle", "description", "contacts.0.libelle")
MOT = re.compile(r"\be\d+-\d+\b")


class SansSuite(urllib.request.HTTPRedirectHandler):
    """What the server answers is what is looked at: no redirect is followed."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Acquis:
    """What was acknowledged: words by record, and the highest revision that anybody was told."""

    mots: list[tuple[str, str]] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SLUGS, 1))
    verrou: Lock = field(default_factory=Lock)

    def ajouter(self, slug: str, mot: str, revision: int) -> None:
        with self.verrou:
            self.mots.append((slug, mot))
            self.revisions[slug] = max(revision, self.revisions[slug])


@dataclass
class Editeur:
    """A person with a browser, signed in once."""

    adresse: str
    courriel: str
    acquis: Acquis
    statuts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sign in as a person does."""
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.navigateur = urllib.request.build_opener(cookies, SansSuite())
        corps = {"courriel": self.courriel, "mot_de_passe": MOT_DE_PASSE}
        statut, _ = self.poster("/gestion/connexion", corps)
        assert statut == 303

    def get(self, chemin: str) -> str:
        with self.navigateur.open(self.adresse + chemin, timeout=60) as reponse:
            return str(reponse.read().decode())

    def poster(self, chemin: str, corps: Mapping[str, object]) -> tuple[int, str]:
        """The status, with the page or the address that it leads to."""
        donnees = urlencode(corps, doseq=True).encode()
        try:
            with self.navigateur.open(self.adresse + chemin, donnees, timeout=60) as reponse:
                return reponse.status, reponse.read().decode()
        except urllib.error.HTTPError as erreur:
            with erreur:
                return erreur.code, erreur.headers["Location"] or erreur.read().decode()

    def travailler(self, editions: int, graine: int) -> None:
        """Edit again and again, sometimes with a form that has grown old."""
        hasard = random.Random(graine)
        moi = self.courriel.partition("@")[0]
        formulaires: dict[str, dict[str, list[str]]] = {}
        for n in range(editions):
            slug = hasard.choice(SLUGS)
            chemin = f"/gestion/acteurs/{slug}"
            if hasard.random() < 0.6 or slug not in formulaires:
                formulaires[slug] = champs(self.get(chemin))
            champ, mot = hasard.choice(CHAMPS), f"{moi}-{n}"
            corps = {**formulaires[slug], champ: [mot], "geste": "enregistrer"}
            statut, suite = self.poster(chemin, corps)
            self.statuts.append(statut)
            for _ in range(ESSAIS_MAX):
                if statut != 409:
                    break
                statut, suite = self.poster(f"{chemin}/conflit", self._choisir(suite))
                self.statuts.append(statut)
            if statut == 303:
                (revision,) = parse_qs(urlsplit(suite).query)["enregistre"]
                self.acquis.ajouter(slug, mot, int(revision))

    def _choisir(self, page: str) -> dict[str, object]:
        """Keep mine where both of us wrote."""
        envoi: dict[str, object] = dict(caches(page, "conflit"))
        for chemin in re.findall(r'name="(choix\.[^"]+)" value="miens"', page):
            envoi.setdefault(chemin, ["miens"])
        return envoi


@dataclass
class Lecteur:
    """Somebody who reads public pages while others write."""

    adresse: str
    acquis: Acquis
    fini: Event
    # Record, highest revision acknowledged before the reading, words read.
    lus: list[tuple[str, int, frozenset[str]]] = field(default_factory=list)

    def lire(self) -> None:
        while not self.fini.wait(0.05):
            for slug in SLUGS:
                avant = self.acquis.revisions[slug]
                with urllib.request.urlopen(f"{self.adresse}/acteurs/{slug}", timeout=60) as page:
                    self.lus.append((slug, avant, frozenset(MOT.findall(page.read().decode()))))


def prouver(
    dossier: Path, adresse_base: str, referentiel: Referentiel, gens: int, editions: int
) -> None:
    acquis, fini = Acquis(), Event()
    with servir(dossier, adresse_base, referentiel, gens) as adresse:
        editeurs = [Editeur(adresse, f"e{n}@exemple.fr", acquis) for n in range(gens)]
        lecteurs = [Lecteur(adresse, acquis, fini) for _ in range(LECTEURS)]
        with ThreadPoolExecutor(gens + LECTEURS) as fils:
            lectures = [fils.submit(lecteur.lire) for lecteur in lecteurs]
            try:
                taches = [fils.submit(e.travailler, editions, n) for n, e in enumerate(editeurs)]
                for tache in taches:
                    tache.result()
            finally:
                fini.set()
            for lecture in lectures:
                lecture.result()
        publics = {slug: editeurs[0].get(f"/acteurs/{slug}") for slug in SLUGS}
    statuts = {statut for editeur in editeurs for statut in editeur.statuts}
    # Stale forms were really there, and nothing but a save or a conflict was ever answered.
    assert statuts == {303, 409}
    assert len(set(acquis.mots)) == gens * editions
    assert all(lecteur.lus for lecteur in lecteurs)
    engine = make_engine(adresse_base)
    for slug in SLUGS:
        with reading(engine) as session:
            ecritures = registre.history(session, slug)
            assert registre.get_saisie(session, slug) == (ecritures[0].apres, ecritures[0].numero)
        juger(ecritures, {mot for s, mot in acquis.mots if s == slug})
        assert ecritures[0].apres.frais in publics[slug]
        for avant, mots in (lu[1:] for lecteur in lecteurs for lu in lecteur.lus if lu[0] == slug):
            # Never older than what anybody had been told before this page was asked for.
            assert any(mots == montres(e.apres) for e in ecritures if e.numero >= avant)
    engine.dispose()


def juger(ecritures: Sequence[registre.Ecriture], mots: set[str]) -> None:
    """One revision for each acknowledged save, none missing, each made on the one before."""
    assert [e.numero for e in ecritures] == list(range(len(mots) + 1, 0, -1))
    assert all(e.avant == avant.apres for e, avant in pairwise(ecritures))
    assert mots <= {mot for e in ecritures for mot in montres(e.apres)}


def montres(saisie: Saisie) -> frozenset[str]:
    """The words of editors that this state of a record holds, and that its page shows."""
    textes = [getattr(saisie, champ) for champ in CHAMPS[:4]] + [saisie.contacts[0].libelle]
    return frozenset(mot for texte in textes for mot in MOT.findall(texte))


@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_no_acknowledged_edit_is_lost(
    tmp_path: Path, base_vide: Callable[[str], str], referentiel: Referentiel, moteur: str
) -> None:
    prouver(tmp_path, base_vide(moteur), referentiel, gens=3, editions=4)


@pytest.mark.long
@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_eight_editors_at_once_lose_nothing(
    tmp_path: Path, base_vide: Callable[[str], str], referentiel: Referentiel, moteur: str
) -> None:
    prouver(tmp_path, base_vide(moteur), referentiel, gens=8, editions=50)
