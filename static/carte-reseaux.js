/**
 * Networks: drawn as the communes that they cover, since they have no door. In a large answer those
 * of the same communes are one surface, which names them all.
 */

import { reunir } from "./carte-fond.js";
import { fiche, fichesEnsemble, lireActeurs, optionsPopup } from "./carte-marques.js";

const L = /** @type {any} */ (window).L;

/** @typedef {import("./carte-fond.js").Contour} Contour */

/**
 * One surface a network, the largest below.
 * @param {import("./carte-marques.js").Donnees} donnees @param {Map<string, Contour>} fond
 * @returns {any[]}
 */
export function reseauxDe(donnees, fond) {
  const acteurs = lireActeurs(donnees);
  const libelles = new Map(donnees.types.map(([code, libelle]) => [code, libelle]));
  return parEtendue(donnees.reseaux, fond).map(([rang, codes, anneaux]) => {
    const acteur = acteurs[rang];
    const libelle = libelles.get(acteur.type) ?? "";
    const nom = `${acteur.nom}, ${libelle}, ${etendue(codes)}`;
    const polygone = surface(anneaux, nom, [rang]);
    return polygone.bindPopup(() => fiche(acteur, libelle, ""), optionsPopup(nom));
  });
}

/**
 * One surface for all the networks of the same communes.
 * @param {import("./carte-atlas.js").Atlas} atlas @param {import("./carte-foule.js").Foule} foule
 * @param {Map<string, Contour>} fond @returns {any[]}
 */
export function reseauxDeRangs(atlas, foule, fond) {
  /** @type {Map<number, number[]>} */
  const groupes = new Map();
  for (const rang of atlas.reseaux) {
    if (!foule.choix[rang]) continue;
    const territoire = atlas.territoire[rang];
    groupes.set(territoire, [...(groupes.get(territoire) ?? []), rang]);
  }
  const ensembles = [...groupes].map(([territoire, rangs]) => /** @type {[number[], string[]]} */ ([rangs, atlas.territoires[territoire] ?? []]));
  return parEtendue(ensembles, fond).map(([rangs, codes, anneaux]) => {
    const nom = `${rangs.length > 1 ? `${rangs.length} réseaux` : "1 réseau"}, ${etendue(codes)}`;
    const polygone = surface(anneaux, nom, rangs);
    return polygone.bindPopup(() => foule.page(polygone, rangs, () => foule.ensemble(nom, rangs)), optionsPopup(nom));
  });
}

/**
 * With the outline of their communes, the largest first; those of which none is drawn are left out.
 * @template Q @param {[Q, string[]][]} reseaux @param {Map<string, Contour>} fond
 * @returns {[Q, string[], number[][][]][]}
 */
function parEtendue(reseaux, fond) {
  return [...reseaux]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([quoi, codes]) => {
      const contours = codes.map((code) => fond.get(code)).filter((c) => c !== undefined);
      return /** @type {[Q, string[], number[][][]]} */ ([quoi, codes, reunir(contours)]);
    })
    .filter(([, , anneaux]) => anneaux.length);
}

/** @param {string[]} codes */
const etendue = (codes) => `territoire : ${codes.length > 1 ? `${codes.length} communes` : "une commune"}`;

/**
 * A surface that is reached with the keyboard like a marker.
 * @param {number[][][]} anneaux rings, latitude then longitude
 * @param {string} nom @param {number[]} rangs
 */
function surface(anneaux, nom, rangs) {
  const polygone = L.polygon(anneaux, {
    pane: "carte-reseaux",
    className: "carte-reseau",
    fillColor: "url(#carte-hachures)",
    bubblingMouseEvents: false,
    rangs,
    nom,
  });
  polygone.on("add", () => {
    const element = polygone.getElement();
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", nom);
  });
  return polygone;
}
