/**
 * The page that writes the code of an embedded map: each choice is asked to the server, which alone
 * knows the code; the preview follows. Without this script the form does the same with its button.
 */

const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("constructeur"));
const apercu = /** @type {HTMLIFrameElement} */ (document.getElementById("apercu"));
const vue = /** @type {HTMLButtonElement} */ (document.getElementById("reprendre-vue"));
const ATTENTE_MS = 300;
const VUE = /^#carte=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/;
let demande = new AbortController();
let minuterie = 0;

/** @returns {URL} the address of this page as the form stands, without its empty fields */
function adresse() {
  const champs = new URLSearchParams();
  for (const [nom, valeur] of new FormData(formulaire)) {
    if (typeof valeur === "string" && valeur.trim()) champs.append(nom, valeur.trim());
  }
  return new URL(`?${champs}`, formulaire.action);
}

async function actualiser() {
  clearTimeout(minuterie);
  demande.abort();
  demande = new AbortController();
  const url = adresse();
  try {
    const reponse = await fetch(url, { headers: { Accept: "text/html" }, signal: demande.signal });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const fabrique = page.getElementById("fabrique");
    const modele = page.getElementById("apercu");
    if (!fabrique || !modele) throw new TypeError("page inattendue");
    // What was unfolded to be copied stays so.
    if (document.querySelector("#fabrique details[open]")) {
      fabrique.querySelector("details")?.setAttribute("open", "");
    }
    document.getElementById("fabrique")?.replaceChildren(...document.importNode(fabrique, true).childNodes);
    history.replaceState(history.state, "", reponse.url);
    montrer(modele);
    preparer();
  } catch (erreur) {
    if (/** @type {Error} */ (erreur).name !== "AbortError") location.assign(url);
  }
}

/** Show the new map in the frame, without an entry in the history. @param {HTMLElement} modele */
function montrer(modele) {
  apercu.height = modele.getAttribute("height") ?? apercu.height;
  apercu.title = modele.title;
  const src = modele.getAttribute("src") ?? "";
  if (src === apercu.getAttribute("data-src")) return;
  apercu.setAttribute("data-src", src);
  apercu.contentWindow?.location.replace(src);
}

/** The buttons that need a script come with it. */
function preparer() {
  for (const bouton of document.querySelectorAll("button[data-copier]")) {
    /** @type {HTMLElement} */ (bouton).hidden = false;
    bouton.addEventListener("click", () => copier(bouton.getAttribute("data-copier") ?? ""));
  }
}

/** @param {string} id of the field to copy */
async function copier(id) {
  const champ = /** @type {HTMLInputElement} */ (document.getElementById(id));
  const annonce = /** @type {HTMLElement} */ (document.getElementById("copie"));
  try {
    await navigator.clipboard.writeText(champ.value.trim());
    annonce.textContent = id === "lien" ? "Lien copié." : "Code copié.";
  } catch {
    champ.select();
    annonce.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
  }
}

formulaire.addEventListener("submit", (evenement) => {
  evenement.preventDefault();
  actualiser();
});
formulaire.addEventListener("change", actualiser);
formulaire.addEventListener("input", () => {
  clearTimeout(minuterie);
  minuterie = window.setTimeout(actualiser, ATTENTE_MS);
});

vue.hidden = false;
vue.addEventListener("click", () => {
  const trouve = VUE.exec(apercu.contentWindow?.location.hash ?? "");
  if (!trouve) return;
  const zoom = Math.round(Number(trouve[1]));
  /** @type {HTMLSelectElement} */ (formulaire.elements.namedItem("zoom")).value = String(zoom);
  /** @type {HTMLInputElement} */ (formulaire.elements.namedItem("centre")).value = `${trouve[2]},${trouve[3]}`;
  actualiser();
});
apercu.setAttribute("data-src", apercu.getAttribute("src") ?? "");
preparer();
