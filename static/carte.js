/**
 * Where the map starts: at once on a wide screen and in a frame, else when one comes near it. On a phone it stands
 * below the list, which waits for none of it. What it stands on comes from two other files: when one
 * of them did not arrive, the page says that the list holds everything, and shows no empty frame.
 */

/**
 * @typedef {{requete: string, depuis: Record<string, string>|null, donnees: any}} Question
 *   `donnees`: what the page said of its own answer; undefined when it has to be asked for
 */

/** How near is near, in pixels. */
const PROCHE = 600;
const LARGE = window.matchMedia("(min-width: 62em)");
const section = document.querySelector("[data-carte]");

/** What the page answered last. @type {Question} */
let question = {
  // A page may hold a question of its own, which its address does not say.
  requete: (section instanceof HTMLElement && section.dataset.question) || location.search,
  depuis: null,
  donnees: lire(document),
};
document.addEventListener("cartographie:resultats", (evenement) => {
  question = /** @type {CustomEvent} */ (evenement).detail;
});

/** What a page says of its answer to its map. @param {Document} page @returns {any} */
export function lire(page) {
  const modele = page.getElementById("carte-donnees");
  return modele instanceof HTMLTemplateElement ? JSON.parse(modele.content.textContent ?? "null") : undefined;
}

/**
 * Run scripts of ours one after the other; they arrive together.
 * @param {string[]} adresses @returns {Promise<unknown>}
 */
function executer(adresses) {
  const arrives = adresses.map((adresse) => {
    const script = document.createElement("script");
    script.async = false;
    script.src = adresse;
    return new Promise((suite, echec) => {
      script.addEventListener("load", suite);
      script.addEventListener("error", echec);
      document.head.append(script);
    });
  });
  return Promise.all(arrives);
}

/** @param {HTMLElement} carte */
async function demarrer(carte) {
  try {
    await executer((carte.dataset.scripts ?? "").split(" "));
    const couches = /** @type {any} */ (window).cartographieCarte;
    const { Suivi } = await import("./carte-suivi.js");
    new Suivi(carte, couches).demarrer(question);
  } catch {
    carte.classList.add("carte--absente");
    carte.querySelector(".carte-panne")?.removeAttribute("hidden");
  }
}

/**
 * Where there is room it starts at once; a phone is not made to lay the page out to be asked. A frame
 * is there for its map, and cannot tell how near its host has come to it.
 */
function attendre(/** @type {HTMLElement} */ carte) {
  if (LARGE.matches || window.parent !== window) {
    demarrer(carte);
    return;
  }
  const observateur = new IntersectionObserver(
    (vues) => {
      if (!vues.some((vue) => vue.isIntersecting)) return;
      observateur.disconnect();
      demarrer(carte);
    },
    { rootMargin: `${PROCHE}px 0px` },
  );
  observateur.observe(carte);
}

if (section instanceof HTMLElement) attendre(section);
