/**
 * The map follows the list: the same search, asked to /carte.json, drawn on what carte.py built.
 * Nothing here stores anything or talks to another origin.
 */

import { clavier } from "./carte-clavier.js";
import { interrogerCommunes } from "./carte-communes.js";
import { Detail, VIDE } from "./carte-detail.js";
import { chargerFond, nommer, souffler } from "./carte-fond.js";
import { choisir, suivreListe } from "./carte-liste.js";
import { iconeGrappe, position, repere } from "./carte-marques.js";
import { pleinEcran } from "./carte-plein.js";
import { EnRangs } from "./carte-rangs.js";
import { raconter } from "./carte-recit.js";
import { hachures } from "./carte-symboles.js";
import { dessinerTerritoire } from "./carte-territoires.js";
import { poserTuiles } from "./carte-tuiles.js";
import { apprivoiserMolette, boutonCarte, ecrireVue, lireVue, oublierVue } from "./carte-vue.js";

/** @typedef {import("./carte-marques.js").Donnees | import("./carte-rangs.js").Rangs} Donnees */

const L = /** @type {any} */ (window).L;
/** Around the place searched, how many markers are worth seeing at first. */
const PROCHES = 6;
const ZOOM_LIEU = 12;
const MARGE = { padding: [28, 28], animate: false };

export class Suivi {
  /** @param {HTMLElement} section @param {any} couches what carte.py announced */
  constructor(section, couches) {
    this.section = section;
    this.couches = couches;
    this.carte = couches.carte;
    /** @type {Map<string, import("./carte-fond.js").Contour>} */
    this.fond = new Map();
    /** @type {Donnees|null} */
    this.donnees = null;
    this.detail = new Detail(couches.groupe);
    this.enRangs = new EnRangs(this.carte, couches.foule);
    /** @type {Detail|EnRangs} what the present answer is drawn by */
    this.reponse = this.detail;
    /** @type {string[]} who is chosen until something else is */
    this.choisis = [];
    /** @type {Record<string, string>|null} a position or an address, told by the page, in no URL */
    this.depuis = null;
    this.repere = L.layerGroup([]).addTo(this.carte);
    this.lieu = "";
    /** Whether the view was chosen by the person: then it is kept. */
    this.choisie = false;
    this.automatique = false;
    this.demande = new AbortController();
    this.nommer = () => {};
  }

  /**
   * Put the map in place, then what stands on it, and then what lies under it.
   * @param {import("./carte.js").Question} premiere what the page answered
   */
  async demarrer(premiere) {
    const cadre = /** @type {HTMLElement} */ (this.section.querySelector(".carte-cadre"));
    const conteneur = this.carte.getContainer();
    conteneur.setAttribute("role", "region");
    conteneur.setAttribute("aria-label", "Carte des services");
    cadre.append(hachures());
    this.couches.groupe.options.iconCreateFunction = iconeGrappe;
    clavier(this.carte, this.couches.groupe, conteneur);
    // Markers that part or join are on their way when the view has moved: names wait for them.
    this.couches.groupe.on("animationend", () => this.nommer());
    apprivoiserMolette(this.carte, cadre);
    pleinEcran(this.carte, cadre);
    boutonCarte(this.carte, "carte-departement", "Voir toute l’Isère", () => this.carte.fitBounds(this.couches.isere));
    interrogerCommunes(this.carte, () => this.fond.values(), (code) => this.reponse.couvrent(code));
    this.suivreVue();
    new ResizeObserver(() => this.carte.invalidateSize({ pan: false })).observe(cadre);
    suivreListe(this.section, {
      surligner: (slugs) => this.surligner(slugs.length ? slugs : this.choisis),
      retenir: (slugs) => this.retenir(slugs),
      approcher: (slug) => this.approcher(slug),
      total: () => this.donnees?.total ?? 0,
    });
    document.addEventListener("cartographie:resultats", (evenement) => {
      const { requete, depuis, donnees } = /** @type {CustomEvent} */ (evenement).detail;
      this.actualiser(requete, depuis ?? null, donnees);
    });
    const dessine = this.actualiser(premiere.requete, premiere.depuis, premiere.donnees);
    // Tiles measure the page: once markers are painted.
    const etabli = dessine.then(souffler).then(() => poserTuiles(this.carte, this.couches.tuiles, this.section));
    await Promise.all([etabli, this.poserFond(dessine)]);
  }

