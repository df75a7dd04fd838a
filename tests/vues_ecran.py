"""Every `Vue` in a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from cartographie.web.gestion.sessions import NOM
from tests.navigateur import attendre_carte
from tests.vues import Vue
from tests.vues_monde import Monde


@dataclass(frozen=True, slots=True)
class Ecran:
    """The site listening, and what to look at."""

    monde: Monde
    adresse: str
    vues: list[Vue]

    def contexte(self, navigateur: Browser, role: str, **options: Any) -> BrowserContext:  # noqa: ANN401
        """A browser of somebody of this role."""
        contexte = navigateur.new_context(base_url=self.adresse, locale="fr-FR", **options)
        cookie = self.monde.qui(role).client.get_cookie(NOM) if role else None
        if cookie:
            contexte.add_cookies([{"name": NOM, "value": cookie.value, "url": self.adresse}])
        return contexte

    def montrer(self, page: Page, vue: Vue, *, script: bool = True) -> None:
        """Go there; what a form answered is answered again.

        Without scripts: as a browser that runs none would read it, since axe has to run there.
        """
        html = vue.html
        if not script:
            html = sans_script(html or self.monde.qui(vue.role).get(vue.chemin).text)
        if html is not None:
            page.route(
                f"{self.adresse}{vue.chemin}",
                lambda route: route.fulfill(
                    status=vue.statut, content_type="text/html; charset=utf-8", body=html
                ),
                times=1,
            )
        reponse = page.goto(vue.chemin, wait_until="load")
        assert reponse is not None
        assert reponse.status == vue.statut, vue.nom
        if script and page.locator("[data-carte]").count():
            attendre_carte(page, "path.carte-communes, .carte--absente")
        if vue.geste:
            vue.geste(page)


def sans_script(html: str) -> str:
    """The same page with what stands in for its scripts, and none of them."""
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"</?noscript>", "", html)
