// A filter acts without reload and adds no history entry: the same address is fetched, the list is
// replaced, and the map is told (event `cartographie:resultats`). Without this script the same
// links and the same form load the page.

const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("recherche"));
const resultats = /** @type {HTMLElement} */ (document.getElementById("resultats"));
const annonce = /** @type {HTMLElement} */ (document.getElementById("annonce"));
const PARTIES = [".besoins", ".champ-lieu .faute", ".filtres__champs"];
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
    montrer(page);
    document.dispatchEvent(
      new CustomEvent("cartographie:resultats", { detail: { requete: finale.search.slice(1) } }),
    );
    if (focus) document.getElementById("bilan")?.scrollIntoView({ block: "nearest" });
  } catch (erreur) {
    // A newer question took over: its answer is on the way. Anything else: let the page load.
    if (/** @type {Error} */ (erreur).name !== "AbortError") location.assign(url);
    return;
  }
  resultats.removeAttribute("aria-busy");
}

/**
 * Put the answer in place: list, large buttons, faults, tags; the focus stays where it was.
 * @param {Document} page
 */
function montrer(page) {
  const actif = document.activeElement;
  const cle = actif?.getAttribute("data-besoin");
  const frais = /** @type {HTMLElement} */ (page.getElementById("resultats"));
  resultats.replaceChildren(...document.importNode(frais, true).childNodes);
  const nouveau = /** @type {HTMLFormElement} */ (page.getElementById("recherche"));
  const valeurs = new FormData(formulaire);
  const lieu = /** @type {HTMLInputElement} */ (formulaire.elements.namedItem("lieu"));
  const garde = document.activeElement === lieu ? lieu.value : null;
  const ouvert = formulaire.querySelector("details")?.open ?? false;
  formulaire.replaceChildren(...document.importNode(nouveau, true).childNodes);
  const details = formulaire.querySelector("details");
  if (details) details.open = ouvert || details.open;
  if (cle) {
    formulaire.querySelector(`[data-besoin="${CSS.escape(cle)}"]`)?.focus({ preventScroll: true });
  } else if (actif instanceof HTMLElement && actif.id && valeurs) {
    const meme = document.getElementById(actif.id);
    if (meme && formulaire.contains(meme)) meme.focus({ preventScroll: true });
    if (garde !== null && meme instanceof HTMLInputElement && !meme.value) meme.value = garde;
  }
  document.title = page.title;
  annonce.textContent = document.getElementById("bilan")?.textContent ?? "";
  formulaire.dispatchEvent(new CustomEvent("cartographie:formulaire"));
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
