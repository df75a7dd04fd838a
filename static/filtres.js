// A filter acts without reload and adds no history entry: the same address is fetched, the list is
// replaced, and the map is told (event `cartographie:resultats`). Without this script the same
// links and the same form load the page.

import { lire } from "./carte.js";

const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("recherche"));
const resultats = /** @type {HTMLElement} */ (document.getElementById("resultats"));
const annonce = /** @type {HTMLElement} */ (document.getElementById("annonce"));
let demande = new AbortController();

/**
 * Address of the search as the form stands, without its empty fields.
 * @returns {URL}
 */
function adresse() {
  const champs = new URLSearchParams();
  for (const [nom, valeur] of new FormData(formulaire)) {
    if (typeof valeur === "string" && valeur.trim()) champs.append(nom, valeur.trim());
  }
  return new URL(`?${champs}`, formulaire.action);
}

/**
 * A position or an address: it goes by POST, stays in this page, and is forgotten as soon as another
 * place is asked for. `lieu` is the commune that the answer gave for it.
 * @type {{champs: Record<string, string>, lieu: string|null}|null}
 */
let depuis = null;

/**
 * Ask for an address and show its answer in this page.
 * @param {URL} url
 * @param {{focus?: boolean}} [options]
 */
async function chercher(url, { focus = false } = {}) {
  demande.abort();
  demande = new AbortController();
  resultats.setAttribute("aria-busy", "true");
  if (depuis && depuis.lieu !== null && depuis.lieu !== (url.searchParams.get("lieu") ?? "")) depuis = null;
  const envoi = depuis ? { method: "POST", body: new URLSearchParams(depuis.champs) } : {};
  try {
    const reponse = await fetch(url, { headers: { Accept: "text/html" }, signal: demande.signal, ...envoi });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    if (page.getElementById("resultats")) {
      recevoir(page, new URL(reponse.url), url, reponse.ok);
      if (focus) document.getElementById("bilan")?.scrollIntoView({ block: "nearest" });
    } else if (depuis) {
      signaler("La recherche n’a pas pu être faite : réessayez.");
    } else {
      location.assign(url);
      return;
    }
  } catch (erreur) {
    // A newer question took over: its answer is on the way.
    if (/** @type {Error} */ (erreur).name === "AbortError") return;
    signaler("Pas de réponse du réseau : la liste et la carte sont celles d’avant.");
  }
  resultats.removeAttribute("aria-busy");
}

/**
 * @param {Document} page @param {URL} finale where the answer came from
 * @param {URL} demandee @param {boolean} comprise
 */
function recevoir(page, finale, demandee, comprise) {
  if (depuis && !comprise) depuis = null;
  if (depuis) {
    depuis.lieu = /** @type {HTMLInputElement} */ (page.getElementById("lieu")).value;
    finale.searchParams.delete("lieu");
    if (depuis.lieu) finale.searchParams.set("lieu", depuis.lieu);
  }
  finale.hash = depuis ? "" : location.hash;
  history.replaceState(history.state, "", finale);
  montrer(page, depuis ? (/** @type {HTMLInputElement} */ (document.getElementById("lieu")).value) : (demandee.searchParams.get("lieu") ?? ""));
  // The answer may say which question it answers: in a frame, what has no meaning is set aside.
  const requete = document.getElementById("bilan")?.dataset.requete ?? finale.search.slice(1);
  const detail = { requete, depuis: depuis?.champs ?? null, donnees: lire(page) ?? null };
  document.dispatchEvent(new CustomEvent("cartographie:resultats", { detail }));
}

/**
 * Say above the list what did not happen; the list stays.
 * @param {string} phrase
 */
function signaler(phrase) {
  const alerte = document.createElement("div");
  alerte.className = "fr-alert fr-alert--warning fr-alert--sm filtres__panne";
  const texte = document.createElement("p");
  texte.textContent = phrase;
  alerte.append(texte);
  resultats.querySelector(".filtres__panne")?.remove();
  resultats.prepend(alerte);
  annonce.textContent = phrase;
}

