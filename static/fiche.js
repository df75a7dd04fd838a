// The page of one record: copy what is needed to join it, print the card, go back to the same list.

const actions = document.getElementById("actions");
const annonce = /** @type {HTMLElement} */ (document.getElementById("copie"));

/**
 * Name, numbers, hours and doors, as lines of plain text.
 * @returns {string}
 */
function coordonnees() {
  const lignes = [document.querySelector("h1"), ...document.querySelectorAll("[data-copie]")];
  return lignes
    .map((element) => element?.textContent?.replace(/\s+/g, " ").trim() ?? "")
    .filter(Boolean)
    .join("\n");
}

/**
 * Copy a text and say so.
 * @param {string} texte
 * @param {Element} ou where it is said
 * @param {string} fait
 */
async function copierTexte(texte, ou, fait) {
  try {
    await navigator.clipboard.writeText(texte);
    ou.textContent = fait;
  } catch {
    ou.textContent = "La copie n’est pas possible ici.";
  }
}

if (actions) {
  actions.hidden = false;
  document.getElementById("copier")?.addEventListener("click", () =>
    copierTexte(coordonnees(), annonce, "Coordonnées copiées."),
  );
  document.getElementById("imprimer")?.addEventListener("click", () => window.print());
}

const bouton = document.getElementById("copier-sms");
const message = document.getElementById("sms");
const suite = document.getElementById("copie-sms");
if (bouton && message && suite) {
  bouton.hidden = false;
  bouton.addEventListener("click", () =>
    copierTexte(message.textContent ?? "", suite, "Texte copié."),
  );
}

// Come from the list (`#liste`, written by filtres.js), going back finds it as it was: scroll,
// filters, map. The address of the page before is not told to us, and that is well.
document.getElementById("retour")?.addEventListener("click", (evenement) => {
  const navigation = /** @type {any} */ (window).navigation;
  if (location.hash !== "#liste" || !(navigation?.currentEntry?.index > 0)) return;
  evenement.preventDefault();
  history.back();
});
