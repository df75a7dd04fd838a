/**
 * The map without a pointer: markers, clusters and networks answer to Enter and Space, Escape closes
 * what they opened; the focus goes in, and comes back.
 */

/** @param {any} carte @param {any} groupe the clusters @param {HTMLElement} cadre */
export function clavier(carte, groupe, cadre) {
  suivreGrappes(groupe, cadre);
  let dedans = false;
  cadre.addEventListener("keydown", (evenement) => {
    const cible = /** @type {Element} */ (evenement.target);
    const marque = cible.closest(".leaflet-marker-icon, .carte-reseau");
    if (marque && (evenement.key === "Enter" || evenement.key === " ")) {
      evenement.preventDefault();
      activer(carte, marque);
    }
    if (evenement.key === "Escape") carte.closePopup();
  });
  cadre.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(".carte-reseau")) montrer(carte, target);
  });
  carte.on("popupopen", ({ popup }) => {
    const bulle = popup.getElement();
    bulle.setAttribute("role", "dialog");
    bulle.setAttribute("aria-label", popup.options.nom);
    bulle.tabIndex = -1;
    bulle.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Fermer");
    bulle.addEventListener("focusin", () => (dedans = true));
    bulle.focus({ preventScroll: true });
  });
  carte.on("popupclose", ({ popup }) => {
    const actif = document.activeElement;
    const perdu = !actif || actif === document.body || popup.getElement()?.contains(actif);
    if (dedans && perdu) (popup._source?.getElement() ?? cadre).focus({ preventScroll: true });
    dedans = false;
  });
}

/**
 * Leaflet moves the map to a marker that takes the focus, not to a surface.
 * @param {any} carte @param {Element} surface
 */
function montrer(carte, surface) {
  carte.eachLayer((/** @type {any} */ couche) => {
    if (couche.getElement?.() !== surface || !surface.matches(":focus-visible")) return;
    if (!carte.getBounds().contains(couche.getCenter())) carte.panTo(couche.getCenter());
  });
}

/** @param {any} carte @param {Element} marque */
function activer(carte, marque) {
  if (marque.matches(".carte-reseau")) {
    carte.eachLayer((/** @type {any} */ couche) => {
      if (couche.getElement?.() === marque) couche.openPopup(couche.getCenter());
    });
    return;
  }
  marque.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

/**
 * A cluster goes away when it opens: the focus that it had goes to what it held.
 * @param {any} groupe @param {HTMLElement} cadre
 */
function suivreGrappes(groupe, cadre) {
  /** @type {any} */
  let ouverte = null;
  groupe.on("clusterclick", ({ layer }) => {
    ouverte = layer.getElement()?.contains(document.activeElement) ? layer : null;
  });
  groupe.on("animationend spiderfied", () => {
    const perdu = !document.activeElement || document.activeElement === document.body;
    if (ouverte && perdu) {
      const visible = groupe.getVisibleParent(ouverte.getAllChildMarkers()[0]);
      (visible?.getElement() ?? cadre).focus({ preventScroll: true });
    }
    ouverte = null;
  });
}
