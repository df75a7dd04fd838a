"""Records as an Excel workbook: the table, then a sheet that says what the columns are.

The parts of the file are written here, in order and with one fixed date, so that the same records
give the same bytes and nothing of them passes through a temporary file. Every text is a text
(number format « @ »): a telephone keeps its zero and nothing is computed, edited or not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cartographie.acteurs import Fiche, Saisie
from cartographie.echanges.cellules import proteger
from cartographie.echanges.colonnes import Ecrite, Rangee, entete, write_rangee

DATE_FIXE = (1980, 1, 1, 0, 0, 0)
FEUILLE, AIDE = "Fiches", "Aide"
# Characters that XML cannot hold or would change, and what looks like their escape in OOXML.
A_ECHAPPER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
NS = "http://schemas.openxmlformats.org"
TETE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Styles of cells: plain, text, header.
TEXTE, TITRE = 1, 2

Lignes = Sequence[tuple[str, ...]]


def write(fiches: Iterable[Fiche], aide: Lignes) -> bytes:
    """Write public records, sorted by slug; `aide` is the second sheet, row by row."""
    return _table([write_rangee(fiche) for fiche in fiches], aide, publique=True)


def write_complet(saisies: Iterable[Saisie], aide: Lignes) -> bytes:
    """Write whole records, sorted by slug, losing nothing: not for the public."""
    return _table([write_rangee(saisie) for saisie in saisies], aide, publique=False)


def write_modele(colonnes: Sequence[str], exemple: Rangee, aide: Lignes) -> bytes:
    """Write the header, one row to take as a model, and the help."""
    return _classeur(colonnes, [exemple], aide)


def _table(rangees: list[Rangee], aide: Lignes, *, publique: bool) -> bytes:
    triees = sorted(rangees, key=lambda rangee: str(rangee["slug"]))
    return _classeur(entete(triees, publique=publique), triees, aide)


def _classeur(colonnes: Sequence[str], rangees: Iterable[Rangee], aide: Lignes) -> bytes:
    fiches = ([_protege(rangee.get(nom, "")) for nom in colonnes] for rangee in rangees)
    flux = io.BytesIO()
    with ZipFile(flux, "w", ZIP_DEFLATED) as archive:
        for nom, contenu in PARTIES.items():
            archive.writestr(_membre(nom), TETE + contenu)
        for numero, lignes in ((1, (colonnes, fiches)), (2, (aide[0], aide[1:]))):
            with archive.open(_membre(f"xl/worksheets/sheet{numero}.xml"), "w") as feuille:
                for morceau in _feuille(*lignes, largeur=22 if numero == 1 else 46):
                    feuille.write(morceau.encode())
    return flux.getvalue()


def _membre(nom: str) -> ZipInfo:
    membre = ZipInfo(nom, DATE_FIXE)
    membre.compress_type = ZIP_DEFLATED
    membre.create_system = 0  # the same on every machine
    return membre


def _feuille(
    titres: Sequence[str], lignes: Iterable[Sequence[Ecrite]], *, largeur: int
) -> Iterator[str]:
    yield (
        f'{TETE}<worksheet xmlns="{NS}/spreadsheetml/2006/main"><sheetViews><sheetView '
        'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols><col min="1" max="{len(titres)}" '
        f'width="{largeur}" style="{TEXTE}" customWidth="1"/></cols><sheetData>'
    )
    yield _ligne(1, titres, TITRE)
    for numero, ligne in enumerate(lignes, start=2):
        yield _ligne(numero, ligne, TEXTE)
    yield "</sheetData></worksheet>"


def _ligne(numero: int, valeurs: Sequence[Ecrite], style: int) -> str:
    cellules = "".join(
        _cellule(f"{lettres(rang)}{numero}", valeur, style)
        for rang, valeur in enumerate(valeurs)
        if valeur != ""
    )
    return f'<row r="{numero}">{cellules}</row>'


def _cellule(ou: str, valeur: Ecrite, style: int) -> str:
    if not isinstance(valeur, str):
        return f'<c r="{ou}"><v>{valeur!r}</v></c>'
    texte = A_ECHAPPER.sub(_echappe, valeur)
    espace = ' xml:space="preserve"'
    return f'<c r="{ou}" t="inlineStr" s="{style}"><is><t{espace}>{escape(texte)}</t></is></c>'


def _protege(valeur: Ecrite) -> Ecrite:
    return proteger(valeur, formules=False) if isinstance(valeur, str) else valeur


def _echappe(caractere: re.Match[str]) -> str:
    return f"_x{ord(caractere[0]):04X}_"


def lettres(rang: int) -> str:
    """Name a column as a spreadsheet does: 0 → A, 26 → AA."""
    nom = ""
    reste = rang + 1
    while reste:
        reste, lettre = divmod(reste - 1, 26)
        nom = chr(65 + lettre) + nom
    return nom


_OD = f"{NS}/officeDocument/2006/relationships"
_POLICE = '<sz val="11"/><name val="Calibri"/>'
_XF = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
PARTIES = {
    "[Content_Types].xml": (
        f'<Types xmlns="{NS}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{NS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OD}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{NS}/spreadsheetml/2006/main" xmlns:r="{_OD}"><sheets>'
        f'<sheet name="{FEUILLE}" sheetId="1" r:id="rId1"/>'
        f'<sheet name="{AIDE}" sheetId="2" r:id="rId2"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{NS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OD}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OD}/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="rId3" Type="{_OD}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{NS}/spreadsheetml/2006/main">'
        f'<fonts count="2"><font>{_POLICE}</font><font><b/>{_POLICE}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="3">{_XF.format(0, 0)}{_XF.format(49, 0)}'
        f'{_XF.format(49, 1)}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
