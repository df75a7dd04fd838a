/**
 * What the map shows and what it cannot show, in words under it, and its legend.
 */

import { services } from "./carte-marques.js";
import { ecrireLegende } from "./carte-symboles.js";

/**
 * @typedef {{total: number, lieu: object|null, types: [string, string, number][], portes: number,
 *   enZone: number, reseaux: number, sansLieu: number, grappes: boolean}} Bilan
 *   how many acteurs, of which kinds, how many known by their doors, their zone, their territoire
 */

/** @param {import("./carte-marques.js").Donnees} donnees @returns {Bilan} */
export function compter(donnees) {
  return {
    total: donnees.total,
    lieu: donnees.lieu,
    types: donnees.types,
    portes: new Set(donnees.portes.map(([rang]) => rang)).size,
    enZone: new Set(donnees.zones.flatMap((zone) => zone.acteurs)).size,
    reseaux: donnees.reseaux.length,
    sansLieu: donnees.sans_lieu,
    grappes: donnees.portes.length + donnees.zones.length > 1,
  };
}

/**
 * The same of an answer told in ranks.
 * @param {import("./carte-atlas.js").Atlas} atlas @param {Uint8Array} choix
 * @param {object|null} lieu @returns {Bilan}
 */
export function compterRangs(atlas, choix, lieu) {
  const parType = new Int32Array(atlas.types.length);
  const [porte, zone] = [new Uint8Array(atlas.nombre), new Uint8Array(atlas.nombre)];
  const { acteur, point } = atlas.semis;
  for (let n = 0; n < acteur.length; n++) (point[n] < atlas.portes ? porte : zone)[acteur[n]] = 1;
  const bilan = { total: 0, lieu, portes: 0, enZone: 0, reseaux: 0, sansLieu: 0, grappes: true };
  const enReseau = new Set(atlas.reseaux);
  for (let rang = 0; rang < choix.length; rang++) {
    if (!choix[rang]) continue;
    bilan.total += 1;
    parType[atlas.type[rang]] += 1;
    bilan.portes += porte[rang];
    bilan.enZone += zone[rang];
    if (enReseau.has(rang)) bilan.reseaux += 1;
    else if (!porte[rang] && !zone[rang]) bilan.sansLieu += 1;
  }
  const types = atlas.types.map(([code, libelle], n) => /** @type {[string, string, number]} */ ([code, libelle, parType[n]]));
  return { ...bilan, types: types.filter(([, , nombre]) => nombre) };
}

/** @param {HTMLElement} section @param {Bilan} bilan */
export function raconter(section, bilan) {
  const { portes, enZone, reseaux, sansLieu } = bilan;
  const morceaux = [
    portes && `${services(portes)} à ${portes > 1 ? "leur" : "son"} adresse`,
    enZone && `${services(enZone)} ${enZone > 1 ? "groupés sur leur" : "sur sa"} commune`,
    reseaux && (reseaux > 1 ? `${reseaux} réseaux sur leur territoire` : "1 réseau sur son territoire"),
    sansLieu && `${services(sansLieu)} sans lieu, dans la liste seulement`,
  ].filter(Boolean);
  const resume = section.querySelector(".carte-resume");
  const debut = bilan.total ? "Sur la carte : " : "Rien à montrer sur la carte";
  if (resume) resume.textContent = `${debut}${morceaux.join(", ")}.`;
  const liste = section.querySelector(".carte-legende-liste");
  if (liste instanceof HTMLElement) ecrireLegende(liste, bilan);
}
