/**
 * Where an acteur works, and which commune is under a point: both read from the outlines that the
 * map already holds, so that nothing is asked for.
 */

import { reunir } from "./carte-fond.js";

const L = /** @type {any} */ (window).L;

/** @typedef {import("./carte-fond.js").Contour} Contour */

/**
 * Draw the communes of a territoire as one shape; none takes it away.
 * @param {any} couche @param {Map<string, Contour>} fond @param {string[]} codes INSEE
 */
export function dessinerTerritoire(couche, fond, codes) {
  couche.clearLayers();
  const contours = codes.map((code) => fond.get(code)).filter((c) => c !== undefined);
  if (!contours.length) return;
  const options = { pane: "carte-territoire", className: "carte-territoire", interactive: false };
  couche.addLayer(L.polygon(reunir(contours), options));
}

/**
 * « Territoire : 12 communes »; what is not known is said to be so.
 * @param {string[]|null} codes @param {(code: string) => string|undefined} nom
 */
export function phraseTerritoire(codes, nom = () => undefined) {
  if (!codes?.length) return "Territoire\u00a0: non renseigné";
  if (codes.length > 500) return "Territoire\u00a0: toute l’Isère";
  const seule = codes.length === 1 ? nom(codes[0]) : undefined;
  return `Territoire\u00a0: ${codes.length > 1 ? `${codes.length} communes` : (seule ?? "une commune")}`;
}

/**
 * The commune at a point, or none outside Isère.
 * @param {Iterable<Contour>} contours @param {{lat: number, lng: number}} point
 * @returns {Contour|undefined}
 */
export function communeA(contours, { lat, lng }) {
  for (const contour of contours) {
    const { type, coordinates } = contour.geometry;
    const polygones = type === "Polygon" ? [coordinates] : coordinates;
    if (polygones.some((/** @type {number[][][]} */ anneaux) => dedans(anneaux, lng, lat))) return contour;
  }
  return undefined;
}

/**
 * Whether a point is inside rings (longitude, latitude): it crosses their edges an odd number of
 * times on its way to the east.
 * @param {number[][][]} anneaux @param {number} x @param {number} y
 */
function dedans(anneaux, x, y) {
  let impair = false;
  for (const anneau of anneaux) {
    for (let i = 1; i < anneau.length; i++) {
      const [x1, y1] = anneau[i - 1];
      const [x2, y2] = anneau[i];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) impair = !impair;
    }
  }
  return impair;
}