/**
 * Put the answer in place: list, large buttons, filters, faults. The focus stays where it is, and
 * what is being typed meanwhile is left alone.
 * @param {Document} page
 * @param {string} demande what was asked as `lieu`
 */
function montrer(page, demande) {
  const actif = /** @type {HTMLElement | null} */ (document.activeElement);
  const besoin = actif?.dataset.besoin;
  const saisie = actif instanceof HTMLInputElement && actif.type === "text" ? actif.value : null;
  remplacer(resultats, page.getElementById("resultats"));
  for (const partie of page.querySelectorAll("#recherche [data-partie]")) {
    const nom = /** @type {HTMLElement} */ (partie).dataset.partie ?? "";
    remplacer(formulaire.querySelector(`[data-partie="${CSS.escape(nom)}"]`), partie);
  }
  accorderLieu(/** @type {HTMLInputElement} */ (page.getElementById("lieu")), demande);
  if (actif && !actif.isConnected) {
    const meme = besoin
      ? formulaire.querySelector(`[data-besoin="${CSS.escape(besoin)}"]`)
      : document.getElementById(actif.id);
    if (meme instanceof HTMLInputElement && saisie !== null) meme.value = saisie;
    /** @type {HTMLElement | null} */ (meme ?? resultats).focus({ preventScroll: true });
  }
  document.title = page.title;
  annonce.textContent = document.getElementById("bilan")?.textContent ?? "";
}

/**
 * What the new one holds moves into the old one: nobody else reads the answer.
 * @param {Element | null} ancienne
 * @param {Element | null} nouvelle
 */
function remplacer(ancienne, nouvelle) {
  if (nouvelle) ancienne?.replaceChildren(...nouvelle.childNodes);
}

/**
 * The place as the answer understood it (an address is reduced), unless more is being typed.
 * @param {HTMLInputElement} frais
 * @param {string} demande
 */
function accorderLieu(frais, demande) {
  const lieu = /** @type {HTMLInputElement} */ (document.getElementById("lieu"));
  if (document.activeElement !== lieu || lieu.value.trim() === demande) lieu.value = frais.value;
  for (const nom of ["aria-invalid", "aria-describedby"]) {
    const valeur = frais.getAttribute(nom);
    if (valeur === null) lieu.removeAttribute(nom);
    else lieu.setAttribute(nom, valeur);
  }
  const groupe = lieu.closest(".fr-input-group");
  groupe?.classList.toggle("fr-input-group--error", frais.hasAttribute("aria-invalid"));
}

formulaire.addEventListener("submit", (evenement) => {
  evenement.preventDefault();
  chercher(adresse(), { focus: true });
});

document.addEventListener("cartographie:depuis", (evenement) => {
  depuis = { champs: /** @type {CustomEvent} */ (evenement).detail.champs, lieu: null };
  chercher(adresse(), { focus: true });
});

formulaire.addEventListener("change", (evenement) => {
  const champ = /** @type {HTMLElement} */ (evenement.target);
  if (champ.matches("select, input[type=checkbox]")) chercher(adresse());
});

document.addEventListener("click", (evenement) => {
  if (evenement.defaultPrevented || evenement.button || evenement.ctrlKey || evenement.metaKey) return;
  if (evenement.shiftKey || evenement.altKey) return;
  const cible = /** @type {Element} */ (evenement.target);
  const lien = /** @type {HTMLAnchorElement | null} */ (cible.closest("a[href]"));
  const ici = lien && (formulaire.contains(lien) || resultats.contains(lien) || "recherche" in lien.dataset);
  if (!lien || !ici) return;
  const url = new URL(lien.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname) return;
  evenement.preventDefault();
  url.hash = "";
  chercher(url);
});

// A record opened from here knows that the list is one step behind it (see fiche.js).
document.addEventListener("click", (evenement) => {
  const cible = /** @type {Element} */ (evenement.target);
  const lien = /** @type {HTMLAnchorElement | null} */ (cible.closest('a[href^="/acteurs/"]'));
  if (lien) lien.hash = "liste";
}, true);
