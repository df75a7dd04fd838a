/**
 * The ground: outlines of communes and EPCI, names as one comes nearer, and shapes made of communes.
 * It comes from our own server once, and is enough by itself: without tiles the map is complete.
 */

import { noeud } from "./carte-symboles.js";

const L = /** @type {any} */ (window).L;

/**
 * @typedef {{code_insee: string, nom: string, libelle: string, population: number,
 *   epci: string, longitude: number, latitude: number}} Commune
 * @typedef {{code: string, nom: string, longitude: number, latitude: number}} Epci
 * @typedef {{nom: string, longitude: number, latitude: number, epci?: boolean}} Nomme
 */
/** @typedef {{type: string, properties: Commune, geometry: {type: string, coordinates: any}}} Contour */

/** @typedef {{x: number, y: number, largeur: number, hauteur: number}} Boite centre and size, in pixels */

/** Inhabitants from which a commune is named, by zoom: few names well placed beat many. */
const HABITANTS = { 7: 60_000, 8: 12_000, 9: 6_000, 10: 2_500, 11: 800 };
/** Zooms between which EPCI are named, where communes leave room. */
const ZOOMS_EPCI = [8.5, 12];
const LARGEUR_LETTRE = 6.4;
const HAUTEUR_NOM = 15;
/** Where a name may stand around its mairie, best first: on it, below, above. */
const DECALAGES = [0, 24, -24, 32];

/** Let what waits be painted before going on. @returns {Promise<void>} */
export const souffler = () => new Promise((suite) => requestAnimationFrame(() => setTimeout(suite)));

/**
 * Fetch the outlines and draw them a piece at a time: the ground, borders each once, and those of
 * EPCI among them.
 * @param {{sol: any, communes: any, epci: any}} couches
 * @param {string} adresse of the Topology
 * @param {{avant?: Promise<unknown>, surfaces?: boolean}} [options] `avant`: what is to be seen
 *   first; `surfaces`: each commune is a surface of its own
 * @returns {Promise<{communes: Map<string, Contour>, epci: Epci[]}>} the communes by INSEE code
 */
export async function chargerFond(couches, adresse, { avant, surfaces = false } = {}) {
  const reponse = await fetch(adresse, { credentials: "omit" });
  if (!reponse.ok) throw new Error(`${adresse} : ${reponse.status}`);
  const [texte] = await Promise.all([reponse.text(), avant]);
  await souffler();
  const topologie = JSON.parse(texte);
  const lignes = lireArcs(topologie);
  const limites = lireLimites(topologie, "communes");
  const sens = new Set(topologie.objects.communes.geometries.flatMap((/** @type {any} */ un) => un.arcs.flat(2)));
  const tour = [...limites]
    .filter(([, cotes]) => cotes.length === 1)
    .map(([rang]) => (sens.has(rang) ? lignes[rang] : [...lignes[rang]].reverse()));
  couches.sol.addData({ type: "Polygon", coordinates: enchainer(tour.flatMap(aretes)).map(retourner) });
  await souffler();
  const communes = lireTopologie(topologie, "communes", lignes);
  await souffler();
  if (surfaces) couches.communes.addData(communes);
  else couches.communes.addData({ type: "MultiLineString", coordinates: lignes });
  await souffler();
  const secteurs = [...limites].filter(([, [un, autre]]) => un !== autre).map(([rang]) => lignes[rang]);
  couches.epci.addData({ type: "MultiLineString", coordinates: secteurs });
  return {
    communes: new Map(communes.map((c) => [c.properties.code_insee, c])),
    epci: topologie.objects.communes.epci,
  };
}

/**
 * Each border with the EPCI on its sides: one side alone is the edge of all.
 * @param {any} topologie @param {string} nom @returns {Map<number, string[]>} by the rank of its arc
 */
function lireLimites({ objects }, nom) {
  /** @type {Map<number, string[]>} */
  const limites = new Map();
  for (const { properties, arcs } of objects[nom].geometries) {
    for (const rang of arcs.flat(2)) {
      const arc = rang < 0 ? ~rang : rang;
      limites.set(arc, [...(limites.get(arc) ?? []), properties.epci]);
    }
  }
  return limites;
}

/** @param {number[][]} ligne @returns {[number[], number[]][]} its edges, one after the other */
const aretes = (ligne) => ligne.slice(1).map((point, n) => [ligne[n], point]);

/** @param {number[][]} anneau latitude first @returns {number[][]} longitude first, closed */
const retourner = (anneau) => [...anneau, anneau[0]].map(([latitude, longitude]) => [longitude, latitude]);

/** @param {any} topologie @returns {number[][][]} its borders: longitude, latitude */
function lireArcs({ arcs, transform }) {
  const [pas] = transform.scale;
  return arcs.map((/** @type {number[][]} */ arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => [(x += dx) * pas, (y += dy) * pas]);
  });
}

/**
 * The surfaces of a TopoJSON object as GeoJSON features: each border is written there once.
 * @param {any} topologie @param {string} nom @param {number[][][]} lignes its borders
 * @returns {Contour[]}
 */
function lireTopologie({ objects }, nom, lignes) {
  const anneau = (/** @type {number[]} */ rangs) =>
    rangs.flatMap((rang, n) => {
      const ligne = rang < 0 ? [...lignes[~rang]].reverse() : lignes[rang];
      return n ? ligne.slice(1) : ligne; // an arc begins where the one before ended
    });
  return objects[nom].geometries.map((/** @type {any} */ { type, properties, arcs: polygones }) => ({
    type: "Feature",
    properties,
    geometry: {
      type,
      coordinates: polygones.map((/** @type {number[][]} */ anneaux) => anneaux.map(anneau)),
    },
  }));
}

