/**
 * Points too close to tell apart, gathered in one pass: a grid that stands still on the Earth, then
 * neighbours that would touch joined. No tree is built: thirty thousand points take milliseconds.
 */

/** Side of a cell in pixels, and how near two gatherings may stand. */
const COTE = 64;
const ECART = 46;
const MONDE = 256;

/**
 * @typedef {{x: Float64Array, y: Float64Array, acteur: Int32Array, point: Int32Array}} Semis
 *   points in the square of the world (0 to 1, Web Mercator), and who stands on which of them, in
 *   the order of acteurs
 * @typedef {{ouest: number, nord: number, est: number, sud: number}} Cadre in the same square
 * @typedef {{cle: string, x: number, y: number, nombre: number, points: number, premier: number,
 *   ouest: number, nord: number, est: number, sud: number}} Amas
 *   `nombre` acteurs on `points` points around a centre; `premier` is one of these points
 * @typedef {Amas & {membres: number[], rangs: number[], communes: string[]}} Groupe `membres`: its
 *   points; `rangs`: its acteurs
 */

/**
 * Longitude and latitude in degrees to the square of the world.
 * @param {number} longitude @param {number} latitude @returns {[number, number]}
 */
export function projeter(longitude, latitude) {
  const sinus = Math.sin((latitude * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sinus) / (1 - sinus)) / (4 * Math.PI)];
}

/**
 * Gather what stands in a frame.
 * @param {Semis} semis @param {Uint8Array} choix one byte an acteur: whether it is shown
 * @param {Cadre} cadre @param {number} zoom
 * @returns {{amas: Amas[], de: Int32Array}} and the rank of the gathering of each point, or -1
 */
export function rassembler(semis, choix, cadre, zoom) {
  const { x, y, acteur, point } = semis;
  const pas = COTE / (MONDE * 2 ** zoom);
  const [cx, cy] = [Math.floor(cadre.ouest / pas), Math.floor(cadre.nord / pas)];
  const largeur = Math.floor(cadre.est / pas) - cx + 1;
  const hauteur = Math.floor(cadre.sud / pas) - cy + 1;
  const cases = new Int32Array(largeur * hauteur).fill(-1);
  const de = new Int32Array(x.length).fill(-1);
  /** @type {Amas[]} */
  const amas = [];
  for (let n = 0; n < acteur.length; n++) {
    const p = point[n];
    if (!choix[acteur[n]] || de[p] >= 0) continue;
    const [i, j] = [Math.floor(x[p] / pas) - cx, Math.floor(y[p] / pas) - cy];
    if (i < 0 || j < 0 || i >= largeur || j >= hauteur) continue;
    let rang = cases[j * largeur + i];
    if (rang < 0) {
      rang = cases[j * largeur + i] = amas.length;
      amas.push(vide(`${zoom}/${i + cx}/${j + cy}`, p));
    }
    de[p] = rang;
    ajouter(amas[rang], x[p], y[p]);
  }
  return compter(semis, choix, rapprocher(amas, ECART / (MONDE * 2 ** zoom)), de);
}

/** @param {string} cle @param {number} premier @returns {Amas} */
const vide = (cle, premier) => ({
  cle, premier, x: 0, y: 0, nombre: 0, points: 0, ouest: 1, nord: 1, est: 0, sud: 0,
});

/** @param {Amas} amas @param {number} x @param {number} y */
function ajouter(amas, x, y) {
  amas.points += 1;
  amas.x += (x - amas.x) / amas.points;
  amas.y += (y - amas.y) / amas.points;
  amas.ouest = Math.min(amas.ouest, x);
  amas.est = Math.max(amas.est, x);
  amas.nord = Math.min(amas.nord, y);
  amas.sud = Math.max(amas.sud, y);
}

/**
 * Join what would touch, into the larger. @param {Amas[]} amas @param {number} ecart
 * @returns {{gardes: Amas[], vers: Int32Array}} and where each one went
 */
function rapprocher(amas, ecart) {
  const vers = new Int32Array(amas.length);
  /** @type {Amas[]} */
  const gardes = [];
  const ordre = amas.map((_, rang) => rang).sort((a, b) => amas[b].points - amas[a].points || a - b);
  for (const rang of ordre) {
    const un = amas[rang];
    const voisin = gardes.findIndex((autre) => Math.hypot(autre.x - un.x, autre.y - un.y) < ecart);
    vers[rang] = voisin < 0 ? gardes.push(un) - 1 : voisin;
    if (voisin >= 0) joindre(gardes[voisin], un);
  }
  return { gardes, vers };
}

/** The larger keeps its place. @param {Amas} grand @param {Amas} petit */
function joindre(grand, petit) {
  grand.points += petit.points;
  grand.ouest = Math.min(grand.ouest, petit.ouest);
  grand.est = Math.max(grand.est, petit.est);
  grand.nord = Math.min(grand.nord, petit.nord);
  grand.sud = Math.max(grand.sud, petit.sud);
}

/**
 * Count acteurs, each once where it has several doors: they follow each other.
 * @param {Semis} semis @param {Uint8Array} choix
 * @param {{gardes: Amas[], vers: Int32Array}} rapproches @param {Int32Array} de
 */
function compter({ acteur, point }, choix, { gardes, vers }, de) {
  for (let p = 0; p < de.length; p++) if (de[p] >= 0) de[p] = vers[de[p]];
  const dernier = new Int32Array(gardes.length).fill(-1);
  for (let n = 0; n < acteur.length; n++) {
    const rang = choix[acteur[n]] ? de[point[n]] : -1;
    if (rang < 0 || dernier[rang] === acteur[n]) continue;
    dernier[rang] = acteur[n];
    gardes[rang].nombre += 1;
  }
  return { amas: gardes, de };
}

/**
 * Tell each gathering its points, its acteurs and its communes, the one with the most points first.
 * @param {import("./carte-atlas.js").Atlas} atlas @param {Uint8Array} choix
 * @param {Amas[]} amas @param {Int32Array} de the gathering of each point, negative for none
 * @returns {Groupe[]}
 */
export function grouper(atlas, choix, amas, de) {
  const groupes = amas.map((un) => ({
    ...un,
    membres: /** @type {number[]} */ ([]),
    rangs: /** @type {number[]} */ ([]),
    communes: /** @type {Map<number, number>} */ (new Map()),
  }));
  for (let p = 0; p < de.length; p++) {
    if (de[p] < 0) continue;
    const { membres, communes } = groupes[de[p]];
    membres.push(p);
    communes.set(atlas.commune[p], (communes.get(atlas.commune[p]) ?? 0) + 1);
  }
  const { acteur, point } = atlas.semis;
  for (let n = 0; n < acteur.length; n++) {
    const rangs = choix[acteur[n]] && de[point[n]] >= 0 ? groupes[de[point[n]]].rangs : null;
    if (rangs && rangs.at(-1) !== acteur[n]) rangs.push(acteur[n]);
  }
  return groupes.map((un) => ({
    ...un,
    communes: [...un.communes].sort((a, b) => b[1] - a[1]).map(([rang]) => atlas.communes[rang]),
  }));
}
