// @ts-check
// How much room is left in a message: seen at once, said when it becomes short.

const PRESQUE = 50;

const texte = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("texte"));
const compte = document.querySelector("[data-compte]");
const dit = document.querySelector("[data-reste]");

/** @param {number} reste */
function phrase(reste) {
  return reste > 1 ? `Il reste ${reste} caractères.` : `Il reste ${Math.max(reste, 0)} caractère.`;
}

function compter() {
  if (!texte || !compte || !dit) return;
  const reste = texte.maxLength - texte.value.length;
  compte.textContent = phrase(reste);
  // A screen reader is not told every letter.
  if (reste > PRESQUE) dit.textContent = "";
  else if (reste % 10 === 0) dit.textContent = phrase(reste);
}

texte?.addEventListener("input", compter);
compter();
