"""docs/sbom.cdx.json: what the product and its tests are made of, read from the two locks.

CycloneDX 1.6. The same locks and the same installed packages give the same bytes: no date, no
serial number, no address of a registry. What only development needs has the scope `excluded`.
Licences are those that the packages themselves declare; a package that is not installed on this
platform has none here. Digests of files stand in the locks.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

RACINE = Path(__file__).resolve().parent.parent
FICHIER = RACINE / "docs" / "sbom.cdx.json"
PRODUIT = "cartographie"
EPINGLE = re.compile(r"^(?P<nom>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;\\]+)", re.MULTILINE)
ORIGINE = re.compile(r"^ +# via (?P<qui>.+)$", re.MULTILINE)
CLASSIFIER = "License :: OSI Approved :: "
# Names of licences as some packages write them, and their identifiers.
NOMS = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
}
COURT = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One package of a lock. `parents` are those that ask for it; `PRODUIT` is ours."""

    monde: str  # "pypi" or "npm", as package URLs say it
    nom: str
    version: str
    servi: bool  # whether serving needs it, and not only development
    licence: str
    parents: tuple[str, ...]

    @property
    def purl(self) -> PackageURL:
        """Its universal name."""
        espace, _, nom = self.nom.rpartition("/")
        return PackageURL(self.monde, espace or None, nom, self.version)


def python_pieces(racine: Path = RACINE) -> Iterator[Piece]:
    """Packages of `requirements.txt`, then those that `requirements-dev.txt` adds."""
    servis = _epingles((racine / "requirements.txt").read_text("utf-8"))
    tous = _epingles((racine / "requirements-dev.txt").read_text("utf-8"))
    for (nom, version), parents in sorted((tous | servis).items()):
        yield Piece("pypi", nom, version, (nom, version) in servis, _licence(nom), parents)


def npm_pieces(racine: Path = RACINE) -> Iterator[Piece]:
    """Packages of `package-lock.json`, each version once."""
    lock: dict[str, Any] = json.loads((racine / "package-lock.json").read_text("utf-8"))
    paquets: dict[str, Any] = lock["packages"]
    for chemin, paquet in sorted(paquets.items()):
        if not chemin:
            continue
        parents = tuple(
            _nom(autre) or PRODUIT
            for autre, p in sorted(paquets.items())
            if chemin in {_trouve(paquets, autre, d) for d in _demandes(p)}
        )
        licence = str(paquet.get("license", ""))
        servi = not paquet.get("dev", False)
        yield Piece("npm", _nom(chemin), paquet["version"], servi, licence, parents)


def build(racine: Path = RACINE) -> Bom:
    """The whole list, with who asks for what."""
    pieces = [*python_pieces(racine), *npm_pieces(racine)]
    produit = Component(name=PRODUIT, type=ComponentType.APPLICATION, bom_ref=BomRef(PRODUIT))
    composants = [_component(piece) for piece in pieces]
    par_nom: defaultdict[tuple[str, str], list[Component]] = defaultdict(list)
    for piece, composant in zip(pieces, composants, strict=True):
        par_nom[piece.monde, piece.nom].append(composant)
    bom = Bom(components=composants)
    bom.metadata.component = produit
    for piece, composant in zip(pieces, composants, strict=True):
        for parent in piece.parents:
            # Two versions of one name, each for its Pythons: whoever asks for one asks for both.
            for demandeur in par_nom.get((piece.monde, parent), [produit]):
                bom.register_dependency(demandeur, [composant])
    return bom


def to_json(bom: Bom) -> str:
    """The document, without what changes at each writing."""
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    document.pop("serialNumber", None)
    document["metadata"].pop("timestamp", None)
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _component(piece: Piece) -> Component:
    fabrique = LicenseFactory()
    return Component(
        name=piece.nom,
        version=piece.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED if piece.servi else ComponentScope.EXCLUDED,
        purl=piece.purl,
        bom_ref=BomRef(piece.purl.to_string()),
        licenses=[fabrique.make_from_string(piece.licence)] if piece.licence else [],
    )


def _epingles(verrou: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Parents of every name and version of a lock of Python."""
    debuts = list(EPINGLE.finditer(verrou))
    fins = [suivant.start() for suivant in debuts[1:]] + [len(verrou)]
    trouves = {}
    for debut, fin in zip(debuts, fins, strict=True):
        origine = ORIGINE.search(verrou, debut.end(), fin)
        parents = origine["qui"].split(", ") if origine else []
        gardes = (parent.partition(" (")[0] for parent in parents if not parent.startswith("-c "))
        trouves[debut["nom"], debut["version"]] = tuple(gardes)
    return trouves


def _licence(nom: str) -> str:
    """What an installed package declares, as an identifier where it is known; else nothing."""
    try:
        dit = metadata.metadata(nom)
    except metadata.PackageNotFoundError:
        return ""
    approuves = [
        c.removeprefix(CLASSIFIER)
        for c in dit.get_all("Classifier") or []
        if c.startswith(CLASSIFIER)
    ]
    libre = "".join(dit.get_all("License") or [])  # some write the whole text of it
    court = 0 < len(libre) <= COURT and "\n" not in libre and libre != "UNKNOWN"
    exacts = [dit["License-Expression"]] if "License-Expression" in dit else []
    texte = next(iter([*exacts, *([libre] if court else []), *approuves]), "")
    return NOMS.get(texte, texte)


def _nom(chemin: str) -> str:
    return chemin.rpartition("node_modules/")[2]


def _demandes(paquet: dict[str, Any]) -> set[str]:
    sortes = ("dependencies", "devDependencies", "optionalDependencies")
    return {nom for sorte in sortes for nom in paquet.get(sorte, {})}


def _trouve(paquets: dict[str, Any], depuis: str, nom: str) -> str:
    """Where npm finds a package asked for by another: beside it, else at the top."""
    ici = f"{depuis}/node_modules/{nom}" if depuis else f"node_modules/{nom}"
    return ici if ici in paquets else f"node_modules/{nom}"


if __name__ == "__main__":
    FICHIER.write_text(to_json(build()), "utf-8")
