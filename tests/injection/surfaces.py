"""Where a text is read: addresses, who may ask for them, and the fields that each has to show."""

from __future__ import annotations

from dataclasses import dataclass

NOM = ("nom",)
PORTE = (
    "implantations.libelle",
    "implantations.localisation.adresse",
    "implantations.localisation.commune",
    "implantations.horaires",
)
LIGNE = ("contacts.libelle", "contacts.horaires")
FERMETURE = ("implantations.fermetures.motif",)
DITS = ("description", "conditions", "frais")
# What the public may read of a record, and what only an account may.
PUBLICS = (*NOM, "sigle", *DITS, *PORTE, *FERMETURE, *LIGNE, "participations.source")
PRIVES = (
    *("source", "verifie_par", "notes_internes", "implantations.localisation.source"),
    *("relais.libelle", "relais.horaires", "capacites.source"),
)
TOUS = (*PUBLICS, *PRIVES)


@dataclass(frozen=True, slots=True)
class Surface:
    """One kind of page or file. `{slug}` in its address: there is one for each record."""

    nom: str
    adresses: tuple[str, ...]
    champs: tuple[str, ...]
    role: str = ""
    # Characters of a text that have room there; lines that are cut where they end.
    largeur: int = 10_000
    en_lignes: bool = False

    @property
    def par_fiche(self) -> bool:
        """Whether each record has its own."""
        return "{" in self.adresses[0]


def _une(nom: str, adresse: str, champs: tuple[str, ...], role: str = "") -> Surface:
    return Surface(nom, (adresse,), champs, role)


_ADRESSE = "implantations.localisation.adresse"
_COMMUNE = "implantations.localisation.commune"
_AU_PUBLIC = tuple(champ for champ in PUBLICS if champ not in ("participations.source", "sigle"))
ENSEMBLES = (
    Surface("liste", ("/?type=LEAO", "/?type=LEAO&page=2"), (*NOM, _COMMUNE)),
    _une("réponse JSON", "/proches?type=LEAO&limite=100", (*NOM, _COMMUNE)),
    _une("données de la carte", "/carte.json?type=LEAO", (*NOM, *PORTE[:3])),
    _une("GeoJSON", "/acteurs.geojson?type=LEAO", PUBLICS),
    _une("CSV", "/acteurs.csv?type=LEAO", PUBLICS),
    _une("classeur", "/acteurs.xlsx?type=LEAO", PUBLICS),
    _une("GeoPackage", "/acteurs.gpkg?type=LEAO", NOM),
    Surface(
        "data·inclusion",
        ("/data-inclusion.json?type=LEAO",),
        (*NOM, *DITS, _ADRESSE, _COMMUNE),
        largeur=140,
    ),
    _une("annuaire", "/annuaire?type=LEAO", (*NOM, *DITS[1:], *PORTE, *FERMETURE, *LIGNE)),
    _une("flux", "/flux.atom", NOM),
    _une("protocole", "/objectifs/2022-2024", ()),
    _une("objectif", "/objectifs/2022-2024/2", NOM),
    _une("objectif déduit", "/objectifs/2022-2024/5", (*NOM, "participations.source")),
    _une("couverture", "/couverture?type=LEAO", (*NOM, _COMMUNE)),
    _une("couverture CSV", "/couverture.csv?type=LEAO", ()),
    _une("couverture GeoJSON", "/couverture.geojson?type=LEAO", ()),
    Surface(
        "cadre",
        ("/integration/carte?type=LEAO", "/integration/carte?type=LEAO&page=2"),
        (*NOM, *PORTE),
    ),
    _une("OGC", "/ogc/collections/acteurs/items?f=json&limit=100", PUBLICS),
    _une("OGC, page", "/ogc/collections/acteurs/items?f=html&limit=100", PUBLICS),
    _une("OGC, territoires", "/ogc/collections/territoires/items?f=json&limit=100", NOM),
    _une("tableau de gestion", "/gestion?type=LEAO", (*NOM, _COMMUNE), "editeur"),
    _une("tableau CSV", "/gestion/fiches.csv", (*NOM, _COMMUNE, "verifie_par"), "editeur"),
    _une("export complet CSV", "/gestion/export.csv", TOUS, "administrateur"),
    _une("export complet XLSX", "/gestion/export.xlsx", TOUS, "administrateur"),
    _une("export complet GeoJSON", "/gestion/export.geojson", TOUS, "administrateur"),
    _une("rappels", "/gestion/rappels", NOM, "editeur"),
    _une("propositions", "/gestion/propositions", NOM, "editeur"),
    _une("bilan", "/gestion/bilan/2023", (*NOM, "participations.source"), "editeur"),
    _une("comptages", "/gestion/suivi", (), "editeur"),
    _une("simulation", "/gestion/couverture", (), "editeur"),
    _une("comptes", "/gestion/comptes", (), "administrateur"),
)
PAR_FICHE = (
    _une("fiche", "/acteurs/{slug}", PUBLICS),
    _une("contact", "/acteurs/{slug}.vcf", (*NOM, "conditions", *PORTE, *LIGNE)),
    _une("signalement", "/acteurs/{slug}/signaler", NOM),
    _une("oEmbed", "/oembed?url=http://carte.exemple.fr/acteurs/{slug}", NOM),
    _une("OGC, fiche", "/ogc/collections/acteurs/items/{slug}?f=html", PUBLICS),
    _une("OGC, objet", "/ogc/collections/acteurs/items/{slug}?f=json", PUBLICS),
    _une(
        "formulaire",
        "/gestion/acteurs/{slug}",
        (*(champ for champ in PUBLICS if champ != "participations.source"), *PRIVES[:4]),
        "editeur",
    ),
    _une(
        "historique",
        "/gestion/acteurs/{slug}/historique",
        (*_AU_PUBLIC, "sigle", *PRIVES[:3], "relais.libelle", "relais.horaires"),
        "editeur",
    ),
    _une("révision", "/gestion/acteurs/{slug}/historique/2", NOM, "editeur"),
    _une(
        "ce qui serait retiré",
        "/gestion/acteurs/{slug}/diffusion?vers=zone",
        (*_AU_PUBLIC, "notes_internes", "relais.libelle"),
        "editeur",
    ),
    Surface(
        "rappel, aperçu",
        ("/gestion/acteurs/{slug}/rappels",),
        (*NOM, "sigle", *DITS, *PORTE, *LIGNE),
        "editeur",
        en_lignes=True,
    ),
    _une("proposition publique", "/gestion/propositions/{public}", NOM, "editeur"),
    _une("proposition de partenaire", "/gestion/propositions/{partenaire}", NOM, "editeur"),
    _une("chiffre", "/gestion/objectifs/2022-2024/{releve}", NOM, "editeur"),
    _une("lien du partenaire", "{lien}", _AU_PUBLIC),
    _une("formulaire du partenaire", "{lien}?modifier=1", _AU_PUBLIC),
)
