"""Every page, and every state of it that a person may meet.

A `Vue` is either an address, or what a form answered there, kept: a fault, a conflict, a warning.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page
from werkzeug.test import TestResponse

from tests import vues_gestes as gestes
from tests.comptes import MOT_DE_PASSE, Navigateur, champ_cache, creer_compte, entrer
from tests.formulaires import ADRESSE, SLUG, champs, envoyer, ouvrir
from tests.vues_monde import Monde

PERIODE = "2022-2024"
ZONE = "hebergement-grenoble"
REEL = "osj-le-relais-grenoble"


@dataclass(frozen=True, slots=True)
class Vue:
    """One state of one page."""

    chemin: str
    role: str = ""
    statut: int = 200
    # What a form answered at this address; None when a browser may simply go there.
    html: str | None = None
    geste: Callable[[Page], None] | None = None

    @property
    def nom(self) -> str:
        """As the reports call it."""
        suite = f" [{self.geste.__name__}]" if self.geste else ""
        return f"{self.chemin.split('?jeton=')[0][:60]}{suite} {self.statut} {self.role}".strip()


PUBLIQUES = (
    Vue("/"),
    Vue("/?lieu=La+Mure"),
    Vue("/?lieu=38185&besoin=abri&ouvert=1&rayon_km=20"),
    Vue("/?lieu=zzz", statut=400),
    Vue("/?lieu=38350", statut=400),
    Vue("/?q=zirconium"),
    Vue("/?lieu=Lyon"),
    Vue("/?type=zzz", statut=400),
    Vue(f"/acteurs/{REEL}"),
    Vue(f"/acteurs/{SLUG}"),
    Vue(f"/acteurs/{ZONE}"),
    Vue("/acteurs/absent", statut=404),
    Vue(f"/acteurs/{SLUG}/signaler"),
    Vue("/merci"),
    Vue("/annuaire"),
    Vue("/annuaire?lieu=La+Mure"),
    Vue("/annuaire?lieu=zzz", statut=400),
    Vue("/couverture"),
    Vue("/couverture?besoin=zzz", statut=400),
    Vue(f"/objectifs/{PERIODE}"),
    Vue(f"/objectifs/{PERIODE}/3"),
    Vue(f"/objectifs/{PERIODE}/22"),
    Vue("/suivi"),
    Vue("/integration"),
    Vue("/integration/carte?lieu=La+Mure"),
    Vue("/integration/vide"),
    Vue("/accessibilite"),
    Vue("/donnees-personnelles"),
    Vue("/mentions-legales"),
    Vue("/ogc?f=html"),
    Vue("/ogc/api?f=html"),
    Vue("/ogc/conformance?f=html"),
    Vue("/ogc/collections?f=html"),
    Vue("/ogc/collections/acteurs?f=html"),
    Vue("/ogc/collections/acteurs/items?f=html"),
    Vue(f"/ogc/collections/acteurs/items/{REEL}?f=html"),
    Vue("/partenaires/merci"),
    Vue("/partenaires/merci?reponse=exact"),
    Vue("/partenaires/WyJhaXYiLDFd.x", statut=404),
)
GESTES = (
    Vue("/", geste=gestes.bulle),
    Vue("/?lieu=La+Mure", geste=gestes.completion),
    Vue("/", geste=gestes.filtres),
    Vue("/", geste=gestes.plein_ecran),
    Vue("/", geste=gestes.carte_seule),
    Vue("/?lieu=La+Mure", geste=gestes.adresse),
    Vue("/integration/carte?lieu=La+Mure", geste=gestes.bulle),
    Vue("/couverture", geste=gestes.replis),
    Vue(f"/objectifs/{PERIODE}/22", geste=gestes.replis),
    Vue(f"/gestion/acteurs/{SLUG}", "editeur", geste=gestes.replis),
)
DE_GESTION = (
    Vue("/gestion/connexion"),
    Vue("/gestion", "editeur"),
    Vue("/gestion?soin=jamais&q=zzz", "editeur"),
    Vue("/gestion/absente", "editeur", 404),
    Vue("/gestion/comptes", "editeur", 403),
    Vue("/gestion/acteurs/nouveau", "editeur"),
    Vue(ADRESSE, "editeur"),
    Vue(f"/gestion/acteurs/{ZONE}", "editeur"),
    Vue(f"{ADRESSE}/diffusion", "editeur"),
    Vue(f"{ADRESSE}/diffusion?vers=zone", "editeur"),
    Vue(f"{ADRESSE}/diffusion?vers=interne", "editeur"),
    Vue(f"{ADRESSE}/historique", "editeur"),
    Vue(f"{ADRESSE}/historique/1", "editeur"),
    Vue(f"{ADRESSE}/rappels", "editeur"),
    Vue("/gestion/rappels", "editeur"),
    Vue("/gestion/propositions", "editeur"),
    Vue("/gestion/propositions/1", "editeur"),
    Vue("/gestion/imports", "editeur"),
    Vue("/gestion/couverture", "editeur"),
    Vue("/gestion/suivi", "editeur"),
    Vue("/gestion/bilan/2026", "editeur"),
    Vue(f"/gestion/objectifs/{PERIODE}", "editeur"),
    Vue(f"/gestion/objectifs/{PERIODE}/R001", "editeur"),
    Vue(f"/gestion/objectifs/{PERIODE}/nouveau", "editeur"),
    Vue("/gestion/objectifs/reprise", "editeur"),
    Vue("/gestion/profil", "editeur"),
    Vue("/gestion/profil", "administrateur"),
    Vue("/gestion/profil/second-facteur", "editeur"),
    Vue("/gestion/comptes", "administrateur"),
    Vue("/gestion/comptes/1/ecritures", "administrateur"),
)


def vues(monde: Monde) -> list[Vue]:
    """All of them, those that a form answers included."""
    liens = (
        Vue(monde.partenaire),
        Vue(f"{monde.partenaire}?modifier=1"),
        Vue(monde.invitation),
    )
    return [*PUBLIQUES, *GESTES, *DE_GESTION, *liens, *reponses(monde)]


def reponses(monde: Monde) -> Iterator[Vue]:
    """What forms answer when something is wrong, or when something has to be confirmed."""
    yield from _publiques(monde)
    yield from _de_fiche(monde)
    yield from _de_compte(monde)
    yield from _du_reste(monde)


def _publiques(monde: Monde) -> Iterator[Vue]:
    visiteur = monde.qui("")
    yield _vue("/", visiteur.client.post("/", data={"adresse": "zzz"}))
    signaler = f"/acteurs/{SLUG}/signaler"
    yield _vue(signaler, visiteur.client.post(signaler, data={"motif": "", "texte": "a"}))
    tape = champs(visiteur.get(f"{monde.partenaire}?modifier=1").text, "data-fiche")
    faux = {**tape, "geste": "envoyer", "implantations.0.semaine.Sa.0": "neuf heures"}
    yield _vue(monde.partenaire, visiteur.client.post(monde.partenaire, data=faux))


def _de_fiche(monde: Monde) -> Iterator[Vue]:
    qui, autre = monde.editeur, monde.collegue
    ancienne = ouvrir(qui, SLUG)
    yield _vue(ADRESSE, envoyer(qui, SLUG, ancienne, "apercu", frais="3 €"), "editeur")
    fautive = {"contacts.0.valeur": "12", "contacts.0.semaine.Mo.0": "neuf heures", "nom": ""}
    yield _vue(ADRESSE, envoyer(qui, SLUG, ancienne, **fautive), "editeur")
    envoyer(autre, SLUG, ouvrir(autre, SLUG), nom="Le leur", sigle="LEUR")
    conflit = envoyer(qui, SLUG, ancienne, nom="Le mien", frais="2 €")
    assert conflit.status_code == 409
    yield _vue(ADRESSE, conflit, "editeur")
    nouveau = "/gestion/acteurs/nouveau"
    yield _vue(nouveau, qui.poster(nouveau, {"nom": "", "type": "zzz"}), "editeur")
    page = qui.get(f"{ADRESSE}/diffusion?vers=zone").text
    corps = {"vers": "zone", "revision": champ_cache(page, "revision")}
    diffusion = f"{ADRESSE}/diffusion"
    yield _vue(diffusion, qui.poster(diffusion, corps), "editeur")
    rappels = f"{ADRESSE}/rappels"
    yield _vue(rappels, qui.poster(rappels, {"frequence": "zz", "courriel": "zz"}), "editeur")


def _de_compte(monde: Monde) -> Iterator[Vue]:
    visiteur, qui = monde.qui(""), monde.editeur
    creer_compte(monde.app, "editeur", "eve@exemple.fr")
    creer_compte(monde.app, "administrateur", "alain@exemple.fr")
    connexion = "/gestion/connexion"
    yield _vue(connexion, entrer(visiteur, mot="faux"))
    yield _vue(connexion, entrer(visiteur, "alain@exemple.fr"))
    finie = visiteur.client.post(ADRESSE, data={"nom": "Ce qui était tapé"})
    yield _vue(connexion, finie)
    reprise = champ_cache(finie.text, "reprise")
    yield _vue(connexion, entrer(visiteur, "eve@exemple.fr", reprise=reprise))
    invitation = monde.invitation
    yield _vue(invitation, visiteur.client.post(invitation, data={"mot_de_passe": "court"}))
    profil = "/gestion/profil/mot-de-passe"
    yield _vue(profil, qui.poster(profil, {"mot_de_passe": "faux"}), "editeur")
    facteur = "/gestion/profil/second-facteur"
    yield _vue(facteur, qui.poster(facteur, {"code": "000000"}), "editeur")
    codes, mot = "/gestion/profil/codes", {"mot_de_passe": MOT_DE_PASSE}
    yield _vue(codes, monde.administrateur.poster(codes, mot), "administrateur")
    comptes, chef = "/gestion/comptes", monde.administrateur
    yield _vue(comptes, chef.poster(comptes, {"courriel": "zz"}), "administrateur")
    invitee = {"courriel": "autre@exemple.fr", "nom": "Paul Blanc", "role": "editeur"}
    yield _vue(comptes, chef.poster(comptes, invitee), "administrateur")


def _du_reste(monde: Monde) -> Iterator[Vue]:
    qui = monde.editeur
    proposition = "/gestion/propositions/1"
    yield _vue(proposition, qui.poster(proposition, {"geste": "tout"}), "editeur")
    yield _vue(f"{proposition}/effacer", qui.poster(f"{proposition}/effacer"), "editeur")
    neuf = f"/gestion/objectifs/{PERIODE}/nouveau"
    yield _vue(neuf, qui.poster(neuf, {"valeur": "zz"}), "editeur")
    perime = f"/gestion/objectifs/{PERIODE}/R001"
    yield _vue(perime, qui.poster(perime, {"valeur": "12", "revision": "99"}), "editeur")
    yield _vue("/gestion/imports", deposer(qui, b"slug;nom\nx;"), "editeur")
    modele = qui.get("/gestion/imports/modele.csv").data
    lot = deposer(qui, modele)
    assert lot.status_code == 303
    yield Vue(lot.location, "editeur")


def deposer(qui: Navigateur, contenu: bytes) -> TestResponse:
    """Bring a file."""
    fichier = {"fichier": (io.BytesIO(contenu), "fiches.csv")}
    return qui.poster("/gestion/imports", fichier, content_type="multipart/form-data")


def _vue(chemin: str, reponse: TestResponse, role: str = "") -> Vue:
    assert "text/html" in reponse.content_type, (chemin, reponse.status_code)
    assert reponse.status_code != 303, (chemin, reponse.location)
    return Vue(chemin, role, reponse.status_code, reponse.text)
