"""`<cartographie-acteurs>` in a page of another origin, under a strict policy, in a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha384
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from cartographie.config import RACINE
from tests.site import lire, par_id, texte

pytest_plugins = ("tests.chromium", "tests.encadre")

FICHIER = RACINE / "static" / "cartographie-acteurs-1.js"
# Pages of others hold this digest: when it has to change, so does the number in the name.
EMPREINTE = "sha384-KvsQG/JAmI1lzWeRVUMcuEsjdBy0YTVGV3C+AxnhWa/M2waMFFhcIG+Ni23uZSV9"
CSP = (
    "default-src 'none'; script-src {carte}; frame-src {carte}; require-trusted-types-for 'script'"
)


@dataclass
class Hote:
    """Somebody else's page: its code, and the complaints of the browser."""

    adresse: str
    corps: str = ""
    csp: str = ""


@pytest.fixture(scope="module")
def voisin() -> Iterator[Hote]:
    """A site under another name and another port, with a policy of its own."""

    class Reponse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", site.csp)
            self.end_headers()
            page = f"<!doctype html><html lang=fr><title>Mairie</title>{site.corps}</html>"
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponse)
    site = Hote(f"http://localhost:{serveur.server_port}/")
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield site
    serveur.shutdown()
    serveur.server_close()


def code_copie(client: FlaskClient, question: str = "") -> str:
    """The code as the builder gives it, as it is pasted."""
    page = lire(client.get(f"/integration?{question}").text)
    return texte(par_id(page, "code-element"))


def test_the_file_is_small_and_frozen() -> None:
    corps = FICHIER.read_bytes()
    assert len(corps) < 5_000
    assert f"sha384-{b64encode(sha384(corps).digest()).decode()}" == EMPREINTE
    for mot in ("localStorage", "sessionStorage", "indexedDB", "cookie =", "fetch(", "innerHTML"):
        assert mot not in corps.decode()


def test_the_code_to_copy_holds_the_digest_the_choices_and_a_link(client: FlaskClient) -> None:
    code = code_copie(client, "lieu=La+Mure&type=SANTE&type=LEAO&titre=%22%3E%3Cb%3E&hauteur=500")
    page = lire(f"<!doctype html><html lang='fr'><title>x</title><body>{code}</body></html>")
    (script,) = page.iter("script")
    assert script.attrib == {
        "src": "http://localhost/static/cartographie-acteurs-1.js",
        "integrity": EMPREINTE,
        "crossorigin": "anonymous",
        "defer": "",
    }
    (element,) = page.iter("cartographie-acteurs")
    assert element.attrib == {
        "lieu": "La Mure", "type": "SANTE LEAO", "titre": '"><b>', "hauteur": "500",
    }  # fmt: skip
    assert element[0].tag == "a"
    served = client.get("/static/cartographie-acteurs-1.js", headers={"Origin": "https://a.fr"})
    assert served.headers["Access-Control-Allow-Origin"] == "*"
    assert served.data == FICHIER.read_bytes()


def ouvrir(
    navigateur: Browser,
    voisin: Hote,
    carte: str,
    code: str,
    plaintes: list[str],
    *,
    js: bool = True,
) -> Page:
    voisin.corps = code.replace("http://localhost/", f"{carte}/")
    voisin.csp = CSP.format(carte=carte)
    contexte = navigateur.new_context(
        java_script_enabled=js, viewport={"width": 360, "height": 700}
    )
    page = contexte.new_page()
    # What the frame says of itself, as the page around it hears it.
    page.add_init_script(
        "window.hauteurs = []; addEventListener('message', (m) => hauteurs.push(m.data.hauteur));"
    )
    page.on("console", lambda m: plaintes.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((carte, voisin.adresse)) else plaintes.append(r.url),
    )
    page.goto(voisin.adresse)
    return page


def test_the_element_is_the_map_as_high_as_it_says(
    navigateur: Browser, voisin: Hote, carte: str, client: FlaskClient, plaintes: list[str]
) -> None:
    code = code_copie(client, "lieu=La+Mure&type=SANTE&type=LEAO")
    page = ouvrir(navigateur, voisin, carte, code, plaintes)
    cadre = page.locator("cartographie-acteurs iframe")
    expect(cadre).to_have_attribute(
        "src", f"{carte}/integration/carte?version=1&lieu=La+Mure&type=SANTE&type=LEAO"
    )
    dedans = page.frame_locator("cartographie-acteurs iframe")
    expect(dedans.locator(".resultat").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Ouvrir la carte des services")).to_be_hidden()
    page.wait_for_timeout(500)
    assert int(cadre.get_attribute("height") or 0) == page.evaluate("hauteurs.at(-1)") > 1_000
    # Its attributes are read again when they change; a message of somebody else is nothing.
    page.evaluate("document.querySelector('cartographie-acteurs').setAttribute('besoin', 'abri')")
    expect(cadre).to_have_attribute("src", re.compile("besoin=abri"))
    page.evaluate("postMessage({ type: 'cartographie:hauteur', hauteur: 77 }, '*')")
    page.wait_for_timeout(100)
    assert cadre.get_attribute("height") != "77"
    etat = page.context.storage_state()
    assert (etat["cookies"], etat["origins"]) == ([], [])
    assert plaintes == []
    page.context.close()


@pytest.mark.parametrize("panne", ["altere", "sans-script"])
def test_an_altered_script_is_refused_and_the_link_stays(
    navigateur: Browser, voisin: Hote, carte: str, client: FlaskClient, plaintes: list[str],
    panne: str,
) -> None:  # fmt: skip
    code = code_copie(client)
    if panne == "altere":
        # As if our file were no longer the one that was copied.
        fichier = "http://localhost/static/cartographie-acteurs-1.js"
        code = code.replace(fichier, "http://localhost/static/sortie.js")
    page = ouvrir(navigateur, voisin, carte, code, plaintes, js=panne == "altere")
    lien = page.get_by_role("link", name="Ouvrir la carte des services")
    expect(lien).to_be_visible()
    assert lien.get_attribute("href") == f"{carte}/"
    assert page.locator("iframe").count() == 0
    if panne == "altere":
        assert page.evaluate("customElements.get('cartographie-acteurs') === undefined")
        assert any("integrity" in plainte for plainte in plaintes)
    page.context.close()
