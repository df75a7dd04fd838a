/**
 * What stands on the map: doors, zones ("36 services à Grenoble"), clusters, networks, the place
 * searched, and the small page each of them opens. Text goes through textContent only.
 */

import { epingle, noeud, symbole } from "./carte-symboles.js";
import { phraseTerritoire } from "./carte-territoires.js";

const L = /** @type {any} */ (window).L;

/**
 * @typedef {{slug: string, nom: string, type: string, telephone: string, tel: string,
 *   communes: string[]|null}} Acteur `communes`: INSEE codes of its territoire
 * @typedef {{precision: string, code: string, ou: string, longitude: number, latitude: number,
 *   acteurs: number[]}} Zone
 * @typedef {{lieu: null|{libelle: string, code_insee: string, longitude: number, latitude: number},
 *   total: number, types: [string, string, number][], colonnes: string[], acteurs: any[][],
 *   portes: [number, number, number, string, string, string][], zones: Zone[],
 *   reseaux: [number, string[]][], territoires: string[][], sans_lieu: number}} Donnees
 */

/** An icon of DOM nodes that has a name for who does not see it. */
export const Icone = L.DivIcon.extend({
  createIcon(/** @type {HTMLElement|null} */ ancienne) {
    const element = L.DivIcon.prototype.createIcon.call(this, ancienne);
    // What can be pressed becomes a button after this: Leaflet says so.
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", this.options.nom);
    element.title = this.options.nom;
    return element;
  },
});

/** @param {number} nombre @returns {string} */
export const services = (nombre) => (nombre > 1 ? `${nombre} services` : `${nombre} service`);

/** @param {Donnees} donnees @returns {Acteur[]} */
export function lireActeurs(donnees) {
  return donnees.acteurs.map((valeurs) => {
    const acteur = /** @type {any} */ (Object.fromEntries(donnees.colonnes.map((c, i) => [c, valeurs[i]])));
    return { ...acteur, communes: donnees.territoires[acteur.territoire] ?? null };
  });
}

/**
 * Make every marker of an answer: one a door, one a zone.
 * @param {Donnees} donnees @param {Acteur[]} acteurs @returns {any[]}
 */
export function marques(donnees, acteurs) {
  const types = new Map(donnees.types.map(([code, libelle]) => [code, libelle]));
  const noms = new Map();
  const portes = donnees.portes.map(([rang, longitude, latitude, commune, libelle, adresse]) => {
    const acteur = acteurs[rang];
    const ou = [libelle, adresse, commune].filter(Boolean).join(", ");
    const nom = unique(`${acteur.nom}, ${types.get(acteur.type)}, ${commune}`, noms);
    return marque([latitude, longitude], nom, {
      icone: { html: symbole(acteur.type), className: "carte-porte", iconSize: [34, 34] },
      contenu: () => fiche(acteur, types.get(acteur.type) ?? "", ou),
      rangs: [rang],
      commune,
      court: acteur.nom,
      zIndexOffset: 100,
    });
  });
  const zones = donnees.zones.map((zone) => {
    const nom = unique(phraseZone(zone), noms);
    return marque([zone.latitude, zone.longitude], nom, {
      icone: {
        html: noeud("span", "", String(zone.acteurs.length)),
        className: "carte-zone",
        iconSize: [38, 30],
      },
      contenu: () => fichesDeZone(nom, zone, acteurs),
      rangs: zone.acteurs,
      commune: zone.ou.replace(/^à /, ""),
      court: `${zone.acteurs.length} ${zone.ou}`,
      zIndexOffset: 0,
    });
  });
  return [...portes, ...zones];
}

/** @param {Zone} zone @returns {string} */
export function phraseZone(zone) {
  return `${services(zone.acteurs.length)} ${zone.ou}, sans adresse exacte sur la carte`;
}

/**
 * @param {[number, number]} position latitude, longitude
 * @param {string} nom
 * @param {{icone: object, contenu: () => HTMLElement, rangs: number[], commune: string,
 *   court: string, zIndexOffset: number}} options `court` names it inside a cluster
 */
