/**
 * Put into a page before its own scripts: what a person would notice, in milliseconds since the
 * navigation. `releve` is read once by bench/navigateur.py.
 */
(() => {
  const MARQUEUR = ".leaflet-marker-icon:is(.carte-porte, .carte-zone, .carte-grappe)";
  /** A frame later than this is one that is felt. */
  const SACCADE_MS = 50;
  const IMAGES_REGULIERES = 10;
  const releve = { liste: 0, marqueurs: 0, regulier: 0, fcp: 0, lcp: 0, cls: 0, taches: [], filtre: 0, carte: 0 };
  window.__releve = releve;

  const suivre = (type, lire) =>
    new PerformanceObserver((liste) => liste.getEntries().forEach(lire)).observe({ type, buffered: true });
  suivre("longtask", ({ startTime, duration }) => releve.taches.push([startTime, duration]));
  suivre("largest-contentful-paint", ({ startTime }) => (releve.lcp = startTime));
  suivre("layout-shift", ({ value, hadRecentInput }) => (releve.cls += hadRecentInput ? 0 : value));
  suivre("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") releve.fcp = startTime;
  });

  // Asked of the frame that shows it: measuring here would make the page lay out sooner than it does.
  let enVue = true;
  document.addEventListener("DOMContentLoaded", () => {
    const carte = document.querySelector("[data-carte]");
    enVue = Boolean(carte);
    if (carte) new IntersectionObserver(([vue]) => (enVue = vue.isIntersecting)).observe(carte);
  });
  let poses = false;
  let avant = performance.now();
  let depuis = 0;
  let suite = 0;
  const image = () => {
    const instant = performance.now();
    if (!releve.liste && document.querySelector("#resultats li")) releve.liste = instant;
    if (!poses && document.querySelector(MARQUEUR)) {
      poses = true;
      // Once this frame is painted: what it lays out and draws is waited for as well.
      setTimeout(() => (releve.marqueurs = performance.now()));
    }
    // Below the list of a phone the map waits: then the list is what is waited for.
    const attendu = enVue ? releve.marqueurs : releve.liste;
    if (attendu && !releve.regulier) {
      if (instant - avant > SACCADE_MS || !suite) [suite, depuis] = [1, instant];
      else if (++suite > IMAGES_REGULIERES) releve.regulier = depuis;
    }
    avant = instant;
    requestAnimationFrame(image);
  };
  requestAnimationFrame(image);

  /** From the tap on « Voir la carte » to the first frame with markers. */
  window.__montrer = (cible) => {
    const depart = performance.now();
    const regarder = () => {
      if (document.querySelector(MARQUEUR)) setTimeout(() => (releve.carte = performance.now() - depart));
      else requestAnimationFrame(regarder);
    };
    cible.click();
    requestAnimationFrame(regarder);
  };

  /** From a click to the first frame that shows both the new list and the new map. */
  window.__filtrer = (cible) => {
    const depart = performance.now();
    releve.filtre = 0;
    const attendus = new Set([document.getElementById("resultats"), document.querySelector(".carte-resume")]);
    const observateur = new MutationObserver((changements) => {
      for (const { target } of changements) attendus.delete(target);
      if (attendus.size) return;
      observateur.disconnect();
      requestAnimationFrame(() => setTimeout(() => (releve.filtre = performance.now() - depart)));
    });
    for (const element of attendus) observateur.observe(element, { childList: true });
    cible.click();
  };
})();