  /** The address keeps a view chosen by the person, never one that we chose. */
  suivreVue() {
    const suivre = () => {
      const vue = lireVue();
      if (vue) this.carte.setView(vue.position, vue.zoom, { animate: false });
      return Boolean(vue);
    };
    this.cadrer(() => this.carte.fitBounds(this.couches.isere, { animate: false }), false);
    this.choisie = suivre();
    this.carte.on("moveend", () => {
      if (this.automatique) return;
      this.choisie = true;
      // Around a position, the view would tell it to the address.
      if (!this.depuis) ecrireVue(this.carte);
    });
    window.addEventListener("hashchange", suivre);
    this.carte.on("popupopen", ({ popup }) => {
      choisir(this.reponse.slugs(popup._source?.options.rangs ?? []), "carte");
    });
    // What a page tells may come after it opened.
    this.carte.on("carte-fiches", (/** @type {any} */ { rangs }) => choisir(this.reponse.slugs(rangs), "carte"));
    this.carte.on("popupclose", () => choisir([], "carte"));
  }

  /** @param {() => void} bouger without animation @param {boolean} [oublier] */
  cadrer(bouger, oublier = true) {
    this.automatique = true;
    bouger();
    this.automatique = false;
    this.choisie = false;
    if (oublier) oublierVue();
  }

  /**
   * @param {string} requete the query string of the list
   * @param {Record<string, string>|null} depuis what goes by POST alone, kept in this page only
   * @param {any} [donnees] what the page said of its own answer; without it the server is asked
   */
  async actualiser(requete, depuis, donnees) {
    this.depuis = depuis;
    this.demande.abort();
    this.demande = new AbortController();
    const { signal } = this.demande;
    try {
      const lues = donnees === undefined ? await this.demander(requete, depuis, signal) : (donnees ?? VIDE);
      const prete = await this.enRangs.preparer(lues, () => this.demander(requete, depuis, signal));
      if (signal.aborted) return;
      this.panne(false);
      this.dessiner(prete);
    } catch (erreur) {
      if (!signal.aborted) this.panne(true);
    }
  }

  /**
   * @param {string} requete @param {Record<string, string>|null} depuis @param {AbortSignal} signal
   */
  async demander(requete, depuis, signal) {
    const question = new URLSearchParams(requete);
    question.set("forme", "compacte");
    const envoi = depuis ? { method: "POST", body: new URLSearchParams(depuis) } : {};
    const reponse = await fetch(`/carte.json?${question}`, { signal, credentials: "omit", ...envoi });
    if (reponse.status >= 500) throw new Error(`/carte.json : ${reponse.status}`);
    return reponse.ok ? reponse.json() : VIDE;
  }

  /** @param {boolean} oui */
  panne(oui) {
    const phrase = this.section.querySelector(".carte-panne");
    if (phrase instanceof HTMLElement) phrase.hidden = !oui;
  }

  /** @param {Promise<void>} avant what is to be seen first */
  async poserFond(avant) {
    let secteurs;
    try {
      const fond = await chargerFond(this.couches, this.section.dataset.fond ?? "", { avant });
      this.fond = fond.communes;
      secteurs = fond.epci;
    } catch {
      return; // markers alone still show where services are
    }
    await souffler();
    this.nommer = nommer(this.carte, this.fond.values(), secteurs, () => this.obstacles());
    if (this.donnees) this.dessinerTerritoires(this.donnees);
  }

