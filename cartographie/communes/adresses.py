"""Text that looks like an address: only its commune is kept, the rest goes no further."""

from __future__ import annotations

import re

from cartographie.communes.lieux import Lieux
from cartographie.communes.noms import Form, forms
from cartographie.communes.typed import CODE, read
from cartographie.communes.typed import LONGUEUR_MAX as LIEU_MAX
from cartographie.communes.valeurs import Lieu, lieu_of
from cartographie.errors import LieuAmbigu, LieuInconnu

LONGUEUR_MAX = 300
MESSAGE = (
    "Nous n’avons pas reconnu la commune dans cette adresse. "
    "Indiquez seulement la commune ou son code postal."
)

AMBIGUOUS = "Cette adresse peut être dans plusieurs communes : choisissez la bonne."

WAYS = frozenset(
    "allee allees appartement appt apt av ave avenue bat batiment bd bld boulevard bp bvd chemin "
    "chez cours cs domaine escalier esplanade etage faubourg fbg hameau imm immeuble imp impasse "
    "lieudit lot lotissement montee passage pl place promenade quai res residence rond route rte "
    "rue ruelle sentier sq square traverse venelle villa voie za zac zi".split()
)
# « 12 rue de Vienne » is a street; « 12 rue Lesdiguières Vienne » is in Vienne.
LINKS = frozenset("a au aux d de des du en et l la le les ou saint sainte sous sur".split())

_NUMBER = re.compile(r"\s*\d{1,4}\s*(?:bis|ter|quater|[a-d]\b)?[\s,]+\D", re.IGNORECASE)
_NOISE = re.compile(r"\bcedex\b(?:\s+\d{1,2}(?!\d))?|\bfrance\b|[()]", re.IGNORECASE)


def find_in_address(texte: str, lieux: Lieux) -> Lieu | None:
    """Return the commune of an address, None for a text that is not one.

    `LieuInconnu` or `LieuAmbigu` when it is one, of a commune that cannot be told; neither error
    carries the address.
    """
    if lieux.listed(texte):
        return None
    texte = " ".join(texte[:LONGUEUR_MAX].split())
    if not _looks_like_address(texte, lieux):
        return None
    code = list(CODE.finditer(texte))
    if code:
        return _by_code(texte, code[-1], lieux)
    return _by_name(_NOISE.sub(" ", texte), lieux)


def _looks_like_address(texte: str, lieux: Lieux) -> bool:
    if len(texte) <= LIEU_MAX and _is_place(texte, lieux):
        return False
    words = _words(texte)
    if len(words) < 2:
        return False
    numbered = _NUMBER.match(texte) is not None and CODE.match(texte) is None
    head, comma, tail = texte.rpartition(",")
    place_before_town = bool(comma and head.strip() and lieux.exact(forms(CODE.sub(" ", tail))))
    return numbered or place_before_town or not WAYS.isdisjoint(words)


def _is_place(texte: str, lieux: Lieux) -> bool:
    """Tell whether every word of a text is in the name of a place: « Cours et Buis 38122 »."""
    typed = read(texte)
    if any(word.isdigit() for form in typed.forms for word in form.words):
        return False
    try:
        lieu = lieux.find(texte)
    except (LieuAmbigu, LieuInconnu):
        return not typed.forms or bool(lieux.exact(typed.forms))
    return not typed.forms or lieu.libelle != typed.code


def _by_code(texte: str, code: re.Match[str], lieux: Lieux) -> Lieu:
    digits = code[1] + code[2]
    after = _NOISE.sub(" ", texte[code.end() :]).split(",")[0].strip()
    if after:
        return _quiet(f"{after} {digits}", lieux)
    for tail in _tails(_words(_NOISE.sub(" ", texte[: code.start()]))):
        try:
            lieu = lieux.find(f"{' '.join(tail)} {digits}")
        except (LieuAmbigu, LieuInconnu):
            continue
        if not lieu.note.startswith("Compris"):
            return lieu
    return _quiet(digits, lieux)


def _by_name(texte: str, lieux: Lieux) -> Lieu:
    *before, last = [part for part in texte.split(",") if part.strip()] or [""]
    if before and _is_place(last, lieux):
        return _quiet(last, lieux)
    for tail in _tails(_words(texte)):
        found = lieux.exact((Form(tail),))
        if len(found) == 1:
            return lieu_of(found[0])
    raise LieuInconnu("lieu", "", MESSAGE)


def _tails(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the ends of an address that may be its commune, the longest first."""
    return [
        words[start:]
        for start in range(1, len(words))
        if words[start - 1] not in WAYS | LINKS and not words[start].isdigit()
    ]


def _quiet(texte: str, lieux: Lieux) -> Lieu:
    """Find a commune; when it cannot be told, do not repeat the words of an address."""
    try:
        return lieux.find(texte)
    except LieuAmbigu as error:
        raise LieuAmbigu("lieu", "", AMBIGUOUS, error.proches) from None
    except LieuInconnu as error:
        raise LieuInconnu("lieu", "", MESSAGE, error.proches) from None


def _words(texte: str) -> tuple[str, ...]:
    return forms(texte)[0].words if forms(texte) else ()