function marque(position, nom, { icone, contenu, rangs, commune, court, zIndexOffset }) {
  const marker = L.marker(position, {
    icon: new Icone({ ...icone, nom }),
    rangs,
    commune,
    court,
    nom,
    zIndexOffset,
    riseOnHover: true,
  });
  return marker.bindPopup(contenu, optionsPopup(nom));
}

/** @param {string} nom @returns {object} */
export function optionsPopup(nom) {
  const etroit = window.innerWidth < 480;
  return {
    className: "carte-bulle",
    nom,
    minWidth: 220,
    maxWidth: etroit ? 240 : 290,
    maxHeight: Math.min(320, Math.round(window.innerHeight * (etroit ? 0.3 : 0.42))),
    autoPanPaddingTopLeft: [10, 10],
    autoPanPaddingBottomRight: [etroit ? 10 : 64, 22],
  };
}

/**
 * Two markers never have the same accessible name.
 * @param {string} nom @param {Map<string, number>} noms @returns {string}
 */
export function unique(nom, noms) {
  const rang = (noms.get(nom) ?? 0) + 1;
  noms.set(nom, rang);
  return rang > 1 ? `${nom} (${rang})` : nom;
}

/**
 * The icon of a cluster: how many services, around what, and one of them, which no other has.
 * @param {any} grappe L.MarkerCluster
 */
export function iconeGrappe(grappe) {
  const enfants = grappe.getAllChildMarkers();
  const nombre = new Set(enfants.flatMap((/** @type {any} */ m) => m.options.rangs)).size;
  const communes = new Map();
  for (const { options } of enfants) {
    communes.set(options.commune, (communes.get(options.commune) ?? 0) + options.rangs.length);
  }
  const noms = [...communes].sort((a, b) => b[1] - a[1]).map(([commune]) => commune);
  return pastille(nombre, phraseGrappe(nombre, noms, enfants[0].options.court));
}

/**
 * « 12 services, Vienne et 2 autres communes, dont Issue de secours : agrandir »
 * @param {number} nombre @param {string[]} communes the first holds most of them
 * @param {string} dont one of them, which no other cluster has
 */
export function phraseGrappe(nombre, [premiere, ...autres], dont) {
  const suite = autres.length ? ` et ${autres.length} ${autres.length > 1 ? "autres communes" : "autre commune"}` : "";
  return `${services(nombre)}, ${premiere}${suite}${dont && `, dont ${dont}`} : agrandir`;
}

/** @param {number} nombre @param {string} nom */
export function pastille(nombre, nom) {
  const taille = nombre > 999 ? 52 : 42;
  return new Icone({
    html: noeud("span", "", String(nombre)),
    className: `carte-grappe${nombre > 99 ? " carte-grappe--large" : ""}`,
    iconSize: [taille, taille],
    nom,
  });
}

/** @param {{libelle: string, longitude: number, latitude: number}} lieu */
export function repere(lieu) {
  const nom = `Lieu recherché : ${lieu.libelle}`;
  return L.marker([lieu.latitude, lieu.longitude], {
    icon: new Icone({ html: epingle(), className: "carte-repere", iconSize: [32, 42], iconAnchor: [16, 54], nom }),
    interactive: false,
    keyboard: false,
    zIndexOffset: 500,
  });
}

/**
 * Where the person is, as far as she told it: a disc of a hundred metres, never a point.
 * @param {[number, number]} ici latitude, longitude
 */
export function position(ici) {
  return [
    L.circle(ici, { radius: 100, pane: "carte-lieu", className: "carte-ici", interactive: false }),
    L.marker(ici, {
      icon: new Icone({ html: noeud("span"), className: "carte-position", iconSize: [22, 22], nom: "Votre position, à 100 m près" }),
      interactive: false,
      keyboard: false,
      zIndexOffset: 500,
    }),
  ];
}

