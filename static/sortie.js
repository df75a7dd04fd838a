// Quick exit: blank the screen, then replace the page so that « Précédent » does not bring it back.
// Without this script the link still leaves the site, out of any frame.
"use strict";
(() => {
  const PRESSIONS = 3;
  const DELAI_MS = 5000;
  const lien = /** @type {HTMLAnchorElement | null} */ (document.getElementById("quitter"));
  if (!lien) return;

  function quitter() {
    document.documentElement.classList.add("sortie");
    document.title = "\u200b";
    try {
      // In a frame it is the whole window that has to go.
      (window.top ?? window).location.replace(lien.href);
    } catch {
      window.open(lien.href, "_top", "noreferrer");
    }
  }

  lien.addEventListener("click", (evenement) => {
    if (evenement.ctrlKey || evenement.metaKey) return;
    evenement.preventDefault();
    quitter();
  });

  // A jump inside the page must not leave one more entry of it behind the exit.
  document.addEventListener("click", (evenement) => {
    const cible = evenement.target;
    const saut = cible instanceof Element ? cible.closest('a[href^="#"]') : null;
    if (!saut || evenement.defaultPrevented || evenement.ctrlKey || evenement.metaKey) return;
    evenement.preventDefault();
    location.replace(/** @type {HTMLAnchorElement} */ (saut).hash);
  });

  /** Times of the last presses of Shift alone; any other key starts the count again. */
  let pressions = /** @type {number[]} */ ([]);
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Shift") {
      pressions = [];
      return;
    }
    if (evenement.repeat) return;
    const maintenant = performance.now();
    pressions = [...pressions.filter((instant) => maintenant - instant < DELAI_MS), maintenant];
    if (pressions.length >= PRESSIONS) quitter();
  }, true);
})();
