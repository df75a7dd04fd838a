"""One function a field of data·inclusion: what the schema takes, made of a Fiche and its door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cartographie.acteurs import Acces, ContactKind, Fiche, Implantation, Precision, Territoire
from cartographie.echanges.inclusion import table
from cartographie.horaires import lisible
from cartographie.phrases import telephone_uri
from cartographie.texte import fold

NOM_MIN, NOM_MAX = 3, 150
DECIMALES = 6
# The first day that the schema admits: where nobody knows the date, it is read as very old.
DATE_INCONNUE = date(2000, 1, 1)
DEPARTEMENT = "38"
# Narrower than what a mailbox may be: what is in doubt is left out, the file stays valid.
COURRIEL = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}", re.IGNORECASE
)
CODE_POSTAL = re.compile(r"[0-9]{5}")
COURRIEL_MAX = 64
SITE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][!-~]*)?", re.IGNORECASE)
RESERVES = ("test", "invalid", "localhost", "local", "arpa", "onion")

Objet = dict[str, Any]


def nommer(*morceaux: str) -> str:
    """A name of 3 to 150 characters that does not end with a point."""
    nom = " – ".join(m for m in (" ".join(m.split()) for m in morceaux) if m)
    if not nom.endswith("etc."):
        nom = nom.rstrip(". ")
    if len(nom) > NOM_MAX:
        nom = f"{nom[: NOM_MAX - 1].rstrip('. ')}…"
    return nom if len(nom) >= NOM_MIN else f"{nom} (sans nom)".strip()


def date_maj(fiche: Fiche, jour: date) -> str:
    """The day of the confirmation, else of the source (the first of what is known of it).

    Never after `jour`, whatever was typed; the earliest day of the schema when nobody knows.
    """
    if fiche.verifie_le is not None:
        connue = fiche.verifie_le
    elif fiche.source_date:
        connue = date.fromisoformat((fiche.source_date + "-01-01")[:10])
    else:
        connue = DATE_INCONNUE
    return min(max(connue, DATE_INCONNUE), jour).isoformat()


def lieu(fiche: Fiche, porte: Implantation | None) -> Objet:
    """Where it is. Its address when that is known, its point when that is the address's.

    These tools make a door of a point: below an address there is none. A zone has its commune.
    """
    if porte is None or porte.localisation.precision not in (Precision.ADRESSE, Precision.COMMUNE):
        return {}
    ici = porte.localisation
    place: Objet = {"commune": ici.commune or None, "code_insee": ici.code_insee or None}
    if a_une_adresse(fiche, porte):
        place |= {
            "adresse": ici.adresse or None,
            "code_postal": ici.code_postal if CODE_POSTAL.fullmatch(ici.code_postal) else None,
        }
    if ici.precision is Precision.ADRESSE and not fiche.en_zone:
        place |= {
            "longitude": round(ici.longitude, DECIMALES),
            "latitude": round(ici.latitude, DECIMALES),
        }
    return place


def a_une_adresse(fiche: Fiche, porte: Implantation) -> bool:
    """Whether one knows where to go: by the street, or by a point that is the address's."""
    ici = porte.localisation
    par_la_rue = ici.precision is Precision.COMMUNE and bool(ici.adresse)
    return not fiche.en_zone and (par_la_rue or ici.precision is Precision.ADRESSE)


def telephone(fiche: Fiche, porte: Implantation | None) -> str | None:
    """One number: of the door, else of a line; international when it has ten digits."""
    numeros = [contact.valeur for contact in fiche.telephones]
    if porte is not None and porte.telephone:
        numeros.insert(0, porte.telephone)
    return telephone_uri(numeros[0]).removeprefix("tel:") if numeros else None


def courriel(fiche: Fiche) -> str | None:
    """The first address to write to that any reader would take."""
    for contact in fiche.contacts:
        valeur = contact.valeur.strip()
        lisible_partout = COURRIEL.fullmatch(valeur) and len(valeur) <= COURRIEL_MAX
        if contact.kind is ContactKind.COURRIEL and lisible_partout:
            if valeur.rpartition(".")[2].lower() in RESERVES:
                continue
            return valeur
    return None


def site_web(fiche: Fiche) -> str | None:
    """Its site, when the address is one that any reader would take."""
    adresse = fiche.site_web.strip()
    return adresse if SITE.fullmatch(adresse) else None


def horaires(porte: Implantation | None) -> str | None:
    """Hours in OSM syntax; what does not parse is left out, as the format asks."""
    typed = porte.horaires.strip() if porte else ""
    return typed if typed and lisible(typed) else None


def termes(codes: Iterable[str], mots: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    """Our codes in the words of the schema, each once; None when none has any."""
    trouves = sorted({mot for code in codes for mot in mots.get(code, ())})
    return trouves or None


def publics(fiche: Fiche) -> list[str] | None:
    """Whom it is for; everybody stands alone, as the schema wants."""
    trouves = termes(fiche.publics, table.PUBLICS)
    return [table.TOUS] if trouves and table.TOUS in trouves else trouves


def frais(fiche: Fiche) -> str | None:
    """`gratuit` or `payant` when the text says no more than that."""
    return table.FRAIS.get(fold(fiche.frais))


def zone_eligibilite(territoire: Territoire | None) -> list[str] | None:
    """Codes of the zone of competence: département, EPCI (SIREN), communes (INSEE)."""
    if territoire is None:
        return None
    if territoire.departement:
        return [DEPARTEMENT]
    return [*territoire.epci, *territoire.communes] or None


def mobilisation(fiche: Fiche, porte: Implantation | None, libelle_acces: str) -> Objet:
    """How one gets there: ways that exist, who may, and our own words."""
    present = {
        table.PRESENTER: porte is not None and a_une_adresse(fiche, porte),
        table.TELEPHONER: telephone(fiche, porte) is not None,
        table.ECRIRE: courriel(fiche) is not None,
    }
    modes = [mode for mode in table.MODES_MOBILISATION[fiche.acces] if present[mode]]
    relais = [c.libelle for c in fiche.contacts if fiche.en_zone and c.libelle]
    # Of a court's decision even the ways in are not for who reads.
    suite = [] if fiche.acces is Acces.DECISION_JUDICIAIRE else relais
    return {
        "modes_accueil": list(table.MODES_ACCUEIL[fiche.acces]) or None,
        "modes_mobilisation": sorted(modes) or None,
        "mobilisable_par": sorted(table.MOBILISABLE_PAR[fiche.acces]) or None,
        "mobilisation_precisions": ". ".join([libelle_acces, *suite]) + ".",
    }
