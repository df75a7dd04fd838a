"""What was written: a record's history, going back to a state, undoing what an account wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import comptes, registre
from cartographie.acteurs import Saisie
from cartographie.comparaison import Difference, differences
from cartographie.database import reading, transaction
from cartographie.errors import ConflitError, Faute, SaisieError
from cartographie.horaires import PARIS
from cartographie.libelles import CHAMPS, MOYENS, nommer
from cartographie.phrases import date_fr
from cartographie.registre import Ecriture, Efface
from cartographie.web.gestion import revisions
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.site import site

PAR_PAGE = 20
FAITS = {
    "restauree": "C’est fait : la fiche est revenue à l’état choisi.",
    "identique": "La fiche était déjà dans cet état.",
}
RELUE = (
    "Un collègue a enregistré cette fiche entre-temps : rien n’a été changé. La comparaison est à"
    " jour ; relisez-la, puis confirmez de nouveau."
)


@dataclass(frozen=True, slots=True)
class RevisionVue:
    """One write in words."""

    numero: int
    quand: datetime
    par: str
    moyen: str
    autorise_par: str
    autorise_le: date | None
    creation: bool
    courante: bool
    differences: tuple[Difference, ...]
    efface: tuple[str, ...]


@blueprint.app_template_filter("moment_fr")
def moment_fr(quand: datetime) -> str:
    """A moment as it is told in Isère: `10 mars 2026 à 10 h 30`."""
    local = quand.astimezone(PARIS)
    return f"{date_fr(local.date())} à {local.hour} h {local.minute:02d}"


@blueprint.app_template_filter("champs_fr")
def champs_fr(champs: Sequence[str]) -> str:
    """Names of fields as one line: « lieux, numéros et courriels »."""
    noms = [CHAMPS.get(champ, champ) for champ in champs]
    return ", ".join(nom[:1].lower() + nom[1:] for nom in noms)


@blueprint.get("/acteurs/<slug>/historique")
def historique(slug: str) -> ResponseReturnValue:
    """Every write of a record, latest first."""
    avant = request.args.get("avant", 0, type=int)
    with reading(site().engine) as session:
        saisie, courante = registre.get_saisie(session, slug)
        ecritures = registre.history(session, slug)
        effaces = registre.ledger(session, slug)
        noms = comptes.noms(session)
    montrees = [e for e in ecritures if not avant or e.numero < avant]
    vues = [_vue(e, courante, effaces, noms) for e in montrees[:PAR_PAGE]]
    return render_template(
        "gestion/historique.html",
        saisie=saisie,
        vues=vues,
        total=len(ecritures),
        suite=vues[-1].numero if len(montrees) > PAR_PAGE else 0,
        fait=FAITS.get(request.args.get("fait", "")),
    )


@blueprint.get("/acteurs/<slug>/historique/<int(max=999999):numero>")
def revision(slug: str, numero: int) -> ResponseReturnValue:
    """What going back to a revision would change."""
    return _page(slug, numero)


@blueprint.post("/acteurs/<slug>/historique/<int(max=999999):numero>")
def restaurer(slug: str, numero: int) -> ResponseReturnValue:
    """Go back to it, as one more revision."""
    lue = revisions.read(slug, request.form.get("revision", ""))
    try:
        with transaction(site().engine) as session:
            change = registre.restore(
                session,
                slug,
                numero,
                site().referentiel,
                revision_lue=lue,
                par=utilisateur_courant().courriel,
            )
    except ConflitError:
        return _page(slug, numero, relue=RELUE)
    except SaisieError as erreur:
        return _page(slug, numero, fautes=erreur.fautes)
    fait = "restauree" if change else "identique"
    return redirect(url_for("gestion.historique", slug=slug, fait=fait), 303)


def _page(slug: str, numero: int, *, relue: str = "", fautes: Sequence[Faute] = ()) -> Response:
    with reading(site().engine) as session:
        saisie, _ = registre.get_saisie(session, slug)
        cible, courante = registre.restorable(session, slug, numero)
        garde = bool(registre.ledger(session, slug))
    page = render_template(
        "gestion/revision.html",
        saisie=saisie,
        numero=numero,
        revision=revisions.sign(slug, courante),
        differences=differences(saisie, cible, site().referentiel),
        garde=garde,
        relue=relue,
        fautes=fautes,
        nommer=nommer,
    )
    return Response(page, 409 if relue else 422 if fautes else 200)


def _vue(
    ecriture: Ecriture,
    courante: int,
    effaces: Sequence[Efface],
    noms: Mapping[str, str],
) -> RevisionVue:
    efface = next((e.champs for e in effaces if e.revision == ecriture.numero), ())
    return RevisionVue(
        numero=ecriture.numero,
        quand=ecriture.quand,
        par=noms.get(ecriture.par, ecriture.par),
        moyen=MOYENS.get(ecriture.moyen, ecriture.moyen),
        autorise_par=ecriture.autorise_par,
        autorise_le=ecriture.autorise_le,
        creation=ecriture.avant is None,
        courante=ecriture.numero == courante,
        differences=_differences(ecriture.avant, ecriture.apres),
        efface=efface,
    )


def _differences(avant: Saisie | None, apres: Saisie) -> tuple[Difference, ...]:
    return differences(avant, apres, site().referentiel)
