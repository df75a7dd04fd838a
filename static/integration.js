/**
 * The map in somebody else's page. It never takes the focus, stores nothing, tells its host one
 * thing only: how high it is. Without this script everything but that still works.
 */

const cadre = /** @type {HTMLElement} */ (document.querySelector("[data-cadre]"));
const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("recherche"));
const { requete, vue, vide, liste } = /** @type {Record<string, string>} */ (cadre.dataset);
const ATTENTE_SORTIE_MS = 1200;

// The map reads its search and its view in the address: there they are as they were understood.
history.replaceState(history.state, "", `?${requete}${location.hash || (vue ? `#carte=${vue}` : "")}`);

/** Tell the host how high the page is, each time that changes. */
function direHauteur() {
  let derniere = 0;
  new ResizeObserver(() => {
    const hauteur = Math.ceil(document.body.getBoundingClientRect().height);
    if (hauteur === derniere) return;
    derniere = hauteur;
    // Anybody may frame the map, and a height is no secret.
    window.parent.postMessage({ type: "cartographie:hauteur", hauteur }, "*");
  }).observe(document.body);
}
if (window.parent !== window) direHauteur();

// The exit blanks the page, then takes the whole window away. Still being here a moment later means
// that the host forbids it: this frame then becomes a page that says so.
new MutationObserver(() => {
  if (!document.documentElement.classList.contains("sortie")) return;
  setTimeout(() => location.replace(vide), ATTENTE_SORTIE_MS);
}).observe(document.documentElement, { attributeFilter: ["class"] });

// A sandbox without `allow-forms` drops a form before anybody hears of it; asking is not sending.
function chercher() {
  formulaire.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
}
if (self.origin === "null") {
  formulaire.requestSubmit = chercher;
  formulaire.addEventListener("click", (evenement) => {
    const cible = /** @type {Element} */ (evenement.target);
    if (!cible.closest('button[type="submit"]')) return;
    evenement.preventDefault();
    chercher();
  });
}

/**
 * Browsers bring what is shown into view in the pages around a frame too, and the host would jump.
 * In this document `scrollIntoView` moves this document only.
 * @this {Element} @param {boolean|ScrollIntoViewOptions} [options]
 */
function defiler(options) {
  const { block = "start", behavior = "auto" } = typeof options === "object" ? options : {};
  const conteneur = this.closest(".choix");
  const cadreVisible = conteneur?.getBoundingClientRect();
  const haut = cadreVisible?.top ?? document.querySelector(".cadre__tete")?.clientHeight ?? 0;
  const bas = cadreVisible?.bottom ?? window.innerHeight;
  const { top, bottom } = this.getBoundingClientRect();
  const dedans = block === "nearest" && top >= haut && bottom <= bas;
  const versLeBas = block === "nearest" && bottom > bas;
  if (!dedans) (conteneur ?? window).scrollBy({ top: versLeBas ? bottom - bas : top - haut, behavior });
}
Element.prototype.scrollIntoView = defiler;

/** The list that the address folds. It is the script that folds it: without one it is all there is. */
function ouvrirListe() {
  document.body.classList.remove("cadre--sans-liste");
}
if (liste === "0") document.body.classList.add("cadre--sans-liste");
document.addEventListener("cartographie:liste", ouvrirListe);
document.querySelector(".cadre__ouvrir a")?.addEventListener("click", (evenement) => {
  evenement.preventDefault();
  ouvrirListe();
});
