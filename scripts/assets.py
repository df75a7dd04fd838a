"""`make assets`: put the third-party files that pages use into static/vendor/.

They are built in a folder beside and moved into place at the end, with a stamp of what they
were built from: an interrupted run leaves nothing half made, and the next one starts again.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

from scripts.css import CssError
from scripts.dsfr import DsfrError, build_dsfr
from scripts.npm import RACINE, NpmError, install_packages
from scripts.paquets import PaquetError, build_paquets
from scripts.purge import named_classes, named_properties

STATIC = RACINE / "static"
VENDOR = STATIC / "vendor"
CACHE = RACINE / ".cache"
STAMP = ".stamp"
SOURCES = (
    "package-lock.json",
    "scripts/assets.py",
    "scripts/css.py",
    "scripts/dsfr.py",
    "scripts/npm.py",
    "scripts/paquets.py",
    "scripts/purge.py",
)
# package → files to copy from it, under the folder of that name
COPIES = {
    "leaflet": (
        "dist/leaflet.js",
        "dist/leaflet.css",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
        "dist/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png",
        "LICENSE",
    ),
    "leaflet.markercluster": (
        "dist/leaflet.markercluster.js",
        "dist/MarkerCluster.css",
        "dist/MarkerCluster.Default.css",
        "MIT-LICENCE.txt",
    ),
}
# file → what it joins, in this order: a map asks for both, always
JOINTS = {
    "leaflet/carte.js": ("leaflet/leaflet.js", "leaflet.markercluster/leaflet.markercluster.js"),
    "leaflet/carte.css": ("leaflet/leaflet.css", "leaflet.markercluster/MarkerCluster.css"),
}
SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*$")


def expected_stamp() -> str:
    """Digest of all that the assets are made from."""
    digest = hashlib.sha256()
    for path in (*(RACINE / name for name in SOURCES), *pages()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(" ".join(sorted(properties())).encode())
    return digest.hexdigest()


def pages() -> list[Path]:
    """Templates and scripts: what names the classes of the design system, what is joined."""
    return sorted((*RACINE.glob("templates/**/*.html"), *STATIC.glob("*.js")))


def properties() -> frozenset[str]:
    """The tokens of the design system that files of ours read."""
    return named_properties((*pages(), *STATIC.glob("*.css")))


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether static/vendor/ was built from the present lock and scripts."""
    stamp = vendor / STAMP
    return stamp.is_file() and stamp.read_text("utf-8").strip() == expected_stamp()


def build(node_modules: Path, target: Path) -> None:
    """Write every asset, and the stamp last."""
    for package, names in COPIES.items():
        for name in names:
            _copy(node_modules / package / name, target / package / name.removeprefix("dist/"))
    for name, parts in JOINTS.items():
        texts = ((target / part).read_text("utf-8") for part in parts)
        (target / name).write_text("\n".join(texts), "utf-8")
    build_paquets(node_modules / ".bin" / "esbuild", STATIC, target / "paquets")
    named = named_classes(pages())
    build_dsfr(node_modules / "@gouvfr" / "dsfr", target / "dsfr", named, properties())
    (target / STAMP).write_text(expected_stamp() + "\n", "utf-8")


def replace_vendor(built: Path, vendor: Path, aside: Path) -> None:
    """Put the new folder in the place of the old one, which goes `aside` first."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    if vendor.exists():
        vendor.rename(aside)
    built.rename(vendor)


def main() -> int:
    """Build the assets when they are not current; 0 when they are there at the end."""
    if is_current():
        return 0
    CACHE.mkdir(exist_ok=True)
    for left in CACHE.glob("assets-*"):
        shutil.rmtree(left, ignore_errors=True)
    print("Installation des feuilles de style et des scripts (static/vendor/)…", flush=True)
    try:
        # In the checkout, not in /tmp: a rename works only within one file system.
        with tempfile.TemporaryDirectory(prefix="assets-", dir=CACHE) as name:
            work = Path(name)
            build(install_packages(CACHE / "npm", work / "npm"), work / "vendor")
            replace_vendor(work / "vendor", VENDOR, work / "ancien")
    except KeyboardInterrupt:
        print("Interrompu : relancez la commande, elle recommencera.", file=sys.stderr)
        return 130
    except (NpmError, DsfrError, CssError, PaquetError, OSError) as error:
        print(f"Les fichiers de static/vendor/ n’ont pas pu être faits : {error}", file=sys.stderr)
        return 1
    return 0


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".js":
        # The source map is not shipped: its address would be a 404 in every developer's console.
        target.write_text(SOURCE_MAP.sub("\n", source.read_text("utf-8")), "utf-8")
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main())
