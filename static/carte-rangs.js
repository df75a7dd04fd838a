/**
 * An answer told by the ranks of its acteurs in the atlas: only what is in sight is drawn, and named
 * when it is. `carte-detail.js` is the same for a small answer.
 */

import { Atlas } from "./carte-atlas.js";
import { Foule } from "./carte-foule.js";
import { compterRangs } from "./carte-recit.js";
import { reseauxDeRangs } from "./carte-reseaux.js";

/**
 * @typedef {{lieu: import("./carte-marques.js").Donnees["lieu"], total: number, atlas: string,
 *   choix: string, lignes: Record<string, number>}} Rangs a large answer, in ranks of an atlas
 */

export class EnRangs {
  /** @param {any} carte @param {any} couche where markers are put */
  constructor(carte, couche) {
    this.foule = new Foule(carte, couche);
    /** @type {Rangs} */
    this.donnees = { lieu: null, total: 0, atlas: "", choix: "", lignes: {} };
    /** @type {Atlas|null} the one that the present answer counts in */
    this.atlas = null;
  }

  /**
   * Have the atlas that an answer counts in. When records were published in between, the answer is
   * asked for again: nothing is drawn from an older one.
   * @param {any} donnees @param {() => Promise<any>} redemander
   */
  async preparer(donnees, redemander) {
    for (let essai = 0; donnees.atlas && donnees.atlas !== this.atlas?.empreinte; essai++) {
      if (essai) donnees = await redemander();
      if (essai > 3) throw new Error("les points changent sans cesse");
      if (donnees.atlas !== this.atlas?.empreinte) this.atlas = await Atlas.charger();
    }
    return donnees;
  }

  /** Keep what an answer holds; `poser` shows it once the view is known. @param {Rangs} donnees */
  garder(donnees) {
    this.donnees = donnees;
    this.foule.garder(/** @type {Atlas} */ (this.atlas), donnees.choix);
  }

  poser() {
    this.foule.dessiner();
  }

  retirer() {
    this.foule.retirer();
  }

  /** The markers in sight. @returns {Iterable<any>} */
  get visibles() {
    return this.foule.vus;
  }

  /** The nearest places that are shown. @param {any} ici @param {number} nombre */
  proches(ici, nombre) {
    return this.foule.proches(ici, nombre);
  }

  /** @param {Map<string, import("./carte-fond.js").Contour>} fond @returns {any[]} */
  reseaux(fond) {
    return reseauxDeRangs(/** @type {Atlas} */ (this.atlas), this.foule, fond);
  }

  bilan() {
    return compterRangs(/** @type {Atlas} */ (this.atlas), this.foule.choix, this.donnees.lieu);
  }

  /** @param {number[]} rangs @returns {string[]} those that are known */
  slugs(rangs) {
    return rangs.map((rang) => this.atlas?.connus.get(rang)?.acteur.slug ?? "").filter(Boolean);
  }

  /** What shows an acteur, in sight. @param {string} slug @returns {any[]} */
  montrent(slug) {
    return this.foule.dessinsDe(this.rang(slug));
  }

  /** Where an acteur stands first, or what shows it. @param {string} slug @returns {any} */
  lieu(slug) {
    return this.montrent(slug)[0]?.getLatLng() ?? this.foule.lieu(this.rang(slug));
  }

  /** @param {string} slug @returns {string[]|null} INSEE codes of its territoire */
  territoire(slug) {
    return this.atlas?.codes(this.rang(slug)) ?? null;
  }

  /** How many acteurs of the answer say that they cover a commune. @param {string} code */
  couvrent(code) {
    return this.atlas?.couvrent(code, this.foule.choix) ?? 0;
  }

  /** @param {string} slug @returns {number} its rank in the atlas, or -1 */
  rang(slug) {
    const deLaListe = this.donnees.lignes[slug];
    if (deLaListe !== undefined) return deLaListe;
    for (const [rang, { acteur }] of this.atlas?.connus ?? []) if (acteur.slug === slug) return rang;
    return -1;
  }
}
