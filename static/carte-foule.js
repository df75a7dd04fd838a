/**
 * A large answer on the map. Only what a screen can show is drawn, with the very markers of a small
 * one: shapes, names, keyboard, pages that open. The rest is counted in the gatherings it stands in.
 */

import { Icone, fiche, fichesEnsemble, optionsPopup, pastille, phraseGrappe, phraseZone, unique } from "./carte-marques.js";
import { noeud, symbole } from "./carte-symboles.js";
import { grouper, projeter, rassembler } from "./carte-grille.js";

const L = /** @type {any} */ (window).L;
/** How far beyond the frame markers are ready, as a share of it. */
const MARGE = 0.2;
/** A page that opens tells so many by name. */
const DITS = 60;
const ATTENTE = "Un instant…";

/**
 * @typedef {import("./carte-atlas.js").Atlas} Atlas
 * @typedef {import("./carte-grille.js").Amas} Amas
 * @typedef {import("./carte-grille.js").Groupe} Groupe
 */

export class Foule {
  /** @param {any} carte @param {any} couche where markers are put */
  constructor(carte, couche) {
    this.carte = carte;
    this.couche = couche;
    /** @type {Atlas|null} */
    this.atlas = null;
    this.choix = new Uint8Array(0);
    /** @type {Map<string, any>} markers in place, by what they stand for */
    this.marqueurs = new Map();
    /** @type {any[]} the marker of each gathering in sight */
    this.vus = [];
    this.de = new Int32Array(0);
    /** @type {{point: number, zoom: number}|null} what the keyboard is to find again, and where */
    this.suivi = null;
    /** Whether the present answer is drawn: then it follows the view. */
    this.dessinee = false;
    carte.on("moveend", () => this.dessinee && this.dessiner());
  }

  /**
   * Keep what an answer holds; `dessiner` shows it once the view is known.
   * @param {Atlas} atlas @param {string} bits
   */
  garder(atlas, bits) {
    this.atlas = atlas;
    this.choix = atlas.lireChoix(bits);
    atlas.connus.clear(); // what it is called is asked again with each answer
  }

  retirer() {
    this.couche.clearLayers();
    this.marqueurs.clear();
    this.vus = [];
    this.atlas = null;
    this.dessinee = false;
  }

  dessiner() {
    this.dessinee = true;
    const atlas = /** @type {Atlas} */ (this.atlas);
    const { amas, de } = rassembler(atlas.semis, this.choix, this.cadre(), this.carte.getZoom());
    this.de = de;
    const groupes = grouper(atlas, this.choix, amas, de);
    const gardes = new Map();
    this.vus = groupes.map((groupe) => {
      const cle = `${groupe.cle} ${groupe.nombre} ${groupe.points}`;
      const marqueur = this.marqueurs.get(cle) ?? this.marquer(groupe);
      gardes.set(cle, marqueur);
      return marqueur;
    });
    for (const [cle, marqueur] of this.marqueurs) if (!gardes.has(cle)) this.couche.removeLayer(marqueur);
    for (const marqueur of this.vus) if (!this.couche.hasLayer(marqueur)) this.couche.addLayer(marqueur);
    this.marqueurs = gardes;
    this.retrouver();
    this.nommer();
  }

  /** The frame and a little more, in the square of the world. */
  cadre() {
    const bornes = this.carte.getPixelBounds();
    const cote = 256 * 2 ** this.carte.getZoom();
    const { x, y } = bornes.getSize();
    return {
      ouest: (bornes.min.x - MARGE * x) / cote,
      nord: (bornes.min.y - MARGE * y) / cote,
      est: (bornes.max.x + MARGE * x) / cote,
      sud: (bornes.max.y + MARGE * y) / cote,
    };
  }

