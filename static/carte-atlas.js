/**
 * The atlas: every published point in numbers, read once, and what a few of them are called when they
 * are in sight. An answer says which acteurs it holds, one bit each; it names the atlas it counts in.
 */

import { projeter } from "./carte-grille.js";

/**
 * @typedef {{precision: string, code: string, ou: string, longitude: number, latitude: number,
 *   acteurs: number[]}} Zone
 * @typedef {import("./carte-marques.js").Acteur} Acteur
 * @typedef {{acteur: Acteur, lieux: string[]}} Detail `lieux`: where each of its doors is
 */

/** How many are asked for at once; the server takes no more than twice as many. */
const PAR_DEMANDE = 100;
const COLONNES = ["slug", "nom", "type", "telephone", "tel", "territoire"];

/** @param {number[]} ecarts each from the one before @returns {number[]} */
function sommes(ecarts) {
  let somme = 0;
  return ecarts.map((ecart) => (somme += ecart));
}

export class Atlas {
  /** @param {any} lu what the server wrote */
  constructor(lu) {
    this.empreinte = /** @type {string} */ (lu.empreinte);
    /** @type {[string, string][]} code and words of each type */
    this.types = lu.types;
    this.type = Uint8Array.from(lu.type);
    /** @type {string[][]} INSEE codes */
    this.territoires = lu.territoires;
    this.territoire = Int16Array.from(lu.territoire);
    this.reseaux = sommes(lu.reseaux);
    /** @type {Zone[]} */
    this.zones = lu.zones.map((/** @type {Zone} */ zone) => ({ ...zone, acteurs: sommes(zone.acteurs) }));
    this.nombre = this.type.length;
    this.portes = lu.portes.acteur.length;
    this.semer(lu);
    /** @type {Map<number, Detail>} what was asked for, by rank */
    this.connus = new Map();
  }

  /** @returns {Promise<Atlas>} the present one */
  static async charger() {
    const reponse = await fetch("/carte/points.json", { credentials: "omit" });
    if (!reponse.ok) throw new Error(`/carte/points.json : ${reponse.status}`);
    return new Atlas(await reponse.json());
  }

  /** Doors first, then one point a zone; who stands there in the order of acteurs. @param {any} lu */
  semer({ pas, portes, communes }) {
    const [acteurs, x, y] = [sommes(portes.acteur), sommes(portes.x), sommes(portes.y)];
    const total = this.portes + this.zones.length;
    this.longitude = new Float64Array(total);
    this.latitude = new Float64Array(total);
    this.semis = { x: new Float64Array(total), y: new Float64Array(total), acteur: new Int32Array(0), point: new Int32Array(0) };
    const placer = (/** @type {number} */ p, /** @type {number} */ longitude, /** @type {number} */ latitude) => {
      [this.longitude[p], this.latitude[p]] = [longitude, latitude];
      [this.semis.x[p], this.semis.y[p]] = projeter(longitude, latitude);
    };
    for (let p = 0; p < this.portes; p++) placer(p, x[p] / pas, y[p] / pas);
    this.zones.forEach((zone, n) => placer(this.portes + n, zone.longitude, zone.latitude));
    const couples = acteurs.map((acteur, p) => [acteur, p]);
    this.zones.forEach((zone, n) => couples.push(...zone.acteurs.map((a) => [a, this.portes + n])));
    couples.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    this.semis.acteur = Int32Array.from(couples, ([acteur]) => acteur);
    this.semis.point = Int32Array.from(couples, ([, point]) => point);
    /** @type {string[]} */
    this.communes = [...communes, ...this.zones.map(({ ou }) => ou.replace(/^à /, ""))];
    this.commune = Uint16Array.from([...portes.commune, ...this.zones.map((_, n) => communes.length + n)]);
  }

  /** @param {string} bits base64, the lowest rank first @returns {Uint8Array} one byte an acteur */
  lireChoix(bits) {
    const octets = atob(bits);
    const choix = new Uint8Array(this.nombre);
    for (let rang = 0; rang < choix.length; rang++) choix[rang] = (octets.charCodeAt(rang >> 3) >> (rang & 7)) & 1;
    return choix;
  }

  /** @param {number} rang @returns {string[]|null} INSEE codes of its territoire */
  codes(rang) {
    return this.territoires[this.territoire[rang]] ?? null;
  }

  /** How many of those that are shown cover a commune. @param {string} code INSEE @param {Uint8Array} choix */
  couvrent(code, choix) {
    const couvre = this.territoires.map((codes) => codes.includes(code));
    return this.territoire.reduce((n, territoire, rang) => n + Number(choix[rang] && (couvre[territoire] ?? false)), 0);
  }

  /**
   * Ask what these are called; those that are known are not asked again.
   * @param {number[]} rangs @returns {Promise<void>}
   */
  async demander(rangs) {
    const inconnus = [...new Set(rangs)].filter((rang) => !this.connus.has(rang));
    for (let n = 0; n < inconnus.length; n += PAR_DEMANDE) {
      const voulus = inconnus.slice(n, n + PAR_DEMANDE).join(",");
      const adresse = `/carte/fiches.json?atlas=${this.empreinte}&rangs=${voulus}`;
      const reponse = await fetch(adresse, { credentials: "omit" });
      if (!reponse.ok) throw new Error(`${adresse} : ${reponse.status}`);
      for (const [rang, ligne, portes] of (await reponse.json()).fiches) this.apprendre(rang, ligne, portes);
    }
  }

  /** @param {number} rang @param {any[]} ligne under COLONNES @param {string[][]} portes */
  apprendre(rang, ligne, portes) {
    const acteur = /** @type {any} */ (Object.fromEntries(COLONNES.map((nom, n) => [nom, ligne[n]])));
    const lieux = portes.map(([commune, libelle, adresse]) => [libelle, adresse, commune].filter(Boolean).join(", "));
    this.connus.set(rang, { acteur: { ...acteur, communes: this.codes(rang) }, lieux });
  }

  /** Which door of its acteur a point is. @param {number} point */
  rangDePorte(point) {
    const { semis } = this;
    const n = semis.point.indexOf(point);
    let avant = 0;
    while (n - avant > 0 && semis.acteur[n - avant - 1] === semis.acteur[n]) avant += 1;
    return avant;
  }
}
