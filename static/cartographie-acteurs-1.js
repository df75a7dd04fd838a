/*!
 * <cartographie-acteurs lieu="La Mure" besoin="parler"><a href="…">…</a></cartographie-acteurs>
 * The map of /integration/carte in a page, as high as what it shows. No cookie, nothing stored, no
 * third party. The link inside stays in sight until the map has spoken, and for good if it cannot.
 * Version 1 is frozen: pages hold its digest. A change is another file, with another number.
 */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement|null} */ (document.currentScript);
  if (!script || customElements.get("cartographie-acteurs")) return;
  const carte = new URL("../integration/carte", script.src);
  const codes = ["type", "mission", "public", "langue"];
  const autres = ["lieu", "besoin", "objectif", "q", "ouvert", "rayon_km", "tri"];
  const presentation = ["centre", "zoom", "liste", "titre", "compact"];
  const noms = [...autres, ...codes, ...presentation];

  customElements.define(
    "cartographie-acteurs",
    class extends HTMLElement {
      static observedAttributes = [...noms, "hauteur"];
      #cadre = document.createElement("iframe");
      #secours = document.createElement("slot");
      #attend = false;

      constructor() {
        super();
        this.#cadre.width = "100%";
        this.#cadre.loading = "lazy";
        this.#cadre.referrerPolicy = "origin";
        this.#cadre.allow = "fullscreen";
        this.#cadre.style.border = "0";
        this.#cadre.style.display = "block";
        this.attachShadow({ mode: "open" }).append(this.#cadre, this.#secours);
      }

      connectedCallback() {
        this.style.display ||= "block";
        addEventListener("message", this);
        this.#montrer();
      }

      disconnectedCallback() {
        removeEventListener("message", this);
      }

      attributeChangedCallback() {
        if (!this.isConnected || this.#attend) return;
        this.#attend = true;
        queueMicrotask(() => {
          this.#attend = false;
          if (this.isConnected) this.#montrer();
        });
      }

      /** The frame says how high it is: nobody else is listened to. @param {MessageEvent} message */
      handleEvent(message) {
        const { type, hauteur } = Object(message.data);
        if (message.source !== this.#cadre.contentWindow || type !== "cartographie:hauteur") return;
        if (!(hauteur > 0 && hauteur < 1e5)) return;
        this.#secours.hidden = true;
        this.#secours.style.display = "none";
        if (!this.hasAttribute("hauteur")) this.#cadre.height = String(Math.ceil(hauteur));
      }

      #montrer() {
        const question = new URLSearchParams({ version: "1" });
        for (const nom of noms) {
          const valeur = (this.getAttribute(nom) ?? "").trim();
          const valeurs = codes.includes(nom) ? valeur.split(/[\s,]+/) : [valeur];
          for (const une of valeurs) if (une) question.append(nom, une);
        }
        const adresse = `${carte}?${question}`;
        this.#cadre.title = this.getAttribute("titre") || "Carte des services – Isère";
        this.#cadre.height = String(parseInt(this.getAttribute("hauteur") ?? "", 10) || 640);
        if (this.#cadre.src !== adresse) this.#cadre.src = adresse;
      }
    },
  );
})();
