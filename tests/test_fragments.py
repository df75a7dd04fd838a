"""Parts of pages are rendered once, and never outlive what they were rendered from."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup

from cartographie import registre
from cartographie.acteurs import Statut
from cartographie.database import transaction
from cartographie.referentiel import Referentiel
from cartographie.web import fragments
from cartographie.web.fragments import Fragments
from cartographie.web.memoire import Memoire
from tests.comptes import Gestion
from tests.fabrique import accueil, change

LISTE = "/?lieu=La+Mure+%2838350%29"


def kept(client: FlaskClient) -> str:
    """Every part of the present catalogue, as one text."""
    present = client.application.wsgi_app
    assert isinstance(present, Memoire)
    assert present._etat is not None
    gardes = fragments._FRAGMENTS[present._etat.catalogue].gardes
    return "".join(str(partie) for _, partie in gardes.values())


def test_an_edit_shows_at_once_and_what_is_hidden_is_in_no_part(gestion: Gestion) -> None:
    with transaction(gestion.engine) as session:
        for saisie in (accueil(), accueil("voisin", nom="Maison voisine")):
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
    visiteur = gestion.app.test_client(use_cookies=False)
    avant = visiteur.get(LISTE).text
    assert "Accueil de La Mure" in kept(visiteur)
    change(gestion.engine, "accueil-la-mure", nom="Accueil du Marché")
    assert visiteur.get(LISTE).text == avant.replace("Accueil de La Mure", "Accueil du Marché")
    change(gestion.engine, "accueil-la-mure", statut=Statut.ARCHIVE)
    assert "Marché" not in visiteur.get(LISTE).text
    assert "Maison voisine" in kept(visiteur)
    assert "Marché" not in kept(visiteur)


def test_parts_that_others_left_are_those_that_would_be_rendered(client: FlaskClient) -> None:
    lieux = ("Vienne", "Grenoble (38000)", "La Mure (38350)", "Voiron")
    for page in ("/", "/integration/carte"):
        for lieu in lieux:
            client.get(f"{page}?lieu={lieu}&besoin=abri")
        adresse = f"{page}?lieu=Crolles&besoin=abri"
        avec = client.get(adresse).text
        assert kept(client)
        # What asks for a range is answered by the application alone, which keeps nothing then.
        assert client.get(adresse, headers={"Range": "bytes=0-"}).text == avec


def test_parts_do_not_heap_up(referentiel: Referentiel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "FRAGMENTS_MAX", 40)
    tenus = Fragments(referentiel)
    for n in range(1_000):
        assert tenus.get(("ici", n), (f"objet {n}",), lambda: Markup("partie")) == "partie"
        assert len(tenus.gardes) <= 40
