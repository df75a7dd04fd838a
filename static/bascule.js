// On a phone the list comes first and the map is one tap away, in its place. Each keeps its state:
// the list its scroll, the map its view. Which of the two was in sight stands in the state of the
// history's present entry (nothing is added, nothing is stored), so that Back finds it again.

const ETROIT = window.matchMedia("(max-width: 61.99em)");
const racine = document.documentElement;
const carte = /** @type {HTMLElement} */ (document.getElementById("carte"));
let defilement = 0;

const bouton = document.createElement("button");
bouton.type = "button";
bouton.className = "fr-btn bascule";
bouton.addEventListener("click", () => regler(!surCarte()));

const surCarte = () => racine.classList.contains("vue-carte");

function nommer() {
  bouton.textContent = surCarte() ? "Voir la liste" : "Voir la carte";
}

/** @param {boolean} oui whether the map is to be in sight */
function regler(oui) {
  if (oui === surCarte()) return;
  if (oui) defilement = window.scrollY;
  racine.classList.toggle("vue-carte", oui);
  history.replaceState({ ...history.state, vue: oui ? "carte" : "liste" }, "");
  nommer();
  if (ETROIT.matches) window.scrollTo({ top: oui ? 0 : defilement, behavior: "instant" });
}

if (carte) {
  nommer();
  document.body.append(bouton);
  carte.closest(".accueil")?.classList.add("accueil--bascule");
  if (history.state?.vue === "carte") regler(true);
  document.addEventListener("click", (evenement) => {
    const lien = evenement.target instanceof Element ? evenement.target.closest('a[href="#carte"]') : null;
    if (!lien || !ETROIT.matches) return;
    evenement.preventDefault();
    regler(true);
    bouton.focus({ preventScroll: true });
  }, { capture: true });
  // What the map leads to is in the list.
  document.addEventListener("cartographie:liste", () => regler(false), { capture: true });
  document.addEventListener("cartographie:resultats", () => {
    if (!surCarte()) return;
    regler(false);
    if (ETROIT.matches) document.getElementById("bilan")?.scrollIntoView({ block: "start", behavior: "instant" });
  });
}
