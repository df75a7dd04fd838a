// « Autour de moi » and « À partir d’une adresse »: what is more precise than a commune is posted by
// filtres.js (event `cartographie:depuis`), stays in this page, and goes away with it. Without this
// script the form of the address is posted by itself.

const bouton = /** @type {HTMLButtonElement} */ (document.getElementById("autour"));
const etat = /** @type {HTMLElement} */ (document.getElementById("depuis-etat"));
const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("par-adresse"));

/** Three decimals of a degree: 111 m to the north, 78 m to the east. Nothing finer leaves here. */
const DECIMALES = 3;
const ATTENTE_MS = 15_000;
const REFUS = [
  "",
  "Votre navigateur ne donne pas la position : autorisez-le, ou tapez une commune.",
  "Votre position n’est pas connue pour le moment : tapez une commune.",
  "Votre position tarde trop : réessayez, ou tapez une commune.",
];

/** @param {Record<string, string>} champs what is posted in place of a commune */
function chercherDepuis(champs) {
  document.dispatchEvent(new CustomEvent("cartographie:depuis", { detail: { champs } }));
}

/** @param {string} texte */
function dire(texte) {
  etat.textContent = texte;
}

function demanderPosition() {
  if (!navigator.geolocation || !window.isSecureContext) {
    dire("Ce navigateur ne donne pas la position à cette page : tapez une commune.");
    return;
  }
  bouton.disabled = true;
  dire("Recherche de votre position…");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      bouton.disabled = false;
      dire("");
      chercherDepuis({
        latitude: coords.latitude.toFixed(DECIMALES),
        longitude: coords.longitude.toFixed(DECIMALES),
      });
    },
    ({ code }) => {
      bouton.disabled = false;
      dire(REFUS[code] || REFUS[2]);
    },
    { enableHighAccuracy: false, timeout: ATTENTE_MS, maximumAge: 60_000 },
  );
}

bouton.addEventListener("click", demanderPosition);

formulaire.addEventListener("submit", (evenement) => {
  evenement.preventDefault();
  const champ = /** @type {HTMLInputElement} */ (formulaire.elements.namedItem("adresse"));
  dire("");
  chercherDepuis({ adresse: champ.value });
});

// Once it served, the address is nowhere on the page: neither in its field nor in what Back brings.
document.addEventListener("cartographie:resultats", (evenement) => {
  if (!(/** @type {CustomEvent} */ (evenement).detail.depuis?.adresse)) return;
  const champ = /** @type {HTMLInputElement} */ (formulaire.elements.namedItem("adresse"));
  champ.value = "";
  champ.closest("details")?.removeAttribute("open");
});