/**
 * Outline of several communes together, as rings of [latitude, longitude].
 *
 * Borders are shared point by point and run in opposite directions on their two sides: what is
 * left once both directions have cancelled out is the outline.
 * @param {Contour[]} contours @returns {number[][][]}
 */
export function reunir(contours) {
  /** @type {Map<string, [number[], number[]]>} */
  const aretes = new Map();
  for (const { geometry } of contours) {
    const polygones = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const anneau of polygones.flat()) {
      for (let i = 1; i < anneau.length; i++) {
        const [a, b] = [anneau[i - 1], anneau[i]];
        if (a[0] === b[0] && a[1] === b[1]) continue;
        if (!aretes.delete(`${b} ${a}`)) aretes.set(`${a} ${b}`, [a, b]);
      }
    }
  }
  return enchainer([...aretes.values()]);
}

/** @param {[number[], number[]][]} aretes directed @returns {number[][][]} */
function enchainer(aretes) {
  /** @type {Map<string, [number[], number[]][]>} */
  const departs = new Map();
  for (const arete of aretes) {
    const cle = String(arete[0]);
    departs.set(cle, [...(departs.get(cle) ?? []), arete]);
  }
  const anneaux = [];
  for (const [premiere] of [...departs.values()]) {
    /** @type {number[][]} */
    const anneau = [];
    let arete = premiere && departs.get(String(premiere[0]))?.pop();
    while (arete) {
      anneau.push([arete[0][1], arete[0][0]]);
      arete = departs.get(String(arete[1]))?.pop();
    }
    if (anneau.length > 2) anneaux.push(anneau);
  }
  return anneaux;
}

/** A name on the map: seen, not heard, never in the way of a finger. */
const Nom = L.DivIcon.extend({
  createIcon(/** @type {HTMLElement|null} */ ancienne) {
    const element = L.DivIcon.prototype.createIcon.call(this, ancienne);
    element.setAttribute("aria-hidden", "true");
    return element;
  },
});

/** « Communauté de communes du Trièves » is written « Trièves ». @param {string} nom */
const nomCourt = (nom) =>
  nom.replace(/^Communauté (?:de communes|d['’]agglomération) (?:de la |du |de l['’]|de )?/, "");

/**
 * Name the communes in view, the most inhabited first, then the EPCI where there is room; no name
 * stands over another or over a marker.
 * @param {any} carte @param {Iterable<Contour>} contours @param {Epci[]} epci
 * @param {() => Boite[]} obstacles
 * @returns {() => void} to be called when markers change
 */
export function nommer(carte, contours, epci, obstacles) {
  carte.createPane("carte-noms");
  const groupe = L.layerGroup([], { pane: "carte-noms" }).addTo(carte);
  const communes = [...contours]
    // A commune says which EPCI it is in, and is not one: its name is not written as one.
    .map(({ properties: { nom, population, longitude, latitude } }) => ({ nom, population, longitude, latitude }))
    .sort((a, b) => b.population - a.population);
  const secteurs = epci.map((un) => ({ ...un, nom: nomCourt(un.nom), epci: true }));
  const placer = () => {
    groupe.clearLayers();
    const places = obstacles();
    const zoom = carte.getZoom();
    const noms = zoom >= ZOOMS_EPCI[0] && zoom < ZOOMS_EPCI[1] ? secteurs : [];
    for (const nomme of [...communesVisibles(carte, communes), ...noms]) {
      const boite = trouverPlace(carte, nomme, places);
      if (!boite) continue;
      places.push(boite);
      groupe.addLayer(nomDe(nomme, boite.decalage));
    }
  };
  carte.on("moveend", placer);
  placer();
  return placer;
}

/**
 * @template {{population: number, longitude: number, latitude: number}} T
 * @param {any} carte @param {T[]} communes @returns {T[]}
 */
function communesVisibles(carte, communes) {
  const seuil = /** @type {Record<number, number>} */ (HABITANTS)[Math.floor(carte.getZoom())] ?? 0;
  const vue = carte.getBounds();
  return communes.filter(
    (commune) => commune.population >= seuil && vue.contains([commune.latitude, commune.longitude]),
  );
}

/**
 * @param {any} carte @param {Nomme} nomme @param {Boite[]} places already taken
 * @returns {(Boite & {decalage: number})|undefined}
 */
function trouverPlace(carte, nomme, places) {
  const { x, y } = carte.latLngToContainerPoint([nomme.latitude, nomme.longitude]);
  const largeur = nomme.nom.length * LARGEUR_LETTRE * (nomme.epci ? 1.15 : 1) + 8;
  if (x < largeur / 2 || x > carte.getSize().x - largeur / 2) return undefined;
  return DECALAGES.map((decalage) => ({ x, y: y + decalage, largeur, hauteur: HAUTEUR_NOM, decalage })).find(
    (boite) => places.every((autre) => !chevauche(boite, autre)),
  );
}

/** @param {Boite} a @param {Boite} b */
function chevauche(a, b) {
  return (
    Math.abs(a.x - b.x) < (a.largeur + b.largeur) / 2 && Math.abs(a.y - b.y) < (a.hauteur + b.hauteur) / 2
  );
}

/** @param {Nomme} nomme @param {number} decalage */
function nomDe(nomme, decalage) {
  return L.marker([nomme.latitude, nomme.longitude], {
    pane: "carte-noms",
    interactive: false,
    keyboard: false,
    icon: new Nom({
      html: noeud("span", "", nomme.nom),
      className: nomme.epci ? "carte-nom carte-nom--epci" : "carte-nom",
      iconSize: [0, 0],
      iconAnchor: [0, -decalage],
    }),
  });
}
