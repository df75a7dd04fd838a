/**
 * How the map is moved, and where it was: the view lives in the fragment of the address, so that
 * Back from a fiche finds it again. Nothing is stored, and no entry is added to the history.
 */

import { noeud } from "./carte-symboles.js";

const FRAGMENT = /^#carte=(\d{1,2}(?:\.\d{1,2})?)\/(-?\d{1,2}\.\d{1,5})\/(-?\d{1,3}\.\d{1,5})$/;

/** @returns {{zoom: number, position: [number, number]}|null} the view asked for by the address */
export function lireVue() {
  const trouve = FRAGMENT.exec(location.hash);
  return trouve && { zoom: Number(trouve[1]), position: [Number(trouve[2]), Number(trouve[3])] };
}

/** Keep the present view in the address. @param {any} carte */
export function ecrireVue(carte) {
  const { lat, lng } = carte.getCenter();
  const fragment = `#carte=${carte.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
  if (fragment !== location.hash) history.replaceState(history.state, "", fragment);
}

/** Take the view out of the address: the map chose it, nobody else. */
export function oublierVue() {
  if (lireVue()) history.replaceState(history.state, "", location.pathname + location.search);
}

/**
 * Let the wheel scroll the page unless Ctrl is held or the map was clicked, and say so.
 * @param {any} carte @param {HTMLElement} cadre
 */
export function apprivoiserMolette(carte, cadre) {
  let entree = false;
  const dire = conseil(cadre);
  cadre.addEventListener("pointerdown", () => (entree = true));
  cadre.addEventListener("pointerleave", () => (entree = false));
  cadre.addEventListener(
    "wheel",
    (evenement) => {
      const dansBulle = evenement.target instanceof Element && evenement.target.closest(".leaflet-popup");
      const agrandir = (entree || evenement.ctrlKey || evenement.metaKey) && !dansBulle;
      carte.scrollWheelZoom[agrandir ? "enable" : "disable"]();
      if (!agrandir && !dansBulle) dire("Pour agrandir : Ctrl + molette, ou cliquez d’abord la carte.");
    },
    { capture: true, passive: true },
  );
  cadre.addEventListener(
    "touchmove",
    (evenement) => {
      if (evenement.touches.length === 1 && !carte.dragging.enabled()) {
        dire("Deux doigts pour déplacer la carte.");
      }
    },
    { passive: true },
  );
}

/**
 * A word over the map that goes away by itself. It is for who points: others are not disturbed.
 * @param {HTMLElement} cadre @returns {(texte: string) => void}
 */
function conseil(cadre) {
  const bulle = noeud("p", "carte-conseil");
  bulle.hidden = true;
  bulle.setAttribute("aria-hidden", "true");
  cadre.append(bulle);
  let minuteur = 0;
  return (texte) => {
    bulle.textContent = texte;
    bulle.hidden = false;
    clearTimeout(minuteur);
    minuteur = window.setTimeout(() => (bulle.hidden = true), 1400);
  };
}

/**
 * A button among the others, at the top right.
 * @param {any} carte @param {string} classe @param {string} titre @param {() => void} action
 * @returns {HTMLElement}
 */
export function boutonCarte(carte, classe, titre, action) {
  const L = /** @type {any} */ (window).L;
  const bouton = noeud("a", classe);
  for (const [cle, valeur] of Object.entries({ href: "#", role: "button", title: titre, "aria-label": titre })) {
    bouton.setAttribute(cle, valeur);
  }
  L.DomEvent.disableClickPropagation(bouton);
  L.DomEvent.on(bouton, "click", L.DomEvent.preventDefault);
  L.DomEvent.on(bouton, "click", action);
  bouton.addEventListener("keydown", (evenement) => {
    if (evenement.key !== " ") return;
    evenement.preventDefault();
    action();
  });
  const Bouton = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const cadre = noeud("div", "leaflet-bar");
      cadre.append(bouton);
      return cadre;
    },
  });
  carte.addControl(new Bouton());
  return bouton;
}
