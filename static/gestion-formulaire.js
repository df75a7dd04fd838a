/**
 * The form of a record: one more block in place, the summary of faults in sight, and a word before
 * a page that holds something unsaved is left. Without this script the buttons ask the server.
 */

/** Highest number of the blocks below a name. @param {string} prefixe */
function suivant(prefixe) {
  const debut = `${prefixe}.`;
  const numeros = [...document.querySelectorAll("[data-fiche] [name]")]
    .map((champ) => champ.getAttribute("name") ?? "")
    .filter((nom) => nom.startsWith(debut))
    .map((nom) => Number.parseInt(nom.slice(debut.length), 10))
    .filter(Number.isInteger);
  return Math.max(-1, ...numeros) + 1;
}

/**
 * Copy a model, its placeholders replaced in every attribute and text.
 * @param {HTMLTemplateElement} modele @param {string} prefixe @param {number} numero
 */
function copier(modele, prefixe, numero) {
  const copie = /** @type {DocumentFragment} */ (modele.content.cloneNode(true));
  const parent = prefixe.slice(0, prefixe.lastIndexOf("."));
  const remplacer = (/** @type {string} */ texte, /** @type {string} */ joint) =>
    texte.replaceAll("__p__", parent.replaceAll(".", joint)).replaceAll("__n__", String(numero));
  for (const element of copie.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("__")) {
        element.setAttribute(name, remplacer(value, ["id", "for", "href"].includes(name) ? "-" : "."));
      }
    }
  }
  const titre = copie.querySelector("legend");
  if (titre && modele.dataset.modele !== "participations") titre.append(String(numero + 1));
  return copie;
}

/** @param {HTMLElement} bouton */
function ajouter(bouton) {
  const prefixe = bouton.dataset.ajouter ?? "";
  const sorte = prefixe.split(".").at(-1) ?? "";
  const modele = document.querySelector(`template[data-modele="${sorte}"]`);
  const liste = document.querySelector(`[data-liste="${CSS.escape(prefixe)}"]`);
  if (!(modele instanceof HTMLTemplateElement) || !liste) return false;
  liste.append(copier(modele, prefixe, suivant(prefixe)));
  const bloc = liste.lastElementChild;
  bloc?.dispatchEvent(new CustomEvent("gestion:bloc", { bubbles: true }));
  const champ = bloc?.querySelector("select, input:not([type=hidden])");
  if (champ instanceof HTMLElement) champ.focus();
  return true;
}

document.addEventListener("click", (evenement) => {
  const bouton = evenement.target instanceof Element && evenement.target.closest("[data-ajouter]");
  if (bouton instanceof HTMLElement && ajouter(bouton)) evenement.preventDefault();
});

const erreurs = document.querySelector("[data-erreurs]");
if (erreurs instanceof HTMLElement) erreurs.focus();

/** A link of the summary opens what hides its field. */
for (const lien of document.querySelectorAll("[data-erreurs] a[href^='#']")) {
  lien.addEventListener("click", (evenement) => {
    const champ = document.getElementById((lien.getAttribute("href") ?? "").slice(1));
    if (!champ) return;
    evenement.preventDefault();
    for (let boite = champ.closest("details"); boite; boite = boite.parentElement?.closest("details") ?? null) {
      boite.open = true;
    }
    champ.scrollIntoView({ block: "center" });
    champ.focus({ preventScroll: true });
  });
}

const fiche = document.querySelector("[data-fiche]");
if (fiche instanceof HTMLFormElement) {
  // What comes back with faults is not saved either.
  let touche = erreurs !== null;
  fiche.addEventListener("input", () => (touche = true));
  fiche.addEventListener("submit", () => (touche = false));
  window.addEventListener("beforeunload", (evenement) => {
    if (touche) evenement.preventDefault();
  });
}
