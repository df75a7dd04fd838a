/**
 * The drawing of the territoire follows what is ticked and typed. The server draws; only the fields
 * of the territoire are sent. Without this script, or when it fails, a button asks for the whole page.
 */

const ATTENTE_MS = 400;
const PARTIES = ["csrf_token", "revision", "territoire", "territoire.epci", "territoire.communes"];

const fiche = document.querySelector("[data-fiche]");
const croquis = document.querySelector("[data-croquis]");
const bouton = document.querySelector("[data-dessiner]");

/**
 * @param {HTMLFormElement} formulaire @param {HTMLElement} cadre @param {HTMLElement} secours
 */
function suivre(formulaire, cadre, secours) {
  let attente = 0;
  let demande = new AbortController();

  async function dessiner() {
    demande.abort();
    demande = new AbortController();
    const tout = new FormData(formulaire);
    const envoi = new URLSearchParams({ geste: "croquis" });
    for (const nom of PARTIES) for (const valeur of tout.getAll(nom)) envoi.append(nom, String(valeur));
    try {
      const reponse = await fetch(formulaire.action, { method: "POST", body: envoi, signal: demande.signal });
      if (!reponse.ok || reponse.redirected) throw new Error(String(reponse.status));
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      const dessin = page.querySelector("svg");
      cadre.replaceChildren(...(dessin ? [dessin] : []));
      secours.hidden = true;
    } catch (erreur) {
      if (!(erreur instanceof DOMException && erreur.name === "AbortError")) secours.hidden = false;
    }
  }

  secours.hidden = true;
  formulaire.addEventListener("input", (evenement) => {
    if (!(evenement.target instanceof Element && evenement.target.closest(".saisie__territoire, #territoire"))) return;
    clearTimeout(attente);
    attente = setTimeout(dessiner, ATTENTE_MS);
  });
}

if (fiche instanceof HTMLFormElement && croquis instanceof HTMLElement && bouton instanceof HTMLElement) {
  suivre(fiche, croquis, bouton);
}
