/**
 * A fictitious acteur placed by a click on the drawn map: the two fields of its position are filled
 * and the form is sent. The fields alone do the same without this script.
 */

const DECIMALES = 4;
const formulaire = document.querySelector("[data-essai]");

/** @param {number} degres */
const ecrire = (degres) => degres.toFixed(DECIMALES).replace(".", ",");

/**
 * Where a click fell, in degrees: the drawing has one scale for each axis.
 * @param {SVGSVGElement} svg @param {MouseEvent} evenement
 * @returns {{longitude: number, latitude: number}|null}
 */
function position(svg, evenement) {
  const versEcran = svg.getScreenCTM();
  if (!versEcran) return null;
  const { x, y } = new DOMPoint(evenement.clientX, evenement.clientY).matrixTransform(versEcran.inverse());
  const { ouest, nord, echelleX, echelleY } = svg.dataset;
  return { longitude: Number(ouest) + x / Number(echelleX), latitude: Number(nord) - y / Number(echelleY) };
}

if (formulaire instanceof HTMLFormElement) {
  const champ = (/** @type {string} */ nom) => /** @type {HTMLInputElement} */ (formulaire.elements.namedItem(nom));
  document.querySelector("[data-avec-carte]")?.removeAttribute("hidden");
  for (const volet of document.querySelectorAll("[data-carte-essai]")) {
    const svg = /** @type {SVGSVGElement|null} */ (volet.querySelector("svg.aplats"));
    if (!svg) continue;
    volet.setAttribute("data-carte-prete", "");
    svg.addEventListener("click", (evenement) => {
      const ici = evenement.target instanceof Element && evenement.target.closest(".aplat") ? position(svg, evenement) : null;
      const annonce = document.querySelector("[data-annonce]");
      if (!ici) {
        if (annonce) annonce.textContent = "Ce point est hors de l’Isère.";
        return;
      }
      champ("lieu").value = "";
      champ("latitude").value = ecrire(ici.latitude);
      champ("longitude").value = ecrire(ici.longitude);
      formulaire.requestSubmit();
    });
  }
}
