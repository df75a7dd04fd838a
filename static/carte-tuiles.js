/**
 * The base map comes tile by tile. One that does not come leaves the communes in sight; it is asked
 * for again twice, then left: the map never waits for it.
 */

const REPRISES_MS = [2_000, 8_000];

/**
 * Lay the base map, if there is one, once the view is known.
 * @param {any} carte @param {any} tuiles the layer of carte.py, or null @param {HTMLElement} section
 */
export function poserTuiles(carte, tuiles, section) {
  if (!tuiles || carte.hasLayer(tuiles)) return;
  tuiles.on("tileerror", (/** @type {any} */ { tile, coords }) => {
    const essais = Number(tile.dataset.essais ?? 0);
    if (essais >= REPRISES_MS.length) return;
    tile.dataset.essais = String(essais + 1);
    setTimeout(() => {
      // Meanwhile it may have gone out of sight, or the network away.
      if (tile.isConnected && navigator.onLine) tile.src = tuiles.getTileUrl(coords);
    }, REPRISES_MS[essais]);
  });
  tuiles.on("tileload", () => section.classList.add("carte--tuiles"));
  carte.addLayer(tuiles);
}
