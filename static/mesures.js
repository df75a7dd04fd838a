// What only a browser can know, told to our own server as a closed word and the name of a record:
// the map was seen, a number was dialled or copied, a card was printed. Pages are counted where
// they are rendered, so nothing of them is sent. No identifier, nothing kept; errors are silent.

const canal = document.documentElement.dataset.canal ?? "site";
const hote = canal === "integration" ? hoteDe(document.referrer) : "";

/**
 * @param {string} adresse
 * @returns {string} its host
 */
function hoteDe(adresse) {
  try {
    return new URL(adresse).hostname;
  } catch {
    return "";
  }
}

/**
 * @param {"carte" | "numero" | "impression"} evenement
 * @param {string} [acteur] slug of the record it is about
 */
function compter(evenement, acteur = "") {
  const corps = new URLSearchParams({ evenement, acteur, canal, hote });
  try {
    navigator.sendBeacon("/mesures", corps);
  } catch {
    // Counting never gets in the way.
  }
}

/**
 * The record that something on the page belongs to: a line, a bubble of the map, the whole page.
 * @param {Element} element
 * @returns {string} its slug, or nothing
 */
function acteurDe(element) {
  if (element.closest("nav, header, footer")) return "";
  const ligne = element.closest(".resultat, .leaflet-popup");
  if (ligne instanceof HTMLElement && ligne.dataset.slug) return ligne.dataset.slug;
  const lien = ligne?.querySelector('a[href*="/acteurs/"]');
  const chemin = lien instanceof HTMLAnchorElement ? lien.pathname : ligne ? "" : location.pathname;
  return /^\/acteurs\/([a-z0-9-]+)$/.exec(chemin)?.[1] ?? "";
}

document.addEventListener("click", (evenement) => {
  const cible = evenement.target;
  if (!(cible instanceof Element)) return;
  const appel = cible.closest('a[href^="tel:"], a[href^="sms:"], #copier');
  if (appel) compter("numero", acteurDe(appel));
}, true);

if (document.getElementById("remise")) {
  addEventListener("beforeprint", () => compter("impression", acteurDe(document.body)), { once: true });
}

// The map counts once, when a quarter of it has come into sight.
const carte = document.querySelector("[data-carte]");
if (carte) {
  const regard = new IntersectionObserver((entrees) => {
    if (!entrees.some((entree) => entree.isIntersecting)) return;
    regard.disconnect();
    if (!carte.classList.contains("carte--absente")) compter("carte");
  }, { threshold: 0.25 });
  regard.observe(carte);
}
