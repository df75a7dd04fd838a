/**
 * One shape and one colour per type: the shapes are here, the colours in carte.css, so that both
 * colour schemes have their own. Everything is made of DOM nodes: no text ever becomes markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines in a square of 24 by 24; a shape alone must be enough to tell a type. */
const FORMES = {
  LEAO: "M12 2.5a9.5 9.5 0 1 1 0 19a9.5 9.5 0 1 1 0-19z",
  ACCUEIL_DE_JOUR: "M1.5 18.5A10.5 12.5 0 0 1 22.5 18.5Z",
  HEBERGEMENT: "M12 2 22.5 11.5H19.5V21.5H4.5V11.5H1.5Z",
  AIDE: "M12 21.5C5 15.5 1.5 12 1.5 8a5.6 5.6 0 0 1 10.5-2.6A5.6 5.6 0 0 1 22.5 8c0 4-3.5 7.5-10.5 13.5z",
  ISCG: "M1.5 3.5H22.5L12 22Z",
  FORCE_ORDRE: "M12 1.5 21 4.5V11C21 16.5 17 20.5 12 22.5 7 20.5 3 16.5 3 11V4.5Z",
  JUSTICE: "M12 .5 23.5 12 12 23.5 .5 12Z",
  SANTE: "M8.5 2H15.5V8.5H22V15.5H15.5V22H8.5V15.5H2V8.5H8.5Z",
  ERPE: "M6.5 3H17.5L23 12 17.5 21H6.5L1 12Z",
  AUTEURS: "M2.5 3H21.5L15 12 21.5 21H2.5L9 12Z",
  PROSTITUTION: "M1.5 7H11.5V2L23 12 11.5 22V17H1.5Z",
  CISPD: "M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20zM12 7.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z",
  ASSOCIATION: "M3.5 3.5H20.5V20.5H3.5Z",
  INSTITUTION: "M12 1 15.3 8.3 23.2 9.2 17.3 14.6 18.9 22.4 12 18.4 5.1 22.4 6.7 14.6 .8 9.2 8.7 8.3Z",
};
/** A type that a later vocabulary adds is still drawn, without a colour of its own. */
const FORME_INCONNUE = "M4 4H20V20H4Z";

/**
 * Make an HTML element; the text is text.
 * @param {string} nom @param {string} [classe] @param {string} [texte]
 * @returns {HTMLElement}
 */
export function noeud(nom, classe = "", texte = "") {
  const element = document.createElement(nom);
  if (classe) element.className = classe;
  if (texte) element.textContent = texte;
  return element;
}

/**
 * Make an SVG element from its attributes.
 * @param {string} nom @param {Record<string, string>} attributs
 * @returns {SVGElement}
 */
export function dessin(nom, attributs) {
  const element = document.createElementNS(SVG, nom);
  for (const [cle, valeur] of Object.entries(attributs)) element.setAttribute(cle, valeur);
  return element;
}

/**
 * Draw the symbol of a type; it says nothing to a screen reader, the label beside it does.
 * @param {string} type code of the vocabulary
 * @returns {SVGElement}
 */
export function symbole(type) {
  const connu = Object.hasOwn(FORMES, type);
  const classe = connu ? ` carte-type-${type.toLowerCase().replaceAll("_", "-")}` : "";
  const svg = dessin("svg", {
    class: `carte-symbole${classe}`,
    viewBox: "-2 -2 28 28",
    "aria-hidden": "true",
    focusable: "false",
  });
  svg.append(dessin("path", { d: connu ? FORMES[type] : FORME_INCONNUE, "fill-rule": "evenodd" }));
  return svg;
}

/**
 * The pin of the place searched: its tip is the point, so that it hides nothing there.
 * @returns {SVGElement}
 */
export function epingle() {
  const svg = dessin("svg", { class: "carte-epingle", viewBox: "0 0 32 42", "aria-hidden": "true", focusable: "false" });
  svg.append(
    dessin("path", { d: "M16 41C13 33 2 27 2 15.5a14 14 0 0 1 28 0C30 27 19 33 16 41Z" }),
    dessin("circle", { cx: "16", cy: "15.5", r: "5" }),
  );
  return svg;
}

/**
 * The hatching of networks, put once in the page: a pattern is found by its id.
 * @returns {SVGElement}
 */
export function hachures() {
  const svg = dessin("svg", { class: "carte-motifs", "aria-hidden": "true", focusable: "false" });
  const motif = dessin("pattern", {
    id: "carte-hachures",
    patternUnits: "userSpaceOnUse",
    width: "9",
    height: "9",
    patternTransform: "rotate(45)",
  });
  motif.append(dessin("path", { d: "M0 0V9", class: "carte-hachure" }));
  svg.append(motif);
  return svg;
}

/**
 * Write the legend: only what is on the map.
 * @param {HTMLElement} liste
 * @param {{types: [string, string, number][], grappes: boolean, enZone: number, reseaux: number,
 *   lieu: unknown}} bilan
 */
export function ecrireLegende(liste, bilan) {
  const lignes = bilan.types.map(([code, libelle, nombre]) =>
    ligne(symbole(code), `${libelle} (${nombre})`),
  );
  if (bilan.grappes) {
    lignes.push(ligne(exemple("carte-grappe"), "Services proches les uns des autres : agrandir pour les voir"));
  }
  if (bilan.enZone) {
    lignes.push(ligne(exemple("carte-zone"), "Services sans adresse exacte sur la carte, groupés sur leur commune"));
  }
  if (bilan.reseaux) {
    lignes.push(ligne(exemple("carte-reseau"), "Territoire d’un réseau"));
  }
  if (bilan.lieu) lignes.push(ligne(epingle(), "Lieu recherché"));
  liste.replaceChildren(...lignes);
}

/** @param {Element} signe @param {string} texte @returns {HTMLElement} */
function ligne(signe, texte) {
  const li = noeud("li", "carte-legende-ligne");
  const cadre = noeud("span", "carte-legende-signe");
  cadre.append(signe);
  li.append(cadre, noeud("span", "", texte));
  return li;
}

/** @param {string} classe @returns {HTMLElement} */
function exemple(classe) {
  const signe = noeud("span", `carte-exemple ${classe}`, classe === "carte-reseau" ? "" : "3");
  signe.setAttribute("aria-hidden", "true");
  return signe;
}
