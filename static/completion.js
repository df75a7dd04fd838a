// Completion of the commune: the WAI-ARIA combobox with a list, over `/communes?q=`.
// Without this script the field is a plain one, and the answer says what was not understood.

const ATTENTE_MS = 120;
const formulaire = /** @type {HTMLFormElement} */ (document.getElementById("recherche"));

/**
 * @typedef {{code_insee: string, nom: string, codes_postaux: string[]}} Commune
 */

/** What is said of the list to who does not see it. @param {number} nombre */
function phrase(nombre) {
  if (!nombre) return "Aucune commune proposée.";
  if (nombre === 1) return "1 commune proposée : flèche bas pour la choisir.";
  return `${nombre} communes proposées : flèches haut et bas pour choisir.`;
}

/** Dress the field. */
function habiller() {
  const champ = /** @type {HTMLInputElement | null} */ (document.getElementById("lieu"));
  if (!champ) return;
  const liste = document.createElement("ul");
  liste.id = "lieu-choix";
  liste.className = "choix";
  liste.setAttribute("role", "listbox");
  // More lines than it has room for: browsers would stop there on the way to the button.
  liste.tabIndex = -1;
  liste.setAttribute("aria-label", "Communes");
  liste.hidden = true;
  const annonce = document.createElement("p");
  annonce.id = "lieu-annonce";
  annonce.className = "fr-sr-only";
  annonce.setAttribute("role", "status");
  champ.after(liste, annonce);
  champ.setAttribute("role", "combobox");
  champ.setAttribute("aria-autocomplete", "list");
  champ.setAttribute("aria-controls", liste.id);
  champ.setAttribute("aria-expanded", "false");

  let demande = new AbortController();
  let minuterie = 0;
  let rang = -1;

  function fermer() {
    clearTimeout(minuterie);
    demande.abort();
    rang = -1;
    liste.hidden = true;
    liste.replaceChildren();
    annonce.textContent = "";
    champ.setAttribute("aria-expanded", "false");
    champ.removeAttribute("aria-activedescendant");
  }

  /** @param {number} voulu */
  function designer(voulu) {
    const options = [...liste.children];
    if (!options.length) return;
    rang = (voulu + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === rang)));
    champ.setAttribute("aria-activedescendant", options[rang].id);
    options[rang].scrollIntoView({ block: "nearest" });
  }

  /** @param {Element} option */
  function choisir(option) {
    champ.value = option.textContent ?? "";
    fermer();
    formulaire.requestSubmit();
  }

  /** @param {Commune[]} communes */
  function proposer(communes) {
    rang = -1;
    liste.replaceChildren(
      ...communes.map((commune, n) => {
        const option = document.createElement("li");
        option.id = `lieu-choix-${n}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = `${commune.nom} (${commune.codes_postaux[0] ?? commune.code_insee})`;
        option.addEventListener("pointerdown", (evenement) => evenement.preventDefault());
        option.addEventListener("click", () => choisir(option));
        return option;
      }),
    );
    liste.hidden = !communes.length;
    annonce.textContent = phrase(communes.length);
    champ.setAttribute("aria-expanded", String(communes.length > 0));
    champ.removeAttribute("aria-activedescendant");
  }

  async function completer() {
    const texte = champ.value.trim();
    demande.abort();
    // A number in first place and a space: an address. It stays here.
    if (texte.length < 2 || texte.length > 60 || /^\d+\D/.test(texte)) return fermer();
    demande = new AbortController();
    try {
      const reponse = await fetch(`/communes?q=${encodeURIComponent(texte)}`, {
        signal: demande.signal,
      });
      if (reponse.ok) proposer((await reponse.json()).communes);
    } catch {
      // Aborted by the next letter, or no network: the field still works by itself.
    }
  }

  champ.addEventListener("input", () => {
    clearTimeout(minuterie);
    minuterie = window.setTimeout(completer, ATTENTE_MS);
  });
  champ.addEventListener("blur", fermer);
  formulaire.addEventListener("submit", fermer);
  champ.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape" && !liste.hidden) {
      evenement.preventDefault();
      fermer();
    } else if (evenement.key === "ArrowDown" && !liste.hidden) {
      evenement.preventDefault();
      designer(rang + 1);
    } else if (evenement.key === "ArrowUp" && !liste.hidden) {
      evenement.preventDefault();
      designer(rang < 0 ? -1 : rang - 1);
    } else if (evenement.key === "Enter" && rang >= 0) {
      evenement.preventDefault();
      choisir(liste.children[rang]);
    }
  });
}

habiller();
