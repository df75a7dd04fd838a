/**
 * The map of coverage: what the table of the page says, on the outlines that the main map uses. No
 * request of its own, nothing stored. Without it the drawn map stays, and the table says the same.
 */

import { clavier } from "./carte-clavier.js";
import { chargerFond, nommer } from "./carte-fond.js";
import { pleinEcran } from "./carte-plein.js";
import { dessin, noeud } from "./carte-symboles.js";
import { communeA } from "./carte-territoires.js";
import { apprivoiserMolette, boutonCarte } from "./carte-vue.js";

const L = /** @type {any} */ (window).L;
/** Side of the sign of a place, in pixels. */
const COTE = 20;
const MARGE = { padding: [10, 10], animate: false };

/** @typedef {import("./carte-fond.js").Contour} Contour */
/** @typedef {{classe: string, cellules: string[]}} Ligne */

const section = document.querySelector("[data-couverture]");
const couches = /** @type {any} */ (window).cartographieCouverture;
if (section instanceof HTMLElement && couches) {
  // A piece that does not come leaves the drawn map in its place.
  montrer(section, couches).catch(() => section.classList.remove("couverture--active"));
}

/** @param {HTMLElement} cadreCarte @param {any} couches what carte.py announced */
async function montrer(cadreCarte, couches) {
  const carte = couches.carte;
  const { communes } = await chargerFond(couches, cadreCarte.dataset.fond ?? "", { surfaces: true });
  const lignes = lireTableau();
  const cadre = /** @type {HTMLElement} */ (cadreCarte.querySelector(".carte-cadre"));
  const conteneur = carte.getContainer();
  conteneur.setAttribute("role", "region");
  conteneur.setAttribute("aria-label", "Carte de la couverture");
  cadre.hidden = false;
  cadreCarte.querySelector(".carte-aide")?.removeAttribute("hidden");
  cadreCarte.classList.add("couverture--active");
  carte.invalidateSize({ animate: false });
  carte.fitBounds(couches.communes.getBounds(), MARGE);
  couches.communes.eachLayer((/** @type {any} */ couche) => {
    const ligne = lignes.get(couche.feature.properties.code_insee);
    // The pattern is in the page: a style sheet would look for it in itself.
    if (ligne) couche.getElement().style.fill = `url(#aplat-${ligne.classe})`;
  });
  const points = poserLieux(carte);
  // Names of communes alone, beside the places: hatchings leave no room for more.
  nommer(carte, communes.values(), [], () => points.map((point) => boite(carte, point)));
  clavier(carte, L.layerGroup(), conteneur);
  apprivoiserMolette(carte, cadre);
  pleinEcran(carte, cadre);
  boutonCarte(carte, "carte-departement", "Voir toute l’Isère", () =>
    carte.fitBounds(couches.communes.getBounds(), MARGE),
  );
  lire(carte, couches, communes, lignes, cadreCarte.dataset.question ?? "");
  new ResizeObserver(() => carte.invalidateSize({ pan: false })).observe(cadre);
}

/** What the table says, by INSEE code. @returns {Map<string, Ligne>} */
function lireTableau() {
  const lignes = document.querySelectorAll("tr[data-code]");
  return new Map(
    [...lignes].map((ligne) => {
      const { code = "", classe = "" } = /** @type {HTMLElement} */ (ligne).dataset;
      return [code, { classe, cellules: [...ligne.children].map((c) => c.textContent ?? "") }];
    }),
  );
}

/**
 * Where one can go: each point once, addresses over zones.
 * @param {any} carte @returns {number[][]} latitude, longitude of each
 */
function poserLieux(carte) {
  carte.createPane("couverture-lieux").style.zIndex = "420";
  carte.getPane("couverture-lieux").style.pointerEvents = "none";
  /** @type {Map<string, {position: number[], exact: boolean}>} */
  const points = new Map();
  for (const li of document.querySelectorAll("li[data-longitude]")) {
    const { longitude, latitude, exact } = /** @type {HTMLElement} */ (li).dataset;
    const position = [Number(latitude), Number(longitude)];
    points.set(`${exact} ${position}`, { position, exact: exact === "1" });
  }
  for (const { position, exact } of points.values()) {
    L.marker(position, {
      pane: "couverture-lieux",
      interactive: false,
      keyboard: false,
      zIndexOffset: exact ? 1000 : 0,
      icon: new Signe({ html: signe(exact), className: "couverture__point", iconSize: [COTE, COTE] }),
    }).addTo(carte);
  }
  return [...points.values()].map(({ position }) => position);
}

/** @param {any} carte @param {number[]} position */
function boite(carte, position) {
  const { x, y } = carte.latLngToContainerPoint(position);
  return { x, y, largeur: COTE, hauteur: COTE };
}

/** Seen, not heard: the list of places says them. */
const Signe = L.DivIcon.extend({
  createIcon(/** @type {HTMLElement|null} */ ancienne) {
    const element = L.DivIcon.prototype.createIcon.call(this, ancienne);
    element.setAttribute("aria-hidden", "true");
    return element;
  },
});

/** @param {boolean} exact @returns {SVGElement} */
function signe(exact) {
  const svg = dessin("svg", { viewBox: "-10 -10 20 20", width: "20", height: "20" });
  svg.append(
    exact
      ? dessin("circle", { class: "aplats__lieu", r: "6" })
      : dessin("path", { class: "aplats__zone", d: "M0 -8l8 8l-8 8l-8 -8z" }),
  );
  return svg;
}

/**
 * A click, or Enter at the middle, reads the line of a commune.
 * @param {any} carte @param {any} couches @param {Map<string, Contour>} communes
 * @param {Map<string, Ligne>} lignes @param {string} question
 */
function lire(carte, couches, communes, lignes, question) {
  const ouvrir = (/** @type {any} */ point) => {
    const contour = communeA(communes.values(), point);
    const ligne = contour && lignes.get(contour.properties.code_insee);
    if (!contour || !ligne) return;
    couches.lieu.clearLayers();
    couches.lieu.addData(contour);
    L.popup({ className: "carte-bulle", nom: contour.properties.libelle, maxWidth: 280, autoPanPadding: [10, 10] })
      .setLatLng(point)
      .setContent(contenu(contour.properties.libelle, ligne, question))
      .openOn(carte);
  };
  carte.on("click", (/** @type {any} */ { latlng }) => ouvrir(latlng));
  carte.on("popupclose", () => couches.lieu.clearLayers());
  carte.getContainer().addEventListener("keydown", (/** @type {KeyboardEvent} */ evenement) => {
    if (evenement.key !== "Enter" || evenement.target !== carte.getContainer()) return;
    evenement.preventDefault();
    ouvrir(carte.getCenter());
  });
}

/** @param {string} libelle @param {Ligne} ligne @param {string} question @returns {HTMLElement} */
function contenu(libelle, ligne, question) {
  const [, epci, habitants, distance, competent] = ligne.cellules;
  const cadre = noeud("div", "couverture__bulle");
  cadre.append(noeud("p", "couverture__bulle-nom", libelle));
  cadre.append(noeud("p", "", `Au plus proche, à vol d’oiseau\u00a0: ${distance}`));
  cadre.append(noeud("p", "", `Quelqu’un est compétent\u00a0: ${competent}`));
  cadre.append(noeud("p", "", `${habitants} habitants, ${epci}`));
  const lien = noeud("a", "", "Qui aide depuis cette commune\u00a0?");
  lien.setAttribute("href", `/?${question}&lieu=${encodeURIComponent(libelle)}`);
  cadre.append(lien);
  return cadre;
}
