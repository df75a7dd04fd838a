// The list of /gestion: one button ticks every record of the page, or none.

const bouton = document.querySelector("[data-tout]");
const coches = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=fiche]")]);

if (bouton && bouton.parentElement) {
  bouton.parentElement.hidden = false;
  bouton.addEventListener("click", () => {
    const cocher = coches.some((coche) => !coche.checked);
    for (const coche of coches) coche.checked = cocher;
    bouton.textContent = cocher ? "Tout décocher" : "Tout cocher";
  });
}
