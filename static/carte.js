/**
 * Where the map starts. What it stands on comes from two other files: when one of them did not
 * arrive, the page says that the list holds everything, and shows no empty frame.
 */

const section = document.querySelector("[data-carte]");
const couches = /** @type {any} */ (window).cartographieCarte;

if (section instanceof HTMLElement) {
  try {
    if (!couches) throw new Error("pas de carte");
    const { Suivi } = await import("./carte-suivi.js");
    new Suivi(section, couches).demarrer();
  } catch {
    section.classList.add("carte--absente");
    section.querySelector(".carte-panne")?.removeAttribute("hidden");
  }
}