/** @param {Acteur} acteur @param {string} libelle @param {string} ou @returns {HTMLElement} */
export function fiche(acteur, libelle, ou) {
  const cadre = noeud("div", "carte-fiche");
  const type = noeud("p", "carte-fiche-type");
  type.append(symbole(acteur.type), noeud("span", "", libelle));
  const nom = noeud("p", "carte-fiche-nom");
  nom.append(lien(acteur));
  cadre.append(type, nom);
  if (ou) cadre.append(noeud("p", "carte-fiche-lieu", ou));
  cadre.append(noeud("p", "carte-fiche-lieu", phraseTerritoire(acteur.communes)));
  if (acteur.telephone) cadre.append(appel(acteur));
  cadre.append(...boutonListe("Voir dans la liste", [acteur.slug], ""));
  return cadre;
}

/** @param {string} phrase @param {Zone} zone @param {Acteur[]} acteurs @returns {HTMLElement} */
function fichesDeZone(phrase, zone, acteurs) {
  return fichesEnsemble(phrase, zone.acteurs.map((rang) => acteurs[rang]));
}

/**
 * Several acteurs under one sentence.
 * @param {string} phrase @param {Acteur[]} choisis @param {number} [autres] how many are not told here
 * @returns {HTMLElement}
 */
export function fichesEnsemble(phrase, choisis, autres = 0) {
  const cadre = noeud("div", "carte-fiche");
  cadre.append(noeud("p", "carte-fiche-nom", phrase));
  const slugs = choisis.map((acteur) => acteur.slug);
  const bouton = choisis.length > 1 ? "Voir ces services dans la liste" : "Voir dans la liste";
  cadre.append(...boutonListe(bouton, slugs, phrase));
  const liste = noeud("ul", "carte-fiche-liste");
  for (const acteur of choisis) {
    const li = noeud("li");
    li.dataset.slug = acteur.slug;
    const texte = noeud("span");
    texte.append(lien(acteur));
    if (acteur.telephone) {
      const numero = noeud("a", "carte-fiche-tel", `Appeler le ${acteur.telephone}`);
      numero.setAttribute("href", acteur.tel);
      texte.append(numero);
    }
    li.append(symbole(acteur.type), texte);
    liste.append(li);
  }
  cadre.append(liste);
  if (autres) cadre.append(noeud("p", "carte-fiche-lieu", `Et ${services(autres)} de plus : filtrez la liste pour les voir.`));
  return cadre;
}

/**
 * Records refuse to be framed: in a frame one opens in another tab, and says so, as in the list.
 * @param {Acteur} acteur @returns {HTMLElement}
 */
function lien(acteur) {
  const a = noeud("a", "", acteur.nom);
  a.setAttribute("href", `/acteurs/${encodeURIComponent(acteur.slug)}`);
  if (document.body.classList.contains("cadre")) {
    a.setAttribute("target", "_blank");
    a.setAttribute("rel", "noopener noreferrer");
    a.title = `${acteur.nom} – nouvel onglet`;
  }
  return a;
}

/** @param {Acteur} acteur @returns {HTMLElement} */
function appel(acteur) {
  const a = noeud("a", "fr-btn fr-btn--sm carte-fiche-appel", `Appeler le ${acteur.telephone}`);
  a.setAttribute("href", acteur.tel);
  return a;
}

/**
 * A button that shows lines of the list, where there is a list; a phrase means: these alone.
 * @param {string} texte @param {string[]} slugs @param {string} phrase @returns {HTMLElement[]}
 */
function boutonListe(texte, slugs, phrase) {
  if (!document.getElementById("resultats")) return [];
  const bouton = noeud("button", "fr-btn fr-btn--sm fr-btn--tertiary carte-fiche-bouton", texte);
  bouton.setAttribute("type", "button");
  bouton.addEventListener("click", () =>
    document.dispatchEvent(new CustomEvent("cartographie:liste", { detail: { slugs, phrase } })),
  );
  return [bouton];
}
