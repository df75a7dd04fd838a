/**
 * The map over the whole window, below the bar of the quick exit, which always stays in sight and in
 * reach. The browser's own full screen is asked for as well; where it refuses, the window is enough.
 */

import { boutonCarte } from "./carte-vue.js";

const OUVRIR = "Plein écran";
const FERMER = "Quitter le plein écran";

/** @param {any} carte @param {HTMLElement} cadre */
export function pleinEcran(carte, cadre) {
  const racine = document.documentElement;
  const un_doigt = carte.dragging.enabled();
  const bouton = boutonCarte(carte, "carte-plein", OUVRIR, () => regler(!ouvert()));
  const ouvert = () => racine.classList.contains("carte-plein-ecran");

  /** @param {boolean} oui */
  function regler(oui) {
    if (oui === ouvert()) return;
    racine.style.setProperty("--carte-haut", `${oui ? hauteurSortie() : 0}px`);
    racine.classList.toggle("carte-plein-ecran", oui);
    for (const element of autour(cadre)) element.inert = oui;
    bouton.title = oui ? FERMER : OUVRIR;
    bouton.setAttribute("aria-label", bouton.title);
    // Nothing is left to scroll: one finger moves the map.
    if (oui || un_doigt) carte.dragging.enable();
    else carte.dragging.disable();
    if (oui) racine.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    bouton.focus({ preventScroll: true });
  }

  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) regler(false);
  });
  for (const nom of ["cartographie:liste", "cartographie:resultats"]) {
    document.addEventListener(nom, () => regler(false), { capture: true });
  }
  // Escape closes first what stands on the map.
  cadre.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape" && !cadre.querySelector(".leaflet-popup")) regler(false);
  }, { capture: true });
}

/** How far down the bar of the exit reaches. */
function hauteurSortie() {
  const barre = document.getElementById("quitter")?.closest("header, .entete");
  return barre ? Math.round(barre.getBoundingClientRect().height) : 0;
}

/**
 * What the map covers: everything but itself, the exit and the skip links.
 * @param {HTMLElement} cadre @returns {HTMLElement[]}
 */
function autour(cadre) {
  const couverts = [];
  for (let element = /** @type {HTMLElement} */ (cadre); element !== document.body; ) {
    const parent = /** @type {HTMLElement} */ (element.parentElement);
    for (const voisin of parent.children) {
      const garde = voisin === element || voisin.matches("script, .evitement") || voisin.querySelector("#quitter");
      if (voisin instanceof HTMLElement && !garde) couverts.push(voisin);
    }
    element = parent;
  }
  return couverts;
}
