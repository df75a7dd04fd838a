/**
 * An answer whose acteurs are told one by one: every marker is there, gathered while it is too close
 * to others to be told apart. `carte-rangs.js` is the same for a large answer.
 */

import { lireActeurs, marques } from "./carte-marques.js";
import { compter } from "./carte-recit.js";
import { reseauxDe } from "./carte-reseaux.js";

/** @typedef {import("./carte-marques.js").Donnees} Donnees */

/** What is drawn when nothing was answered. @type {any} */
export const VIDE = { lieu: null, total: 0, types: [], colonnes: [], acteurs: [], portes: [], zones: [], reseaux: [], territoires: [], sans_lieu: 0 };

export class Detail {
  /** @param {any} groupe where markers are put */
  constructor(groupe) {
    this.groupe = groupe;
    /** @type {Donnees} */
    this.donnees = VIDE;
    /** @type {any[]} */
    this.marqueurs = [];
    /** @type {any[]} networks, once the outlines are there */
    this.surfaces = [];
  }

  /** Keep what an answer holds; `poser` shows it once the view is known. @param {Donnees} donnees */
  garder(donnees) {
    this.donnees = donnees;
    this.marqueurs = marques(donnees, lireActeurs(donnees));
  }

  poser() {
    this.groupe.addLayers(this.marqueurs);
  }

  retirer() {
    this.groupe.clearLayers();
    this.marqueurs = [];
    this.surfaces = [];
  }

  /** The markers in sight. @returns {Iterable<any>} */
  get visibles() {
    return new Set(this.marqueurs.map((marqueur) => this.groupe.getVisibleParent(marqueur)));
  }

  /**
   * The nearest places that are shown.
   * @param {any} ici latitude and longitude, of Leaflet @param {number} nombre
   */
  proches(ici, nombre) {
    return this.marqueurs
      .map((marqueur) => marqueur.getLatLng())
      .sort((a, b) => ici.distanceTo(a) - ici.distanceTo(b))
      .slice(0, nombre);
  }

  /** @param {Map<string, import("./carte-fond.js").Contour>} fond @returns {any[]} */
  reseaux(fond) {
    this.surfaces = reseauxDe(this.donnees, fond);
    return this.surfaces;
  }

  bilan() {
    return compter(this.donnees);
  }

  /** @param {number[]} rangs @returns {string[]} */
  slugs(rangs) {
    return rangs.map((rang) => this.donnees.acteurs[rang][0]);
  }

  /** What shows an acteur: its markers, or what they are gathered in. @param {string} slug @returns {any[]} */
  montrent(slug) {
    return this.dessins(slug).map((dessin) => (this.groupe.hasLayer(dessin) ? this.groupe.getVisibleParent(dessin) : dessin));
  }

  /** Where an acteur stands first. @param {string} slug @returns {any} */
  lieu(slug) {
    const [dessin] = this.dessins(slug);
    return dessin && (dessin.getLatLng?.() ?? dessin.getCenter());
  }

  /** @param {string} slug @returns {string[]|null} INSEE codes of its territoire */
  territoire(slug) {
    const rang = this.donnees.acteurs[this.rang(slug)]?.[this.donnees.colonnes.indexOf("territoire")];
    return this.donnees.territoires[Number(rang)] ?? null;
  }

  /** How many acteurs of the answer say that they cover a commune. @param {string} code */
  couvrent(code) {
    return this.donnees.acteurs.filter(([slug]) => this.territoire(slug)?.includes(code)).length;
  }

  /** @param {string} slug */
  rang(slug) {
    return this.donnees.acteurs.findIndex(([un]) => un === slug);
  }

  /** @param {string} slug @returns {any[]} */
  dessins(slug) {
    const rang = this.rang(slug);
    return [...this.marqueurs, ...this.surfaces].filter((dessin) => dessin.options.rangs.includes(rang));
  }
}
