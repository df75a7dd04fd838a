// A filter acts without reload and adds no history entry: the same address is fetched, the list is
// replaced, and the map is told (event `cartographie:resultats`). Without this script the same
// links and the same form load the page.

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
 * Ask for an address and show its answer in this page.
 * @param {URL} url
 * @param {{focus?: boolean}} [options]
 */
async function chercher(url, { focus = false } = {}) {
  demande.abort();
  demande = new AbortController();
  resultats.setAttribute("aria-busy", "true");
  try {
    const reponse = await fetch(url, { headers: { Accept: "text/html" }, signal: demande.signal });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    if (!page.getElementById("resultats")) throw new TypeError("page inattendue");
    const finale = new URL(reponse.url);
    finale.hash = location.hash;
    history.replaceState(history.state, "", finale);
    montrer(page, url.searchParams.get("lieu") ?? "");
    // The answer may say which question it answers: in a frame, what has no meaning is set aside.
    const requete = document.getElementById("bilan")?.dataset.requete ?? finale.search.slice(1);
    document.dispatchEvent(new CustomEvent("cartographie:resultats", { detail: { requete } }));
    if (focus) document.getElementById("bilan")?.scrollIntoView({ block: "nearest" });
  } catch (erreur) {
    // A newer question took over: its answer is on the way. Anything else: let the page load.
    if (/** @type {Error} */ (erreur).name !== "AbortError") location.assign(url);
    return;
  }
  resultats.removeAttribute("aria-busy");
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
 * @param {Element | null} ancienne
 * @param {Element | null} nouvelle
 */
function remplacer(ancienne, nouvelle) {
  if (nouvelle) ancienne?.replaceChildren(...document.importNode(nouvelle, true).childNodes);
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

formulaire.addEventListener("change", (evenement) => {
  const champ = /** @type {HTMLElement} */ (evenement.target);
  if (champ.matches("select, input[type=checkbox]")) chercher(adresse());
});

document.addEventListener("click", (evenement) => {
  if (evenement.defaultPrevented || evenement.button || evenement.ctrlKey || evenement.metaKey) return;
  if (evenement.shiftKey || evenement.altKey) return;
  const cible = /** @type {Element} */ (evenement.target);
  const lien = /** @type {HTMLAnchorElement | null} */ (cible.closest("a[href]"));
  if (!lien || !(formulaire.contains(lien) || resultats.contains(lien))) return;
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
