/**
 * The map follows the list: the same search, asked to /carte.json, drawn on what carte.py built.
 * Nothing here stores anything or talks to another origin.
 */

import { Atlas } from "./carte-atlas.js";
import { clavier } from "./carte-clavier.js";
import { interrogerCommunes } from "./carte-communes.js";
import { chargerFond, nommer, reunir, souffler } from "./carte-fond.js";
import { Foule } from "./carte-foule.js";
import { choisir, suivreListe } from "./carte-liste.js";
import { iconeGrappe, lireActeurs, marques, position, repere } from "./carte-marques.js";
import { pleinEcran } from "./carte-plein.js";
import { compter, compterRangs, raconter } from "./carte-recit.js";
import { reseauxDe, reseauxDeRangs } from "./carte-reseaux.js";
import { hachures } from "./carte-symboles.js";
import { dessinerTerritoire } from "./carte-territoires.js";
import { poserTuiles } from "./carte-tuiles.js";
import { apprivoiserMolette, boutonCarte, ecrireVue, lireVue, oublierVue } from "./carte-vue.js";

/**
 * @typedef {import("./carte-marques.js").Donnees} Donnees
 * @typedef {{lieu: Donnees["lieu"], total: number, atlas: string, choix: string,
 *   lignes: Record<string, number>}} Rangs a large answer, in ranks of an atlas
 */

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
    /** @type {(Donnees & Rangs)|null} */
    this.donnees = null;
    /** @type {Atlas|null} the one that the present answer counts in, when it is a large one */
    this.atlas = null;
    this.foule = new Foule(this.carte, couches.foule);
    /** @type {Map<string, any[]>} what stands for each acteur */
    this.dessins = new Map();
    /** @type {any[]} */
    this.marqueurs = [];
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
    interrogerCommunes(this.carte, () => this.fond.values(), (code) => this.couvrent(code));
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
    const etabli = () => poserTuiles(this.carte, this.couches.tuiles, this.section);
    const dessine = this.actualiser(premiere.requete, premiere.depuis, premiere.donnees).finally(etabli);
    await Promise.all([dessine, this.poserFond(dessine)]);
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
      choisir(this.slugs(popup._source?.options.rangs ?? []), "carte");
    });
    // What a page tells may come after it opened.
    this.carte.on("carte-fiches", (/** @type {any} */ { rangs }) => choisir(this.slugs(rangs), "carte"));
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
      const prete = await this.preparer(lues, () => this.demander(requete, depuis, signal));
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

  /** @param {Donnees & Rangs} donnees */
  dessiner(donnees) {
    const rendue = !this.donnees && this.choisie;
    this.donnees = donnees;
    this.dessins.clear();
    this.marqueurs = [];
    this.couches.groupe.clearLayers();
    this.foule.retirer();
    if (this.enRangs) this.foule.garder(/** @type {Atlas} */ (this.atlas), donnees.choix);
    else this.marquer(donnees);
    this.repere.clearLayers();
    const ici = this.position();
    if (ici) for (const dessin of position(ici)) this.repere.addLayer(dessin);
    else if (donnees.lieu) this.repere.addLayer(repere(donnees.lieu));
    const lieu = `${donnees.lieu?.libelle ?? ""} ${ici ?? ""}`.trim();
    // A view given back by the address stays; another place searched brings its own.
    if (lieu !== this.lieu && !rendue) this.montrerLieu(donnees);
    this.lieu = lieu;
    // Markers are laid once the view is known: gathered for it, and where they stand.
    if (this.enRangs) this.foule.dessiner();
    else this.couches.groupe.addLayers(this.marqueurs);
    this.dessinerTerritoires(donnees);
    this.retenir(this.choisis.filter((slug) => this.dessinsDe(slug).length));
    raconter(this.section, this.bilan(donnees));
    // Where names may stand is read from the page: once it is laid out, not before.
    souffler().then(() => this.nommer());
  }

  /** Whether the present answer is told in ranks. */
  get enRangs() {
    return Boolean(this.donnees?.atlas);
  }

  /** @param {Donnees} donnees */
  marquer(donnees) {
    this.marqueurs = marques(donnees, lireActeurs(donnees));
    for (const marqueur of this.marqueurs) this.indexer(donnees, marqueur);
  }

  /** @param {Donnees} donnees */
  bilan(donnees) {
    if (!this.enRangs) return compter(donnees);
    return compterRangs(/** @type {Atlas} */ (this.atlas), this.foule.choix, donnees.lieu);
  }

  /** Where names must not be written: under markers, clusters and the place searched. */
  obstacles() {
    const visibles = this.enRangs
      ? this.foule.vus
      : new Set(this.marqueurs.map((m) => this.couches.groupe.getVisibleParent(m)));
    const cadre = this.carte.getContainer().getBoundingClientRect();
    return [...visibles, ...this.repere.getLayers()]
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
    const dessines = this.enRangs
      ? reseauxDeRangs(/** @type {Atlas} */ (this.atlas), this.foule, this.fond)
      : reseauxDe(donnees, this.fond);
    for (const polygone of dessines) {
      reseaux.addLayer(polygone);
      if (!this.enRangs) this.indexer(donnees, polygone);
    }
    const commune = this.fond.get(donnees.lieu?.code_insee ?? "");
    if (commune) lieu.addData(commune);
  }

  /** @param {Donnees} donnees @param {any} dessin */
  indexer(donnees, dessin) {
    for (const rang of dessin.options.rangs) {
      const slug = donnees.acteurs[rang][0];
      this.dessins.set(slug, [...(this.dessins.get(slug) ?? []), dessin]);
    }
  }

  /** Show the place searched with what is nearest to it, or the whole département. */
  montrerLieu(/** @type {Donnees} */ { lieu }) {
    if (!lieu) {
      this.cadrer(() => this.carte.fitBounds(this.couches.isere, { animate: false }));
      return;
    }
    const centre = L.latLng(this.position() ?? [lieu.latitude, lieu.longitude]);
    const proches = this.enRangs
      ? this.foule.proches(centre, PROCHES)
      : this.marqueurs
          .map((m) => m.getLatLng())
          .sort((a, b) => centre.distanceTo(a) - centre.distanceTo(b))
          .slice(0, PROCHES);
    const vue = L.latLngBounds([centre, ...proches]);
    this.cadrer(() => this.carte.fitBounds(vue, { ...MARGE, maxZoom: ZOOM_LIEU }));
  }

  /** @returns {[number, number]|null} where the person is (latitude, longitude), if she said it */
  position() {
    const { latitude, longitude } = this.depuis ?? {};
    return latitude && longitude ? [Number(latitude), Number(longitude)] : null;
  }

  /** @param {number[]} rangs @returns {string[]} those that are known */
  slugs(rangs) {
    if (this.enRangs) return rangs.map((rang) => this.atlas?.connus.get(rang)?.acteur.slug ?? "").filter(Boolean);
    return rangs.map((rang) => this.donnees?.acteurs[rang][0]);
  }

  /** @param {string} slug @returns {number} its rank in the atlas, or -1 */
  rang(slug) {
    const deLaListe = this.donnees?.lignes[slug];
    if (deLaListe !== undefined) return deLaListe;
    for (const [rang, { acteur }] of this.atlas?.connus ?? []) if (acteur.slug === slug) return rang;
    return -1;
  }

  /** What stands for an acteur. @param {string} slug @returns {any[]} */
  dessinsDe(slug) {
    return this.enRangs ? this.foule.dessinsDe(this.rang(slug)) : (this.dessins.get(slug) ?? []);
  }

  /** @param {string} slug @returns {string[]|null} INSEE codes of its territoire */
  territoire(slug) {
    if (this.enRangs) return this.atlas?.codes(this.rang(slug)) ?? null;
    const acteur = this.donnees?.acteurs.find(([un]) => un === slug);
    const rang = acteur?.[/** @type {Donnees} */ (this.donnees).colonnes.indexOf("territoire")];
    return this.donnees?.territoires[Number(rang)] ?? null;
  }

  /** How many acteurs of the answer say that they cover a commune. @param {string} code */
  couvrent(code) {
    if (this.enRangs) return this.atlas?.couvrent(code, this.foule.choix) ?? 0;
    return (this.donnees?.acteurs ?? []).filter(([slug]) => this.territoire(slug)?.includes(code)).length;
  }

  /** Keep these chosen, until something else is. @param {string[]} slugs */
  retenir(slugs) {
    this.choisis = slugs;
    this.surligner(slugs);
  }

  /** Bring an acteur into view, when it stands somewhere. @param {string} slug */
  approcher(slug) {
    const [dessin] = this.dessinsDe(slug);
    const lieu = dessin ? (dessin.getLatLng?.() ?? dessin.getCenter()) : this.foule.lieu(this.rang(slug));
    if (lieu) this.carte.panInside(lieu, { padding: [60, 60] });
  }

  /** Ring the markers of these, and draw the territoire of who is alone. @param {string[]} slugs */
  surligner(slugs) {
    for (const ancien of this.section.querySelectorAll(".carte-actif")) ancien.classList.remove("carte-actif");
    for (const dessin of slugs.flatMap((slug) => this.dessinsDe(slug))) {
      const visible = this.couches.groupe.hasLayer(dessin) ? this.couches.groupe.getVisibleParent(dessin) : dessin;
      visible?.getElement()?.classList.add("carte-actif");
    }
    const codes = slugs.length === 1 ? this.territoire(slugs[0]) : null;
    dessinerTerritoire(this.couches.territoire, this.fond, codes ?? []);
  }
}

/** @type {any} what is drawn when the search was not understood */
const VIDE = { lieu: null, total: 0, types: [], colonnes: [], acteurs: [], portes: [], zones: [], reseaux: [], territoires: [], sans_lieu: 0 };
