/**
 * The list and the map point at each other (event `cartographie:selection` {slug, origine}). Nothing
 * here writes a record: it marks, shows or gathers the lines that the server wrote.
 */

import { noeud } from "./carte-symboles.js";

/** Up to here the whole list is asked for; above, lines by their names, so many in an address. */
const LISTE_COURTE = 500;
const PAR_LOT = 15;
const SANS_MOUVEMENT = window.matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @typedef {{surligner: (slugs: string[]) => void, retenir: (slugs: string[]) => void,
 *   approcher: (slug: string) => void, total: () => number}} Cote
 */

/** @returns {HTMLElement|null} none where the map stands alone */
const resultats = () => document.getElementById("resultats");

/**
 * `liste`: what is pointed at, for as long as it is; `ligne`: a line that was chosen; `carte`: what
 * is open on the map.
 * @param {string[]} slugs @param {"liste"|"ligne"|"carte"} origine
 */
export function choisir(slugs, origine) {
  const detail = { slug: slugs[0] ?? null, slugs, origine };
  document.dispatchEvent(new CustomEvent("cartographie:selection", { detail }));
}

/** @param {HTMLElement} section of the map @param {Cote} carte what it does for the list */
export function suivreListe(section, carte) {
  for (const type of ["pointerover", "focusin"]) document.addEventListener(type, designer);
  document.addEventListener("cartographie:selection", (evenement) => {
    const { slug, slugs, origine } = /** @type {CustomEvent} */ (evenement).detail;
    const choisis = slugs ?? (slug ? [slug] : []);
    if (origine === "liste") {
      carte.surligner(choisis);
      return;
    }
    carte.retenir(choisis);
    marquerLignes(choisis, origine === "carte" && coteACote(section));
    if (origine === "ligne") carte.approcher(choisis[0]);
  });
  document.addEventListener("click", (evenement) => {
    const slug = ligneDe(evenement, "a, button, summary");
    if (slug) choisir([slug], "ligne");
  });
  document.addEventListener("cartographie:liste", (evenement) => {
    const { slugs, phrase } = /** @type {CustomEvent} */ (evenement).detail;
    montrer(slugs, phrase, carte.total());
  });
}

/** The line under the pointer or the focus, shown on the map. */
let designe = "";

/**
 * The acteur of the line under an event: of the list, or of what is open on the map.
 * @param {Event} evenement @param {string} [sauf] what has an action of its own
 */
function ligneDe({ target }, sauf) {
  if (!(target instanceof Element) || (sauf && target.closest(sauf))) return "";
  const ligne = target.closest("#resultats .resultat[data-slug], .carte-fiche-liste [data-slug]");
  return ligne instanceof HTMLElement ? (ligne.dataset.slug ?? "") : "";
}

/** @param {Event} evenement */
function designer(evenement) {
  const slug = ligneDe(evenement);
  if (slug !== designe) choisir(slug ? [slug] : [], "liste");
  designe = slug;
}

/** @param {HTMLElement} section */
function coteACote(section) {
  const liste = resultats();
  if (!liste) return false;
  const [a, b] = [section.getBoundingClientRect(), liste.getBoundingClientRect()];
  return a.left >= b.right || b.left >= a.right;
}

/** @param {ParentNode} racine @returns {HTMLElement[]} */
function lignes(racine) {
  return [...racine.querySelectorAll(".resultat[data-slug]")].filter((l) => l instanceof HTMLElement);
}

/**
 * Mark what was chosen on the map. The list moves to it only beside the map: above or below, that
 * would take the map away from under the finger.
 * @param {string[]} slugs @param {boolean} suivre
 */
function marquerLignes(slugs, suivre) {
  const liste = resultats();
  if (!liste) return;
  const toutes = lignes(liste);
  for (const ligne of toutes) {
    ligne.classList.toggle("resultat--choisi", slugs.includes(ligne.dataset.slug ?? ""));
  }
  const premiere = toutes.find((l) => l.matches(".resultat--choisi") && l.getClientRects().length);
  if (suivre) premiere?.scrollIntoView(defilement("nearest"));
}

