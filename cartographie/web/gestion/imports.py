"""Files brought to the directory: read, shown, decided on, then written in one go; and out again.

Nothing is written before « Appliquer ». The plan is made again under the lock of writers: when it
is no longer the one that was read, nobody's work is undone and the new one is shown (409).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from threading import Thread
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import lots, registre
from cartographie.adresses import search_addresses
from cartographie.comparaison import Difference, differences
from cartographie.database import reading, transaction
from cartographie.echanges import Erreur, Lot
from cartographie.echanges.formats import FORMATS, format_de
from cartographie.echanges.lecture.processus import OCTETS_MAX, read_file
from cartographie.echanges.lecture.tableau import LIGNES_MAX
from cartographie.echanges.lecture.transport import lot_from_json, lot_to_json
from cartographie.errors import Faute, ParametreError
from cartographie.geocodage import GeocodeurCommunes
from cartographie.imports import Choix, Plan, apply_import, plan_import
from cartographie.lots import Attente
from cartographie.nombres import entier
from cartographie.placement import Trouvees
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion.garde import blueprint, exige, utilisateur_courant
from cartographie.web.site import Site, site
from cartographie.web.vigie import Fait, note

FORMES = "any(csv,xlsx,geojson)"
MODELES = "any(csv,xlsx)"
FAUTES_MONTREES = 200
NOM_MAX = 120
CHANGE = (
    "Les fiches ont changé depuis que vous avez lu cet aperçu : rien n’a été écrit. "
    "Relisez-le, puis appliquez de nouveau."
)
A_DECIDER = "Dites pour chaque fiche douteuse s’il faut la créer ou l’ignorer : rien n’a été écrit."
ARRETE = "Recherche arrêtée."


@dataclass(frozen=True, slots=True)
class ChangementVu:
    """A record that would change, with its differences in words."""

    slug: str
    nom: str
    differences: tuple[Difference, ...]


@blueprint.get("/imports", endpoint="imports")
def accueil() -> str:
    """What an import is, the models to fill, the files that wait."""
    return _accueil()


@blueprint.post("/imports")
def deposer() -> ResponseReturnValue:
    """Read a file. Without a fault it waits for a decision; with one nothing of it is kept."""
    fichier = request.files.get("fichier")
    nom = PurePath(fichier.filename or "").name[:NOM_MAX] if fichier else ""
    if fichier is None or not nom:
        return _accueil(Faute("fichier", "Choisissez un fichier.")), 422
    try:
        forme = format_de(nom)
    except ParametreError as erreur:
        return _accueil(Faute("fichier", str(erreur))), 422
    contenu = fichier.read()
    lot = read_file(contenu, forme)
    if not (lot.lignes or lot.abimees):
        note(Fait.FICHIER_REFUSE)
    with reading(site().engine) as session:
        plan = _plan(session, lot, {}, {})
    if plan.erreurs:
        return _accueil(erreurs=plan.erreurs, nom=nom), 422
    with transaction(site().engine) as session:
        numero = lots.add(
            session,
            lot_to_json(lot),
            par=utilisateur_courant().courriel,
            fichier=nom,
            empreinte=sha256(contenu).hexdigest(),
            maintenant=site().horloge(),
        )
    return redirect(url_for("gestion.apercu_import", lot=numero), 303)


@blueprint.get("/imports/<int:lot>")
def apercu_import(lot: int) -> ResponseReturnValue:
    """What the file would do now."""
    with reading(site().engine) as session:
        attente = _attente(session, lot)
        plan = _plan(session, lot_from_json(attente.contenu), {}, attente.trouvees)
    return _apercu(attente, plan)


@blueprint.post("/imports/<int:lot>")
def appliquer_import(lot: int) -> ResponseReturnValue:
    """Write it, when it still means what was read and every doubt is decided."""
    choix = _choix(request.form)
    with transaction(site().engine) as session:
        registre.lock(session)
        attente = _attente(session, lot)
        plan = _plan(session, lot_from_json(attente.contenu), choix, attente.trouvees)
        if plan.empreinte != request.form.get("empreinte"):
            return _apercu(attente, plan, message=CHANGE, statut=409)
        if plan.indecises:
            return _apercu(attente, plan, message=A_DECIDER, statut=422)
        if plan.erreurs:
            return _apercu(attente, plan, statut=422)
        par = utilisateur_courant().courriel
        apply_import(session, plan, par=par, moyen=f"import {attente.fichier}")
        lots.erase(session, lot)
    bilan = {"creees": len(plan.creees), "changees": len(plan.changees)}
    return redirect(url_for("gestion.imports", **bilan), 303)  # type: ignore[arg-type]


@blueprint.post("/imports/<int:lot>/abandonner")
def abandonner_import(lot: int) -> ResponseReturnValue:
    """Keep nothing of the file."""
    with transaction(site().engine) as session:
        _attente(session, lot)
        lots.erase(session, lot)
    return redirect(url_for("gestion.imports", abandon="1"), 303)


@blueprint.post("/imports/<int:lot>/adresses")
def chercher_adresses(lot: int) -> ResponseReturnValue:
    """Look for the addresses that have no point, or stop: the page shows how far it is."""
    suite = redirect(url_for("gestion.apercu_import", lot=lot, _anchor="adresses"), 303)
    with transaction(site().engine) as session:
        attente = _attente(session, lot)
        if request.form.get("arret"):
            lots.stop(session, lot, ARRETE)
            return suite
        plan = _plan(session, lot_from_json(attente.contenu), {}, attente.trouvees)
        prise = lots.start(session, lot, plan.questions, site().horloge())
    if prise:
        fil = Thread(target=_search, args=(site(), lot), name="adresses", daemon=True)
        fil.start()
    return suite


@blueprint.get(f"/imports/modele.<{MODELES}:forme>")
def modele_import(forme: str) -> Response:
    """Every column, one row to take as an example."""
    write = FORMATS[forme].write_modele
    return _fichier(write(site().referentiel) if write else b"", f"modele.{forme}", forme)


@blueprint.get(f"/export.<{FORMES}:forme>")
@exige(RoleCompte.ADMINISTRATEUR)
def export_complet(forme: str) -> Response:
    """Every record, whole: it says where hidden places are reached, and must not be passed on."""
    with reading(site().engine) as session:
        saisies = registre.saisies(session)
    note(Fait.EXPORT_COMPLET)
    corps = FORMATS[forme].write_complet(saisies, site().referentiel)
    jour = site().horloge().date().isoformat()
    return _fichier(corps, f"fiches-completes-{jour}.{forme}", forme)


def _search(installation: Site, lot: int) -> None:
    """In a thread of its own: nobody waits for it, and whoever looks reads the database."""
    geocodeur = installation.geocodeur_ecriture
    if geocodeur is None:
        geocodeur = GeocodeurCommunes(installation.embarque.communes)
    search_addresses(installation.engine, lot, geocodeur, installation.horloge)


def _attente(session: Session, lot: int) -> Attente:
    par, maintenant = utilisateur_courant().courriel, site().horloge()
    return lots.get(session, lot, par=par, maintenant=maintenant)


def _plan(session: Session, lot: Lot, choix: Mapping[str, Choix], trouvees: Trouvees) -> Plan:
    existantes = {saisie.slug: saisie for saisie in registre.saisies(session)}
    referentiel = site().referentiel_de(session)
    return plan_import(lot, existantes, referentiel, choix=choix, trouvees=trouvees)


def _choix(champs: Mapping[str, str]) -> dict[str, Choix]:
    """`choix.<slug>` of each doubtful record; a value that means nothing decides nothing."""
    return {
        nom.removeprefix("choix."): Choix(valeur)
        for nom, valeur in champs.items()
        if nom.startswith("choix.") and valeur in list(Choix)
    }


def _apercu(attente: Attente, plan: Plan, *, message: str = "", statut: int = 200) -> Response:
    referentiel = site().referentiel
    changees = tuple(
        ChangementVu(c.avant.slug, c.apres.nom, differences(c.avant, c.apres, referentiel))
        for c in plan.changees
    )
    page = render_template(
        "gestion/import.html",
        attente=attente,
        plan=plan,
        changees=changees,
        message=message,
        choix={d.saisie.slug: d.choix for d in plan.douteuses},
    )
    return Response(page, statut)


def _accueil(faute: Faute | None = None, *, erreurs: tuple[Erreur, ...] = (), nom: str = "") -> str:
    par, maintenant = utilisateur_courant().courriel, site().horloge()
    with reading(site().engine) as session:
        attentes = lots.waiting(session, par=par, maintenant=maintenant)
    contexte: dict[str, Any] = {
        "faute": faute,
        "erreurs": erreurs[:FAUTES_MONTREES],
        "total": len(erreurs),
        "nom": nom,
        "attentes": attentes,
        "bilan": _bilan(request.args),
        "administrateur": utilisateur_courant().role is RoleCompte.ADMINISTRATEUR,
        "mo_max": OCTETS_MAX // 1_000_000,
        "lignes_max": LIGNES_MAX,
    }
    return render_template("gestion/imports.html", **contexte)


def _bilan(args: Mapping[str, str]) -> str:
    if "abandon" in args:
        return "Import abandonné : rien n’a été écrit, et rien n’en est gardé."
    creees, changees = (entier(args.get(nom, ""), 6) for nom in ("creees", "changees"))
    if creees is None or changees is None:
        return ""
    if not creees and not changees:
        return "Rien n’était à changer : rien n’a été écrit."
    return f"C’est écrit : fiches créées : {creees} ; fiches changées : {changees}."


def _fichier(corps: bytes, nom: str, forme: str) -> Response:
    response = Response(corps, content_type=FORMATS[forme].mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response
