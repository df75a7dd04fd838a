"""What a record published by its zone may not hold (invariant 1).

What must not leak is not stored: no street, point, number, site, hours or capacity of the place,
and no text that says them. A wrong refusal costs a rewording; a missed one costs an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cartographie.acteurs import Acces, Implantation, Precision, Saisie
from cartographie.communes import Commune, Communes
from cartographie.errors import Faute
from cartographie.texte import fold
from cartographie.validation.champs import textes

_SURES = "rue|avenue|boulevard|allees?|impasse|ruelle|venelle|faubourg|lotissement|lieu dit"
_AUTRES = "place|cours|chemin|route|quai|square|montee|passage|esplanade|rond point|voie|sentier"
# On folded words (no accents, no punctuation): a number before any kind of street, a street with
# its article. Names that need their capital letter are sought in the text as typed.
RUE_PLIEE = re.compile(
    rf"\b\d{{1,4}} (?:bis |ter |quater |[a-d] )?(?:{_SURES}|{_AUTRES}|bd|av|ave|ch|imp|rte|pl)\b"
    rf"|\b(?:{_SURES}) (?:de la |de l |du |des |de |d )\w"
)
RUE_TAPEE = re.compile(
    r"\b(?<!en )(?i:rue|avenue|av\.?|boulevard|bd\.?|all[ée]es?|impasse|place|cours|chemin"
    r"|route|quai|square|mont[ée]e|passage|esplanade|rond-point)\s+"
    r"(?:(?:de la|de l['’]|du|des|de|d['’]|la|le|les|l['’])\s*)?[A-ZÉÈÊÀÂÎÔÇ]\w"
)
MOTIFS = (
    (re.compile(r"\b(?:0[1-9]|[1-8]\d|9[0-8])\d{3}\b|\b38 \d{3}\b"), "un code postal"),
    (re.compile(r"(?:\+\s?33|\b0)\s?[1-9](?:[\s.\-]?\d{2}){4}\b"), "un numéro de téléphone"),
    (
        re.compile(r"\b\d{3}\s?\d{3}\s?\d{3}(?:\s?\d{5})?\b|\b38\d{7}\b"),
        "un numéro FINESS ou SIRET",
    ),
    (re.compile(r"\S@\S"), "une adresse électronique"),
    (re.compile(r"https?://|\bwww\.", re.IGNORECASE), "une adresse de page"),
    (re.compile(r"\b\d{1,2}[.,]\d{3,}\b|\d\s?°\s?\d"), "des coordonnées"),
)
FORME_JURIDIQUE = re.compile(r"^communaute d(?:e communes| agglomeration) (?:d[eu] )?(?:la )?")
EN_ZONE = "Cette fiche n’est connue que par sa zone"


def fautes(saisie: Saisie, communes: Communes) -> Iterator[Faute]:
    """Judge what is stored, then what the texts say."""
    if saisie.acces is Acces.DIRECT:
        yield Faute("acces", f"{EN_ZONE} : on ne peut pas y aller directement.")
    for champ, valeur in (
        ("site_web", saisie.site_web),
        ("contacts", saisie.contacts),
        ("capacites", saisie.capacites),
    ):
        if valeur:
            yield Faute(champ, f"{EN_ZONE} : laissez vide.")
    if len(saisie.implantations) > 1:
        yield Faute("implantations", f"{EN_ZONE} : une seule implantation, celle de la zone.")
    for rang, implantation in enumerate(saisie.implantations):
        yield from _implantation(f"implantations.{rang}", implantation, communes)
    if "/" in saisie.source:
        yield Faute("source", f"{EN_ZONE} : nommez le site, sans l’adresse de la page.")
    caches = tuple(_communes_cachees(saisie, communes))
    yield from _territoire(saisie, caches)
    yield from _textes(saisie, caches, communes)


def _implantation(champ: str, porte: Implantation, communes: Communes) -> Iterator[Faute]:
    lieu = porte.localisation
    for nom, valeur in (
        ("adresse", lieu.adresse),
        ("code_postal", lieu.code_postal),
        ("telephone", porte.telephone),
        ("horaires", porte.horaires),
        ("horaires_date", porte.horaires_date),
        ("fermetures", porte.fermetures),
    ):
        if valeur:
            yield Faute(f"{champ}.{nom}", f"{EN_ZONE} : laissez vide.")
    zone = communes.zone(lieu.code_insee)
    if lieu.precision is Precision.ADRESSE:
        yield Faute(f"{champ}.precision", f"{EN_ZONE} : la précision est celle de la zone.")
    elif lieu.precision is Precision.COMMUNE and zone.precision is not Precision.COMMUNE:
        message = (
            "Cette commune a moins de 5 000 habitants : la zone connue est son intercommunalité,"
            " ou le département."
        )
        yield Faute(f"{champ}.commune", message)
    elif lieu.precision is not Precision.COMMUNE and (lieu.commune or lieu.code_insee):
        yield Faute(f"{champ}.commune", f"{EN_ZONE} : la commune ne se dit pas.")
    elif lieu.precision is Precision.DEPARTEMENT and lieu.code_epci:
        yield Faute(f"{champ}.code_epci", f"{EN_ZONE} : l’intercommunalité ne se dit pas.")


def _communes_cachees(saisie: Saisie, communes: Communes) -> Iterator[Commune]:
    """Communes of a widened zone: naming one would undo the widening."""
    for implantation in saisie.implantations:
        lieu = implantation.localisation
        if lieu.precision is Precision.EPCI:
            epci = communes.epci(lieu.code_epci)
            membres = set(epci.membres) if epci else set()
            yield from (c for c in communes.toutes if c.code_insee in membres)
        elif lieu.precision is Precision.DEPARTEMENT:
            yield from communes.toutes


def _territoire(saisie: Saisie, caches: Iterable[Commune]) -> Iterator[Faute]:
    if saisie.territoire is None:
        return
    codes = {commune.code_insee for commune in caches}
    for rang, code in enumerate(saisie.territoire.communes):
        if code in codes:
            message = f"{EN_ZONE}, élargie : une commune de la zone ne se dit pas."
            yield Faute(f"territoire.communes.{rang}", message)


def _textes(saisie: Saisie, caches: tuple[Commune, ...], communes: Communes) -> Iterator[Faute]:
    a_lire = [(champ, texte) for champ, texte in textes(saisie) if texte]
    a_lire.append(("slug", saisie.slug))
    noms = _noms(saisie, communes)
    interdits = re.compile(
        r"\b(?:" + "|".join(re.escape(fold(c.nom)) for c in caches) + r")\b" if caches else r"(?!)"
    )
    for champ, texte in a_lire:
        for dit in _dits(texte):
            yield Faute(champ, f"{EN_ZONE} : ce texte contient {dit}.")
        plie = fold(texte)
        for nom in noms:
            plie = plie.replace(nom, " ")
        if interdits.search(plie):
            yield Faute(champ, f"{EN_ZONE}, élargie : ce texte nomme une commune de la zone.")


def _dits(texte: str) -> Iterator[str]:
    if RUE_PLIEE.search(fold(texte)) or RUE_TAPEE.search(texte):
        yield "le nom d’une rue"
    for motif, dit in MOTIFS:
        if motif.search(texte):
            yield dit


def _noms(saisie: Saisie, communes: Communes) -> tuple[str, ...]:
    """Folded names of the published zones: they may hold that of a commune, and are public."""
    codes = {i.localisation.code_epci for i in saisie.implantations} - {""}
    zones = (communes.epci(code) for code in sorted(codes))
    longs = [fold(zone.nom) for zone in zones if zone is not None]
    return tuple(longs + [FORME_JURIDIQUE.sub("", nom) for nom in longs])