/** @param {ScrollLogicalPosition} block @returns {ScrollIntoViewOptions} */
function defilement(block) {
  return { block, behavior: SANS_MOUVEMENT.matches ? "auto" : "smooth" };
}

/**
 * Show lines of the list: one among the others, or, under a phrase, these and no others.
 * @param {string[]} slugs @param {string} phrase @param {number} total
 */
async function montrer(slugs, phrase, total) {
  const liste = resultats();
  if (!liste) return;
  rendre(liste);
  const presents = new Map(lignes(liste).map((l) => [l.dataset.slug, l]));
  if (!phrase && presents.has(slugs[0])) {
    atteindre(/** @type {HTMLElement} */ (presents.get(slugs[0])), slugs);
    return;
  }
  const source = slugs.every((slug) => presents.has(slug)) ? lignes(liste) : await chercherLignes(slugs, total);
  const copies = source
    .filter((l) => slugs.includes(l.dataset.slug ?? ""))
    .map((l) => /** @type {HTMLElement} */ (document.importNode(l, true)));
  atteindre(rassembler(liste, copies, phrase || "Service choisi sur la carte"), slugs);
}

/** @param {HTMLElement} element @param {string[]} slugs */
function atteindre(element, slugs) {
  element.closest("details")?.setAttribute("open", "");
  marquerLignes(slugs, false);
  element.scrollIntoView(defilement("start"));
  const cible = element.matches(".resultat") ? element.querySelector("a") : element;
  cible?.focus({ preventScroll: true });
}

/**
 * Lines of the same list that are not in it yet, as the server writes them: out of the whole list
 * when it is short, else those alone.
 * @param {string[]} slugs @param {number} total @returns {Promise<HTMLElement[]>}
 */
async function chercherLignes(slugs, total) {
  if (total <= LISTE_COURTE) return lireLignes([["page", String(Math.max(total, 1))]]);
  const lots = Array.from({ length: Math.ceil(slugs.length / PAR_LOT) }, (_, n) => slugs.slice(n * PAR_LOT, (n + 1) * PAR_LOT));
  const pages = await Promise.all(lots.map((lot) => lireLignes(lot.map((slug) => ["acteur", slug]))));
  return pages.flat();
}

/** @param {string[][]} ajouts parameters beside those of the page @returns {Promise<HTMLElement[]>} */
async function lireLignes(ajouts) {
  const parametres = new URLSearchParams(location.search);
  parametres.delete("page");
  for (const [nom, valeur] of ajouts) parametres.append(nom, valeur);
  const reponse = await fetch(`${location.pathname}?${parametres}`, { credentials: "omit" });
  return lignes(new DOMParser().parseFromString(await reponse.text(), "text/html"));
}

/**
 * Put chosen lines above the list, which waits hidden behind a button.
 * @param {HTMLElement} liste @param {HTMLElement[]} copies @param {string} phrase
 */
function rassembler(liste, copies, phrase) {
  const cadre = noeud("section", "groupe carte-choix");
  cadre.tabIndex = -1;
  const titre = noeud("h2", "groupe__titre", phrase);
  titre.id = "titre-carte-choix";
  cadre.setAttribute("aria-labelledby", titre.id);
  const bouton = noeud("button", "fr-btn fr-btn--secondary", "Revenir à toute la liste");
  bouton.setAttribute("type", "button");
  bouton.addEventListener("click", () => {
    rendre(liste);
    liste.focus({ preventScroll: true });
    liste.scrollIntoView(defilement("start"));
  });
  const ul = noeud("ul", "groupe__liste");
  ul.append(...copies);
  cadre.append(titre, bouton, ul);
  for (const enfant of liste.children) enfant.classList.add("carte-masque");
  liste.prepend(cadre);
  return cadre;
}

/** Give the whole list back. @param {HTMLElement} liste */
function rendre(liste) {
  liste.querySelector(".carte-choix")?.remove();
  for (const enfant of liste.children) enfant.classList.remove("carte-masque");
}
