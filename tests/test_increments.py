"""A directory kept up to date edit by edit is the one that would be read whole, to the last value.

Long runs of edits drawn at random (created, changed, lowered, raised, archived, published again,
imported, figures of the protocol, with porteurs and their services), on each engine; after each,
what is kept is compared with what another process would read from nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Acces, Diffusion, Fermeture, Saisie, Statut, Territoire
from cartographie.catalogue import Catalogue
from cartographie.database import make_engine, reading, transaction
from cartographie.lexique import Lexique
from cartographie.parametres import lire_recherche
from cartographie.protocole import Nature, Releve
from cartographie.protocole_db import add_releve
from cartographie.recherche import repondre
from cartographie.reduction import Autorisation, Demande
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.web.api import proches_json
from tests.fabrique import GRENOBLE, LE_115, accueil, refuge
from tests.preuves import Preuve
from tests.test_classement import QUAND

QUESTIONS: tuple[dict[str, str], ...] = (
    {},
    {"lieu": "La Mure"},
    {"lieu": "Vienne", "besoin": "abri", "ouvert": "1"},
    {"q": "acueil mure"},
    {"q": "Échirolles nord"},
    {"langue": "ar", "tri": "distance", "lieu": "Grenoble"},
    {"objectif": "5"},
)
NOMS = ("Accueil", "École d’Échirolles", "Zébulon", "accueil du Nord", "Œuvre", "Maison 12")
HORAIRES = ("", "24/7", "Mo-Fr 09:00-12:00", "sur rendez-vous")


@dataclass
class Editeur:
    """Somebody who edits a directory at random, within what the register allows."""

    engine: Engine
    referentiel: Referentiel
    hasard: random.Random
    slugs: list[str] = field(default_factory=list)

    def edit(self) -> None:
        """One transaction: a gesture on one record, or on several at once."""
        gestes = [self.creer, self.changer, self.changer, self.statut, self.abaisser, self.elever]
        gestes += [self.importer, self.chiffre]
        geste = self.hasard.choice(gestes) if len(self.slugs) > 3 else self.creer
        geste()

    def creer(self) -> None:
        slug = f"acteur-{self.hasard.randrange(10_000):04}-{len(self.slugs)}"
        modele = self.hasard.choice((accueil, accueil, refuge))(slug)
        porteur = self.hasard.choice(["", "", *self.slugs[:3]])
        with transaction(self.engine) as session:
            saisie = replace(self._autrement(modele), porteur=porteur)
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
        self.slugs.append(slug)

    def changer(self) -> None:
        self._ecrire(self.hasard.choice(self.slugs))

    def importer(self) -> None:
        """Many records in one transaction."""
        self._ecrire(*self.hasard.sample(self.slugs, min(len(self.slugs), 5)))

    def statut(self) -> None:
        self._ecrire(self.hasard.choice(self.slugs), statut=self.hasard.choice(tuple(Statut)))

    def abaisser(self) -> None:
        vers = self.hasard.choice((Diffusion.ZONE, Diffusion.INTERNE))
        with transaction(self.engine) as session:
            slug, saisie, revision = self._lire(session)
            if (saisie.diffusion, vers) in {
                (Diffusion.PUBLIQUE, Diffusion.ZONE),
                (Diffusion.PUBLIQUE, Diffusion.INTERNE),
                (Diffusion.ZONE, Diffusion.INTERNE),
            }:
                demande = Demande(vers, LE_115, Acces.ORIENTATION, _muets(saisie))
                registre.lower(
                    session, slug, demande, self.referentiel, revision_lue=revision, par="essai"
                )

    def elever(self) -> None:
        with transaction(self.engine) as session:
            slug, saisie, revision = self._lire(session)
            if saisie.diffusion is Diffusion.INTERNE:
                demande = Demande(Diffusion.ZONE, LE_115, Acces.ORIENTATION, _muets(saisie))
                registre.raise_diffusion(
                    session,
                    slug,
                    demande,
                    Autorisation("la direction", date(2026, 11, 1)),
                    self.referentiel,
                    revision_lue=revision,
                    par="essai",
                )

    def chiffre(self) -> None:
        releve = Releve(
            id="",
            objectif=5,
            objectifs_lies=(),
            indicateur="Appels",
            annee=2024,
            valeur=12.0,
            unite="appels",
            territoire="Isère",
            source="essai",
            nature=Nature.MESURE,
            precision="",
            note="",
            annee_deduite=False,
        )
        with transaction(self.engine) as session:
            add_releve(session, "2022-2024", releve, par="essai", moyen="essai")

    def _lire(self, session: Session) -> tuple[str, Saisie, int]:
        slug = self.hasard.choice(self.slugs)
        saisie, revision = registre.get_saisie(session, slug)
        return slug, saisie, revision

    def _ecrire(self, *slugs: str, **valeurs: object) -> None:
        with transaction(self.engine) as session:
            for slug in slugs:
                saisie, revision = registre.get_saisie(session, slug)
                suite = replace(self._autrement(saisie), **valeurs)  # type: ignore[arg-type]
                registre.update_acteur(
                    session, slug, suite, revision_lue=revision, par="essai", moyen="essai"
                )

    def _autrement(self, saisie: Saisie) -> Saisie:
        """Some fields otherwise, among those that this diffusion allows."""
        hasard = self.hasard
        commun = replace(
            saisie,
            nom=f"{hasard.choice(NOMS)} {hasard.randrange(9)}",
            missions=hasard.choice((("accueil-ecoute",), ("hebergement-urgence", "orientation"))),
            langues=hasard.choice(((), ("ar",), ("fr", "tr"))),
            territoire=hasard.choice((None, Territoire((GRENOBLE,)), Territoire(departement=True))),
            verifie_le=hasard.choice((None, date(2026, 6, 1))),
            participations=saisie.participations[: hasard.randrange(3)],
            notes_internes=f"note {hasard.randrange(100)}",
        )
        if saisie.diffusion is not Diffusion.PUBLIQUE or not saisie.implantations:
            return commun
        une = replace(
            saisie.implantations[0],
            horaires=hasard.choice(HORAIRES),
            fermetures=hasard.choice(((), (Fermeture(date(2026, 11, 20), date(2026, 12, 1)),))),
        )
        lieu = replace(une.localisation, longitude=round(5.7 + hasard.random() / 10, 5))
        return replace(
            commun, implantations=(replace(une, localisation=lieu),) * hasard.choice((1, 1, 2))
        )


def _muets(saisie: Saisie) -> dict[str, str]:
    """Texts that no longer say where the place is."""
    textes = ("nom", "sigle", "description", "conditions", "frais")
    return {nom: "Service" if nom == "nom" else "" for nom in textes if getattr(saisie, nom)}


def same(un: Catalogue, autre: Catalogue, referentiel: Referentiel) -> bool:
    """Whether two directories hold the same, column by column, and answer the same."""
    assert un.fiches == autre.fiches
    assert un.alphabet.tolist() == autre.alphabet.tolist()
    for nom, valeur in contents(un).items():
        assert valeur == contents(autre)[nom], nom
    for question in QUESTIONS:
        listes = {nom: [valeur] for nom, valeur in question.items()}
        recherche = lire_recherche(listes, referentiel, "2022-2024")
        reponses = [repondre(recherche, c, referentiel, QUAND) for c in (un, autre)]
        assert proches_json(reponses[0], 100) == proches_json(reponses[1], 100)
        assert reponses[0].notes == reponses[1].notes
    return True


def contents(catalogue: Catalogue) -> dict[str, object]:
    """Every column as plain values; of those that are numbered, also what they remember."""
    colonnes, portes = catalogue.colonnes, catalogue.colonnes.portes
    numerotees: dict[str, Lexique[Any]] = {
        "acces": colonnes.acces,
        "territoires": colonnes.territoires,
        "en_ligne": colonnes.en_ligne,
        "horaires": portes.horaires,
        **colonnes.valeurs,
    }
    plates = {nom: getattr(portes, nom).tolist() for nom in ("longitude", "latitude", "x", "y")}
    mots = [colonnes.texte.mots.valeurs[n] for n in colonnes.texte.mots.numeros.tolist()]
    documents = colonnes.texte.documents
    return {
        **{nom: [un.valeurs[n] for n in un.numeros.tolist()] for nom, un in numerotees.items()},
        **{f"{nom} connus": set(un.valeurs) for nom, un in numerotees.items()},
        "mots connus": set(colonnes.texte.mots.valeurs),
        "mots": [frozenset(mots[documents[rang]]) for rang in range(len(catalogue.fiches))],
        "joignable": colonnes.joignable.tolist(),
        "verifie": colonnes.verifie.tolist(),
        "portes": colonnes.tranches.nombre.tolist(),
        **plates,
    }


def prove(engine: Engine, referentiel: Referentiel, editions: int, graine: int) -> int:
    """Edit and compare; the number of comparisons."""
    editeur = Editeur(engine, referentiel, random.Random(graine))
    comparaisons = 0
    while comparaisons < editions:
        for _ in range(editeur.hasard.choice((1, 1, 1, 4))):
            editeur.edit()
        with reading(engine) as session:
            tenu = current_catalogue(session, referentiel)
        # Another pool is another process, as far as the directory is concerned.
        voisin = make_engine(engine.url.render_as_string(hide_password=False))
        with reading(voisin) as session:
            lu = current_catalogue(session, referentiel)
        voisin.dispose()
        assert tenu is not lu
        comparaisons += same(tenu, lu, referentiel)
    return comparaisons


def test_edit_by_edit_is_the_same_as_whole(engine: Engine, referentiel: Referentiel) -> None:
    assert prove(engine, referentiel, 10, 38) == 10


@pytest.mark.long
def test_long_runs_of_edits_are_the_same_as_whole(
    engine: Engine, referentiel: Referentiel, preuve: Preuve
) -> None:
    faites = prove(engine, referentiel, 400, 2_026)
    preuve("annuaires tenus édition par édition, comparés à l’entier", faites, "différences", 0)
    assert faites == 400