  /** @param {Groupe} groupe */
  marquer(groupe) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const [point] = groupe.membres;
    const seul = groupe.membres.length === 1;
    const position = seul ? [atlas.latitude[point], atlas.longitude[point]] : centre(groupe);
    if (seul && point < atlas.portes) return this.porte(position, point, groupe.rangs);
    if (seul) return this.zone(position, point, groupe.rangs);
    return this.grappe(position, groupe);
  }

  /** @param {number[]} position @param {number} point @param {number[]} rangs */
  porte(position, point, rangs) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const [code, libelle] = atlas.types[atlas.type[rangs[0]]];
    const commune = atlas.communes[atlas.commune[point]];
    const icone = { html: symbole(code), className: "carte-porte", iconSize: [34, 34] };
    const nommer = () => {
      const connu = atlas.connus.get(rangs[0]);
      return connu ? `${connu.acteur.nom}, ${libelle}, ${commune}` : `${libelle}, ${commune}`;
    };
    const contenu = () => {
      const { acteur, lieux } = /** @type {any} */ (atlas.connus.get(rangs[0]));
      return fiche(acteur, libelle, lieux[atlas.rangDePorte(point)] ?? commune);
    };
    return this.poser(position, { icone, nommer, contenu, rangs, zIndexOffset: 100 });
  }

  /** @param {number[]} position @param {number} point @param {number[]} rangs */
  zone(position, point, rangs) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const { ou } = atlas.zones[point - atlas.portes];
    const phrase = phraseZone(/** @type {any} */ ({ acteurs: rangs, ou }));
    const icone = { html: noeud("span", "", String(rangs.length)), className: "carte-zone", iconSize: [rangs.length > 999 ? 46 : 38, 30] };
    return this.poser(position, { icone, nommer: () => phrase, contenu: () => this.ensemble(phrase, rangs), rangs, zIndexOffset: 0 });
  }

  /** @param {number[]} position @param {Groupe} groupe */
  grappe(position, groupe) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const { rangs } = groupe;
    const nommer = () => phraseGrappe(groupe.nombre, groupe.communes, atlas.connus.get(rangs[0])?.acteur.nom ?? "");
    const options = pastille(groupe.nombre, nommer()).options;
    const ouverte = this.inseparable(groupe);
    const phrase = () => nommer().replace(" : agrandir", "");
    const contenu = () => this.ensemble(phrase(), rangs);
    const marqueur = this.poser(position, { icone: options, nommer: ouverte ? phrase : nommer, contenu, rangs, zIndexOffset: 0 });
    if (!ouverte) {
      marqueur.unbindPopup();
      marqueur.on("click", () => this.ouvrir(groupe));
    }
    return marqueur;
  }

  /** Whether coming nearer would not part it. @param {Groupe} groupe */
  inseparable(groupe) {
    const pixels = 256 * 2 ** this.carte.getMaxZoom() * Math.max(groupe.est - groupe.ouest, groupe.sud - groupe.nord);
    return pixels < 2 || this.carte.getZoom() >= this.carte.getMaxZoom();
  }

  /** Come nearer to what it holds; the keyboard follows. @param {Groupe} groupe */
  ouvrir(groupe) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const marqueur = this.vus[this.de[groupe.membres[0]]];
    const tenu = marqueur?.getElement()?.contains(document.activeElement);
    const bornes = L.latLngBounds(groupe.membres.map((p) => [atlas.latitude[p], atlas.longitude[p]]));
    const zoom = Math.min(this.carte.getMaxZoom(), Math.max(this.carte.getBoundsZoom(bornes), this.carte.getZoom() + 1));
    this.suivi = tenu ? { point: groupe.membres[0], zoom } : null;
    this.carte.setView(bornes.getCenter(), zoom);
  }

  /** A gathering that opened held the focus: it goes to what was in it. */
  retrouver() {
    if (!this.suivi || this.carte.getZoom() !== this.suivi.zoom) return;
    const perdu = !document.activeElement || document.activeElement === document.body;
    const marqueur = this.vus[this.de[this.suivi.point]];
    if (perdu) (marqueur?.getElement() ?? this.carte.getContainer()).focus({ preventScroll: true });
    this.suivi = null;
  }

  /**
   * @param {number[]} position latitude, longitude
   * @param {{icone: any, nommer: () => string, contenu: () => HTMLElement, rangs: number[],
   *   zIndexOffset: number}} quoi `contenu` is asked once its first acteur is known
   */
  poser(position, { icone, nommer, contenu, rangs, zIndexOffset }) {
    const nom = nommer();
    const options = { icon: new Icone({ ...icone, nom }), rangs, nommer, zIndexOffset, riseOnHover: true };
    const marqueur = L.marker(position, options);
    return marqueur.bindPopup(() => this.page(marqueur, rangs, contenu), { ...optionsPopup(nom), nom });
  }

  /** What opens, at once when it is known, else as soon as it is. */
  page(/** @type {any} */ marqueur, /** @type {number[]} */ rangs, /** @type {() => HTMLElement} */ contenu) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    const voulus = rangs.slice(0, DITS);
    if (voulus.every((rang) => atlas.connus.has(rang))) return contenu();
    const cadre = noeud("div", "carte-fiche");
    cadre.append(noeud("p", "carte-fiche-nom", ATTENTE));
    const mettre = (/** @type {() => HTMLElement} */ faire) => {
      if (!marqueur.isPopupOpen()) return;
      cadre.replaceChildren(...faire().childNodes);
      marqueur.getPopup().update();
      this.carte.fire("carte-fiches", { rangs });
    };
    atlas.demander(voulus).then(
      () => mettre(contenu),
      () => mettre(panne),
    );
    return cadre;
  }

  /** @param {string} phrase @param {number[]} rangs */
  ensemble(phrase, rangs) {
    const { connus } = /** @type {Atlas} */ (this.atlas);
    const dits = rangs.slice(0, DITS).map((rang) => /** @type {any} */ (connus.get(rang)).acteur);
    return fichesEnsemble(phrase, dits, rangs.length - dits.length);
  }

  /** Ask how the markers in sight are called, and name them: each has a name of its own. */
  async nommer() {
    const { atlas, vus } = this;
    this.ecrireNoms();
    try {
      await atlas?.demander(vus.map((marqueur) => marqueur.options.rangs[0]));
    } catch {
      return; // the kind of service and the commune still name it
    }
    if (this.vus === vus) this.ecrireNoms();
  }

  ecrireNoms() {
    const noms = new Map();
    for (const marqueur of this.vus) {
      const nom = unique(marqueur.options.nommer(), noms);
      marqueur.options.icon.options.nom = nom;
      if (marqueur.getPopup()) marqueur.getPopup().options.nom = nom;
      const element = marqueur.getElement();
      if (element && element.title !== nom) {
        element.title = nom;
        element.setAttribute("aria-label", nom);
      }
    }
  }

  /** Where an acteur stands first. @param {number} rang @returns {[number, number]|null} */
  lieu(rang) {
    const [point] = this.atlas && rang >= 0 ? this.points(rang) : [];
    return point === undefined ? null : this.ou(point);
  }

  /** The markers that stand for an acteur, in sight. @param {number} rang @returns {any[]} */
  dessinsDe(rang) {
    return rang < 0 ? [] : this.points(rang).map((p) => this.vus[this.de[p]]).filter(Boolean);
  }

  /** Where an acteur stands. @param {number} rang @returns {number[]} points */
  points(rang) {
    const { acteur, point } = /** @type {Atlas} */ (this.atlas).semis;
    const points = [];
    for (let n = acteur.indexOf(rang); n >= 0 && acteur[n] === rang; n++) points.push(point[n]);
    return points;
  }

  /** @param {number} point @returns {[number, number]} latitude, longitude */
  ou(point) {
    const atlas = /** @type {Atlas} */ (this.atlas);
    return [atlas.latitude[point], atlas.longitude[point]];
  }

  /**
   * The nearest points that are shown.
   * @param {{lat: number, lng: number}} ici @param {number} nombre
   */
  proches({ lat, lng }, nombre) {
    const { acteur, point, x, y } = /** @type {Atlas} */ (this.atlas).semis;
    const [ox, oy] = projeter(lng, lat);
    const loin = (/** @type {number} */ p) => (x[p] - ox) ** 2 + (y[p] - oy) ** 2;
    const montres = new Uint8Array(x.length);
    for (let n = 0; n < point.length; n++) if (this.choix[acteur[n]]) montres[point[n]] = 1;
    /** @type {number[]} */
    const proches = [];
    for (let p = 0; p < montres.length; p++) {
      if (!montres[p] || (proches.length === nombre && loin(p) >= loin(proches[nombre - 1]))) continue;
      proches.push(p);
      proches.sort((a, b) => loin(a) - loin(b)).splice(nombre);
    }
    return proches.map((p) => L.latLng(this.ou(p)));
  }
}

/** @param {Amas} amas @returns {[number, number]} latitude, longitude */
function centre({ x, y }) {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [latitude, (x - 0.5) * 360];
}

function panne() {
  const cadre = noeud("div", "carte-fiche");
  cadre.append(noeud("p", "carte-fiche-nom", "Pas de réponse du réseau : la liste contient les mêmes services."));
  return cadre;
}