  /** @param {Donnees} donnees */
  dessiner(donnees) {
    const rendue = !this.donnees && this.choisie;
    this.donnees = donnees;
    this.reponse.retirer();
    this.reponse = "atlas" in donnees ? this.enRangs : this.detail;
    this.reponse.garder(/** @type {any} */ (donnees));
    this.repere.clearLayers();
    const ici = this.position();
    if (ici) for (const dessin of position(ici)) this.repere.addLayer(dessin);
    else if (donnees.lieu) this.repere.addLayer(repere(donnees.lieu));
    const lieu = `${donnees.lieu?.libelle ?? ""} ${ici ?? ""}`.trim();
    // A view given back by the address stays; another place searched brings its own.
    if (lieu !== this.lieu && !rendue) this.montrerLieu(donnees);
    this.lieu = lieu;
    // Markers are laid once the view is known: gathered for it, and where they stand.
    this.reponse.poser();
    this.dessinerTerritoires(donnees);
    this.retenir(this.choisis.filter((slug) => this.reponse.montrent(slug).length));
    raconter(this.section, this.reponse.bilan());
    // Where names may stand is read from the page: once it is laid out, not before.
    souffler().then(() => this.nommer());
  }

  /** Where names must not be written: under markers, clusters and the place searched. */
  obstacles() {
    const cadre = this.carte.getContainer().getBoundingClientRect();
    return [...this.reponse.visibles, ...this.repere.getLayers()]
      .map((marqueur) => marqueur?.getElement()?.getBoundingClientRect())
      .filter(Boolean)
      .map(({ x, y, width, height }) => ({
        x: x - cadre.x + width / 2,
        y: y - cadre.y + height / 2,
        largeur: width,
        hauteur: height,
      }));
  }

  /** Networks and the commune searched need the outlines: drawn again when these arrive. */
  dessinerTerritoires(/** @type {Donnees} */ donnees) {
    const { reseaux, lieu } = this.couches;
    reseaux.clearLayers();
    lieu.clearLayers();
    for (const polygone of this.reponse.reseaux(this.fond)) reseaux.addLayer(polygone);
    const commune = this.fond.get(donnees.lieu?.code_insee ?? "");
    if (commune) lieu.addData(commune);
  }

  /** Show the place searched with what is nearest to it, or the whole département. */
  montrerLieu(/** @type {Donnees} */ { lieu }) {
    if (!lieu) {
      this.cadrer(() => this.carte.fitBounds(this.couches.isere, { animate: false }));
      return;
    }
    const centre = L.latLng(this.position() ?? [lieu.latitude, lieu.longitude]);
    const vue = L.latLngBounds([centre, ...this.reponse.proches(centre, PROCHES)]);
    this.cadrer(() => this.carte.fitBounds(vue, { ...MARGE, maxZoom: ZOOM_LIEU }));
  }

  /** @returns {[number, number]|null} where the person is (latitude, longitude), if she said it */
  position() {
    const { latitude, longitude } = this.depuis ?? {};
    return latitude && longitude ? [Number(latitude), Number(longitude)] : null;
  }

  /** Keep these chosen, until something else is. @param {string[]} slugs */
  retenir(slugs) {
    this.choisis = slugs;
    this.surligner(slugs);
  }

  /** Bring an acteur into view, when it stands somewhere. @param {string} slug */
  approcher(slug) {
    const lieu = this.reponse.lieu(slug);
    if (lieu) this.carte.panInside(lieu, { padding: [60, 60] });
  }

  /** Ring the markers of these, and draw the territoire of who is alone. @param {string[]} slugs */
  surligner(slugs) {
    for (const ancien of this.section.querySelectorAll(".carte-actif")) ancien.classList.remove("carte-actif");
    for (const dessin of slugs.flatMap((slug) => this.reponse.montrent(slug))) {
      dessin?.getElement()?.classList.add("carte-actif");
    }
    const codes = slugs.length === 1 ? this.reponse.territoire(slugs[0]) : null;
    dessinerTerritoire(this.couches.territoire, this.fond, codes ?? []);
  }
}
