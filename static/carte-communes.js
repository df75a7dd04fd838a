/**
 * « Qui couvre cette commune ? »: a click on the ground, or Enter at the middle of the map, names
 * the commune and leads to the search from it, with the other words of the question kept.
 */

import { noeud } from "./carte-symboles.js";
import { communeA } from "./carte-territoires.js";

const L = /** @type {any} */ (window).L;
/** A second click within this time is a zoom. */
const DOUBLE_CLIC_MS = 260;

/**
 * @param {any} carte
 * @param {() => Iterable<import("./carte-fond.js").Contour>} contours
 * @param {(code: string) => number} couvrent how many acteurs of the answer say that they cover it
 */
export function interrogerCommunes(carte, contours, couvrent) {
  let minuteur = 0;
  let bulleOuverte = false;
  const ouvrir = (/** @type {any} */ point) => {
    const commune = communeA(contours(), point)?.properties;
    if (!commune) return;
    L.popup({ className: "carte-bulle", nom: commune.libelle, autoPanPadding: [10, 10], maxWidth: 260 })
      .setLatLng(point)
      .setContent(contenu(commune.libelle, couvrent(commune.code_insee)))
      .openOn(carte);
  };
  // A click that closes what was open asks nothing.
  carte.on("preclick", () => (bulleOuverte = Boolean(carte.getContainer().querySelector(".leaflet-popup"))));
  carte.on("click", (/** @type {any} */ { latlng }) => {
    clearTimeout(minuteur);
    if (!bulleOuverte) minuteur = window.setTimeout(() => ouvrir(latlng), DOUBLE_CLIC_MS);
  });
  // A network takes the click: its page asks the same question of the commune below.
  carte.on("popupopen", (/** @type {any} */ { popup }) => {
    if (popup._source?.options.className !== "carte-reseau") return;
    const commune = communeA(contours(), popup.getLatLng())?.properties;
    if (commune) {
      const phrase = `Qui couvre ${commune.libelle}\u00a0?`;
      const bulle = popup.getElement();
      bulle.querySelector(".carte-fiche").append(question(commune.libelle, phrase));
      // It grew upwards after it was brought into view.
      const marge = [bulle.offsetWidth / 2 + 14, bulle.offsetHeight + 30];
      carte.panInside(popup.getLatLng(), { paddingTopLeft: marge, paddingBottomRight: [64, 22] });
    }
  });
  carte.on("dblclick zoomstart dragstart", () => clearTimeout(minuteur));
  carte.getContainer().addEventListener("keydown", (/** @type {KeyboardEvent} */ evenement) => {
    if (evenement.key === "Enter" && evenement.target === carte.getContainer()) {
      evenement.preventDefault();
      ouvrir(carte.getCenter());
    }
  });
}

/** @param {string} libelle @param {number} nombre @returns {HTMLElement} */
function contenu(libelle, nombre) {
  const cadre = noeud("div", "carte-fiche");
  cadre.append(noeud("p", "carte-fiche-nom", libelle));
  if (nombre) {
    const phrase = nombre > 1 ? `${nombre} services la comptent dans leur` : "1 service la compte dans son";
    cadre.append(noeud("p", "carte-fiche-lieu", `${phrase} territoire.`));
  }
  cadre.append(question(libelle, "Qui couvre cette commune\u00a0?"));
  return cadre;
}

/** @param {string} libelle @param {string} phrase @returns {HTMLElement} */
function question(libelle, phrase) {
  const lien = noeud("a", "carte-fiche-question", phrase);
  lien.setAttribute("href", adresse(libelle));
  lien.dataset.recherche = "";
  return lien;
}

/** The same question, asked from this commune. @param {string} libelle */
function adresse(libelle) {
  const section = document.querySelector("[data-carte][data-question]");
  const question = section instanceof HTMLElement ? section.dataset.question : undefined;
  const parametres = new URLSearchParams(question ?? location.search);
  for (const nom of ["page", "reduit"]) parametres.delete(nom);
  parametres.set("lieu", libelle);
  return `${question === undefined ? location.pathname : "/"}?${parametres}`;
}
