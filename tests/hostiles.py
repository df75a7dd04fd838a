"""Texts that somebody could put in a record to make a document say or do something else."""

from __future__ import annotations

TEXTES: tuple[str, ...] = (
    '#eval("1+1")',
    '#read("/etc/passwd")',
    '#import "@preview/example:0.1.0": *',
    "#pagebreak() #set page(width: 1cm)",
    "#sys.inputs.donnees",
    "$ x^2 + integral_0^1 $",
    "*gras* _italique_ `code`",
    "= Titre\n== Sous-titre",
    "- puce\n+ numéro\n/ terme: définition",
    "@reference <etiquette>",
    "https://exemple.fr/#ancre",
    "\\ \\u{1F600} \\#",
    "] } ) \" ' ; // commentaire /* bloc */",
    "~ -- --- ... -? ",
    "a\u2028b\u2029c\u0085d\x0be\x0cf",
    "\u202egnossap\u202c \u2066isole\u2069 \u200f\u200e",
    "zéro\u200blargeur\u200d\ufeff\u00ad coupé",
    "\x00\x01\x07\x1b[31m\x7f",
    "e\u0301 a\u0300\u0301\u0302\u0303\u0304\u0305 " + "\u0336" * 40,
    "\U0001f600 \U0001f469\u200d\U0001f467 \U000e0041",
    "\ue000 \ufdd0 \uffff \ufffd \ud7ff",
    "العربية والقلعة 日本語 हिन्दी ไทย עברית",
    "<script>alert(1)</script><svg onload=alert(1)>",
    "${7*7} {{7*7}} {% raw %} %s %n",
    "A" * 900,
    '" } #panic("x") { "',
    "\u0344\u0958\ufb1d\ufe0f\u20e3",
)
