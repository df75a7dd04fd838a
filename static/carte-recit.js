/**
 * What the map shows and what it cannot show, in words under it, and its legend.
 */

import { services } from "./carte-marques.js";
import { ecrireLegende } from "./carte-symboles.js";

/** @param {HTMLElement} section @param {import("./carte-marques.js").Donnees} donnees */
export function raconter(section, donnees) {
  const portes = new Set(donnees.portes.map(([rang]) => rang)).size;
  const enZone = new Set(donnees.zones.flatMap((zone) => zone.acteurs)).size;
  const reseaux = donnees.reseaux.length;
  const morceaux = [
    portes && `${services(portes)} à ${portes > 1 ? "leur" : "son"} adresse`,
    enZone && `${services(enZone)} ${enZone > 1 ? "groupés sur leur" : "sur sa"} commune`,
    reseaux && (reseaux > 1 ? `${reseaux} réseaux sur leur territoire` : "1 réseau sur son territoire"),
    donnees.sans_lieu && `${services(donnees.sans_lieu)} sans lieu, dans la liste seulement`,
  ].filter(Boolean);
  const resume = section.querySelector(".carte-resume");
  const debut = donnees.total ? "Sur la carte : " : "Rien à montrer sur la carte";
  if (resume) resume.textContent = `${debut}${morceaux.join(", ")}.`;
  const liste = section.querySelector(".carte-legende-liste");
  if (liste instanceof HTMLElement) ecrireLegende(liste, donnees);
}
