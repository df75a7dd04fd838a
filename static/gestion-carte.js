/**
 * A door placed by a click on the map, or with the arrow keys and Enter: the two fields of its
 * coordinates are filled, and are what is sent. The fields alone do the same without this script.
 */

const L = /** @type {any} */ (window).L;
const CENTRE = [45.19, 5.72];
const ZOOM_PORTE = 16;
const ZOOM_ISERE = 9;
const DECIMALES = 6;

/** @param {string} texte */
const nombre = (texte) => Number.parseFloat(texte.replace(",", "."));
/** @param {number} degres */
const ecrire = (degres) => degres.toFixed(DECIMALES).replace(".", ",");

/** @param {HTMLElement} point the part of a block that holds its point */
function habiller(point) {
  const bouton = point.querySelector("[data-carte-point]");
  const cadre = point.querySelector("[data-carte-cadre]");
  const longitude = point.querySelector('[name$=".longitude"]');
  const latitude = point.querySelector('[name$=".latitude"]');
  if (
    !L ||
    !(bouton instanceof HTMLElement) ||
    !(cadre instanceof HTMLElement) ||
    !(longitude instanceof HTMLInputElement) ||
    !(latitude instanceof HTMLInputElement)
  ) {
    return;
  }
  /** @type {any} */
  let carte = null;
  /** @type {any} */
  let repere = null;

  /** @param {any} position */
  function poser(position) {
    repere.setLatLng(position).addTo(carte);
    latitude.value = ecrire(position.lat);
    longitude.value = ecrire(position.lng);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
    annonce.textContent = `Point placé : ${latitude.value} ; ${longitude.value}. Il sera gardé à l’enregistrement.`;
  }

  function suivreChamps() {
    const position = [nombre(latitude.value), nombre(longitude.value)];
    if (carte && position.every(Number.isFinite)) repere.setLatLng(position).addTo(carte);
  }

  function ouvrir() {
    const position = [nombre(latitude.value), nombre(longitude.value)];
    const connue = position.every(Number.isFinite);
    cadre.setAttribute("role", "application");
    cadre.setAttribute("aria-label", "Carte : déplacez-la avec les flèches, Entrée place le point au centre");
    carte = L.map(cadre, { scrollWheelZoom: false, zoomControl: false, attributionControl: false });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(carte);
    poserFond();
    repere = L.circleMarker(CENTRE, { radius: 10, weight: 4, color: "#000091", fillColor: "#fff", fillOpacity: 0.7 });
    carte.setView(connue ? position : CENTRE, connue ? ZOOM_PORTE : ZOOM_ISERE, { animate: false });
    if (connue) suivreChamps();
    carte.on("click", (/** @type {any} */ evenement) => poser(evenement.latlng));
    cadre.addEventListener("keydown", (evenement) => {
      if (evenement.key !== "Enter" || evenement.target !== cadre) return;
      evenement.preventDefault();
      poser(carte.getCenter());
    });
    contours();
  }

  function poserFond() {
    const mention = cadre.closest("form")?.dataset.fond;
    if (!mention) return;
    L.control.attribution({ prefix: false }).addAttribution(mention).addTo(carte);
    L.tileLayer("/tuiles/{z}/{x}/{y}.png", { minZoom: 8, maxZoom: 18 })
      .once("tileerror", () => {
        annonce.textContent = `Le fond de carte ne répond pas : réduisez pour voir les limites des communes, ou tapez les coordonnées. ${annonce.textContent}`;
      })
      .addTo(carte);
  }

  async function contours() {
    try {
      const reponse = await fetch("/communes.geojson", { credentials: "omit" });
      if (reponse.ok) {
        L.geoJSON(await reponse.json(), {
          interactive: false,
          style: { className: "point__contour", weight: 1, fill: false },
        }).addTo(carte);
      }
    } catch {
      // The tiles or the coordinates are enough.
    }
  }

  const annonce = document.createElement("p");
  annonce.className = "saisie__lu";
  annonce.setAttribute("role", "status");
  annonce.textContent = "";
  cadre.after(annonce);
  for (const champ of [longitude, latitude]) champ.addEventListener("change", suivreChamps);
  bouton.hidden = false;
  bouton.setAttribute("aria-expanded", "false");
  bouton.addEventListener("click", () => {
    cadre.hidden = !cadre.hidden;
    bouton.setAttribute("aria-expanded", String(!cadre.hidden));
    annonce.textContent = cadre.hidden ? "" : "Cliquez sur la carte à l’endroit de la porte.";
    if (!cadre.hidden && !carte) ouvrir();
    if (!cadre.hidden) {
      carte.invalidateSize();
      cadre.focus();
    }
  });
}

for (const point of document.querySelectorAll("[data-fiche] [data-point]")) {
  habiller(/** @type {HTMLElement} */ (point));
}
document.addEventListener("gestion:bloc", (evenement) => {
  const point = evenement.target instanceof Element && evenement.target.querySelector("[data-point]");
  if (point instanceof HTMLElement) habiller(point);
});
