"""What goes on behind: gestures that one world alone makes, and public ones that both make.

A hidden gesture may touch anything (records, accounts, sessions, mails, proposals, files, backups,
the numbers of rows and of versions) and nothing that a visitor may see.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cartographie import comptes, jetons, lots, propositions, registre, sauvegardes
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.database import reading, transaction
from cartographie.depots import Decision, Depot, MotifDepot
from cartographie.propositions import Verdict
from cartographie.reduction import Demande
from cartographie.utilisateurs import RoleCompte
from tests.comptes import MOT_DE_PASSE, Navigateur, connecter, entrer
from tests.fabrique import LE_115
from tests.mondes.chiffres import hide
from tests.mondes.courriers import _link
from tests.mondes.fiches import cachees, modifier, noter
from tests.mondes.monde import Monde
from tests.mondes.mots import LIEUX, MOT_SECRET
from tests.mondes.traces import lieu_secret

# From where nobody of the public asks.
BUREAU = "100.64.0.7"
PUBLICS = ("aiv-grenoble", "osj-le-relais-grenoble", "css-pont-de-claix", "heb-crolles")


class Derriere:
    """Makes hidden gestures in one world, each time with other numbers."""

    def __init__(self, monde: Monde, graine: int) -> None:
        self._monde = monde
        self._tirage = random.Random(graine)
        self._rang = 0
        self.gestes: tuple[Callable[[], None], ...] = (
            self.creer, self.changer_cachee, self.annoter, self.proposer, self.decider,
            self.ouvrir_un_compte, self.entrer, self.se_tromper, self.travailler, self.ecrire,
            self.deposer, self.chiffrer, self.disparaitre, self.rattacher, self.relire,
            self.sauvegarder, self.purger,
        )  # fmt: skip

    def faire(self) -> str:
        """Make one of them; its name."""
        geste = self._tirage.choice(self.gestes)
        self._rang += 1
        geste()
        return geste.__name__

    def creer(self) -> None:
        """Hidden, draft and archived records where people search from."""
        code = self._tirage.choice(LIEUX)
        for saisie in cachees(self._monde.referentiel.communes, code):
            slug = f"{saisie.slug}-{self._rang}"
            with transaction(self._monde.engine) as session:
                neuve = replace(saisie, slug=slug)
                registre.create_acteur(session, neuve, par="essai", moyen="essai")

    def changer_cachee(self) -> None:
        """Move, rename, archive what nobody sees."""
        slug = f"cache-{self._tirage.choice(LIEUX)}"
        statut = self._tirage.choice(tuple(Statut))
        self._modifier(slug, lambda s: replace(s, nom=f"Autre {self._rang}", statut=statut))

    def annoter(self) -> None:
        """Notes, sources, inner numbers of a public record."""
        self._modifier(self._tirage.choice(PUBLICS[:3]), lambda s: noter(s, self._rang % 20))

    def proposer(self) -> None:
        """A partner proposes."""
        motif = self._tirage.choice(tuple(MotifDepot))
        depot = Depot(PUBLICS[0], "partenaire", motif, MOT_SECRET, {"frais": f"{self._rang} €"})
        with transaction(self._monde.engine) as session:
            propositions.submit(
                session, depot, self._monde.referentiel, maintenant=self._maintenant()
            )

    def decider(self) -> None:
        """Somebody refuses a proposal, and erases another."""
        with reading(self._monde.engine) as session:
            siennes = [p.id for p in propositions.about(session, PUBLICS[0])]
        with transaction(self._monde.engine) as session:
            if siennes:
                verdict = Verdict(Decision.REFUSEE, MOT_SECRET, MOT_SECRET)
                propositions.decide(session, siennes[-1], verdict, maintenant=self._maintenant())
                # Deciding lets go of what was decided long ago.
                if any(p.id == siennes[0] for p in propositions.about(session, PUBLICS[0])):
                    propositions.erase(session, siennes[0])

    def ouvrir_un_compte(self) -> None:
        """An account, its invitation, its end."""
        with transaction(self._monde.engine) as session:
            compte = comptes.create_compte(
                session, f"cache-{self._rang}@exemple.fr", "Ève", RoleCompte.EDITEUR,
                self._maintenant(),
            )  # fmt: skip
            comptes.invite(session, compte.id, self._maintenant())
            if self._rang % 2:
                comptes.revoke(session, compte.id, self._maintenant())

    def entrer(self) -> None:
        """An editor signs in from the office, reads, leaves."""
        qui = self._navigateur()
        connecter(qui.client, RoleCompte.EDITEUR, "cache@exemple.fr")
        assert qui.get("/gestion").status_code == 200
        assert entrer(qui, "cache@exemple.fr", MOT_DE_PASSE).status_code == 303
        qui.poster("/gestion/deconnexion")

    def se_tromper(self) -> None:
        """Somebody far from the office tries passwords, again and again."""
        qui = self._navigateur(f"100.65.{self._rang % 250}.7")
        statuts = {entrer(qui, "cache@exemple.fr", "faux").status_code for _ in range(6)}
        assert statuts <= {401, 429}

    def travailler(self) -> None:
        """An editor opens records and lists: presence, sessions, previews, exports."""
        qui = self._navigateur()
        connecter(qui.client, RoleCompte.EDITEUR, "cache@exemple.fr")
        for chemin in (f"/gestion/acteurs/{PUBLICS[1]}", "/gestion/fiches.csv", "/gestion/suivi"):
            assert qui.get(chemin).status_code == 200

    def ecrire(self) -> None:
        """A mail and its link wait for a partner."""
        _link(self._monde.engine, PUBLICS[0], 100 + self._rang, jetons.digest(str(self._rang)))

    def deposer(self) -> None:
        """A file waits to be applied."""
        with transaction(self._monde.engine) as session:
            lots.add(
                session,
                {"lignes": [], "erreurs": [], "tableau": True},
                par=MOT_SECRET,
                fichier=MOT_SECRET,
                empreinte=f"{self._rang:064x}",
                maintenant=self._maintenant(),
            )

    def chiffrer(self) -> None:
        """Figures of what is hidden."""
        hide(self._monde.engine, annee=2023 + self._rang % 2)

    def disparaitre(self) -> None:
        """Published by mistake, internal at once: nobody asked in between."""
        slug = f"disparu-{self._rang}"
        with transaction(self._monde.engine) as session:
            publique = lieu_secret(slug=slug, participations=())
            registre.create_acteur(session, publique, par="essai", moyen="essai")
            demande = Demande(Diffusion.INTERNE)
            registre.lower(
                session, slug, demande, self._monde.referentiel, revision_lue=1, par="essai"
            )
        registre.compact(self._monde.engine)

    def rattacher(self) -> None:
        """A public service is told to belong to what nobody sees."""
        cachee = self._tirage.choice((f"cache-{LIEUX[0]}", f"brouillon-{LIEUX[0]}", ""))
        self._modifier("css-pont-de-claix", lambda s: replace(s, porteur=cachee))

    def relire(self) -> None:
        """A note is written, then undone: the record is as it was, its number is not."""
        slug = "heb-crolles"
        self._modifier(slug, lambda s: replace(s, notes_internes=f"Rappeler {self._rang}."))
        self._modifier(slug, lambda s: replace(s, notes_internes=""))

    def sauvegarder(self) -> None:
        """A backup."""
        quand = self._maintenant() + timedelta(seconds=self._rang)
        sauvegardes.save(self._monde.engine, self._monde.settings, quand)

    def purger(self) -> None:
        """Old things go."""
        with transaction(self._monde.engine) as session:
            propositions.purge(session, self._maintenant() + timedelta(days=1))
            lots.purge(session, self._maintenant() + timedelta(days=2))

    def _modifier(self, slug: str, changer: Callable[[Saisie], Saisie]) -> None:
        modifier(self._monde.engine, slug, changer)

    def _navigateur(self, de: str = BUREAU) -> Navigateur:
        qui = Navigateur(self._monde.app)
        qui.client.environ_base["REMOTE_ADDR"] = de
        return qui

    def _maintenant(self) -> datetime:
        return self._monde.horloge().astimezone(UTC)


class Devant:
    """Makes the same public gestures in every world."""

    def __init__(self, mondes: tuple[Monde, ...], graine: int) -> None:
        self._mondes = mondes
        self._tirage = random.Random(graine)
        self._rang = 0

    def faire(self) -> None:
        """One edit that everybody sees."""
        self._rang += 1
        geste = self._tirage.choice((self._editer, self._editer, self._archiver, self._abaisser))
        for monde in self._mondes:
            monde.compter()
        geste()

    def _editer(self) -> None:
        slug = self._tirage.choice(PUBLICS[:3])
        texte = f"Édition {self._rang}."
        for monde in self._mondes:
            modifier(monde.engine, slug, lambda s: replace(s, conditions=texte))

    def _archiver(self) -> None:
        statut = (Statut.ARCHIVE, Statut.PUBLIE)[self._rang % 2]
        for monde in self._mondes:
            modifier(monde.engine, "fondation-boissel", lambda s: replace(s, statut=statut))

    def _abaisser(self) -> None:
        """A new place, public for a moment; then known by its zone."""
        slug = f"abaisse-{self._rang}"
        for monde in self._mondes:
            with transaction(monde.engine) as session:
                saisie = lieu_secret(slug=slug, participations=())
                registre.create_acteur(session, saisie, par="essai", moyen="essai")
                demande = Demande(Diffusion.ZONE, LE_115)
                registre.lower(
                    session, slug, demande, monde.referentiel, revision_lue=1, par="essai"
                )
