"""`/gestion/rappels`: who is written to, who answered, who did not; and how, record by record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import courrier, registre, relances
from cartographie.acteurs import Saisie
from cartographie.database import reading, transaction
from cartographie.entretien import examine
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.lettres import EtatCourrier, Reponse
from cartographie.rappels import A_REGARDER, SUJET, Situation, Suivi, Veille
from cartographie.smtp import server_of
from cartographie.web.gestion.garde import blueprint
from cartographie.web.site import site

# Of one click: somebody waits for the page.
LOT = 20
TITRES = {
    Situation.REVENU: "Courriel revenu ou refusé",
    Situation.MUET: "Deux rappels sans réponse",
    Situation.SANS_ADRESSE: "Sans adresse où écrire",
    Situation.A_ECRIRE: "À qui écrire maintenant",
    Situation.EN_ATTENTE: "Courriel qui attend de partir",
    Situation.ECRIT: "Réponse attendue",
    Situation.A_JOUR: "À jour",
    Situation.JAMAIS: "Sans rappel, par choix",
}
AIDES = {
    Situation.REVENU: "L’adresse est sans doute fausse : appelez, puis corrigez-la.",
    Situation.MUET: "Deux courriels à un mois d’écart, aucune réponse : appelez.",
    Situation.SANS_ADRESSE: "Donnez une adresse : elle reste interne et ne sert qu’aux rappels.",
    Situation.A_ECRIRE: "Personne n’a confirmé ces fiches depuis plus longtemps que prévu.",
    Situation.EN_ATTENTE: "Le lien est prêt ; le courriel part au prochain envoi.",
    Situation.ECRIT: "Un deuxième courriel part un mois après le premier.",
    Situation.A_JOUR: "Confirmées, ou répondues, assez récemment.",
    Situation.JAMAIS: "Vous avez choisi de ne pas écrire à ces services.",
}
# What asks for a gesture first; the long lists that ask for none are folded.
ORDRE = (
    Situation.REVENU, Situation.MUET, Situation.A_ECRIRE, Situation.EN_ATTENTE, Situation.ECRIT,
    Situation.SANS_ADRESSE, Situation.A_JOUR, Situation.JAMAIS,
)  # fmt: skip
REPLIES = (Situation.SANS_ADRESSE, Situation.A_JOUR, Situation.JAMAIS)
COCHABLES = (Situation.REVENU, Situation.MUET, Situation.A_ECRIRE, Situation.ECRIT)
ETATS = {
    EtatCourrier.ATTENTE: "attend de partir",
    EtatCourrier.ENVOYE: "envoyé",
    EtatCourrier.REFUSE: "refusé par le serveur",
    EtatCourrier.REVENU: "revenu",
    EtatCourrier.PERIME: "jamais parti, abandonné",
}
REPONSES = {
    Reponse.EXACT: "« Tout est exact »",
    Reponse.PROPOSITION: "a proposé des changements",
}


@dataclass(frozen=True, slots=True)
class Groupe:
    """Records in the same situation, each with the number to call."""

    situation: Situation
    lignes: tuple[tuple[Veille, str], ...]
    replie: bool

    @property
    def titre(self) -> str:
        """As read on screen."""
        return TITRES[self.situation]


@dataclass(frozen=True, slots=True)
class Resume:
    """What the home of /gestion says of mails. `adresse`: whether their links can be followed."""

    regle: bool
    adresse: bool
    attente: int
    a_ecrire: int
    a_appeler: int


def resume(session: Session, saisies: Iterable[Saisie]) -> Resume:
    """Count what asks for somebody; records without an address are told by their list alone."""
    situations = [v.situation for v in relances.veilles(session, contexte(), saisies)]
    return Resume(
        regle=server_of(site().settings) is not None,
        adresse=bool(site().settings.url_publique),
        attente=courrier.summary(session)[EtatCourrier.ATTENTE],
        a_ecrire=situations.count(Situation.A_ECRIRE),
        a_appeler=sum(s in A_REGARDER for s in situations if s is not Situation.SANS_ADRESSE),
    )


def contexte() -> relances.Contexte:
    """With what mails are written from here."""
    reglages = site().settings
    return relances.Contexte(
        cle=str(current_app.secret_key),
        url=reglages.url_publique or request.host_url.rstrip("/"),
        usuelle_mois=reglages.rappel_mois,
        referentiel=site().referentiel,
        maintenant=site().horloge(),
    )


@blueprint.get("/rappels")
def rappels() -> str:
    """Everybody, by situation."""
    with reading(site().engine) as session:
        veilles = relances.veilles(session, contexte())
        comptes = courrier.summary(session)
    return render_template(
        "gestion/rappels.html",
        groupes=_groupes(veilles),
        aides=AIDES,
        cochables=COCHABLES,
        coches=(Situation.A_ECRIRE,),
        attente=comptes[EtatCourrier.ATTENTE],
        regle=server_of(site().settings) is not None,
        reglages=site().settings,
        etats=ETATS,
        fait=_fait(),
    )


@blueprint.post("/rappels")
def rappels_post() -> ResponseReturnValue:
    """Queue a mail for each ticked record; it leaves with the next round, or by the button."""
    choisis = set(request.form.getlist("fiche"))
    with transaction(site().engine) as session:
        ecrites = relances.remind(session, contexte(), choisis)
    return redirect(url_for("gestion.rappels", prets=len(ecrites)), 303)


@blueprint.post("/rappels/envoi")
def rappels_envoi() -> ResponseReturnValue:
    """Send what waits, now; a server that does not answer keeps it waiting."""
    serveur = server_of(site().settings)
    if serveur is None:
        return redirect(url_for("gestion.rappels"), 303)
    with transaction(site().engine) as session:
        courrier.retry_now(session, site().horloge())
    bilan = courrier.deliver(site().engine, serveur, site().horloge, au_plus=LOT)
    nombres = {"envoyes": bilan.envoyes, "refuses": bilan.refuses, "panne": int(bool(bilan.panne))}
    return redirect(url_for("gestion.rappels", **nombres), 303)  # type: ignore[arg-type]


@blueprint.get("/acteurs/<slug>/rappels")
def rappels_fiche(slug: str) -> ResponseReturnValue:
    """How this partner is written to, what was sent, and the mail as it would be."""
    return _page_de_la_fiche(slug)


@blueprint.post("/acteurs/<slug>/rappels")
def rappels_fiche_post(slug: str) -> ResponseReturnValue:
    """Choose the address and how often."""
    frequence = request.form.get("frequence", "")
    adresse = request.form.get("courriel", "")
    try:
        with transaction(site().engine) as session:
            relances.choose(session, slug, frequence, adresse)
    except SaisieError as erreur:
        return Response(_page_de_la_fiche(slug, (frequence, adresse), erreur.fautes), 422)
    return redirect(url_for("gestion.rappels_fiche", slug=slug, fait="choisi"), 303)


@blueprint.post("/courriers/<int:courrier_id>/revenu")
def courrier_revenu(courrier_id: int) -> ResponseReturnValue:
    """A mail came back to somebody's mailbox: only a person can know."""
    with transaction(site().engine) as session:
        lettre = courrier.find(session, courrier_id)
        if lettre is None or not lettre.acteur:
            raise IntrouvableError("Ce courriel n’existe pas, ou n’est plus gardé.")
        courrier.mark_returned(session, courrier_id)
    return redirect(url_for("gestion.rappels_fiche", slug=lettre.acteur, fait="revenu"), 303)


def _page_de_la_fiche(
    slug: str, tape: tuple[str, str] | None = None, fautes: tuple[Faute, ...] = ()
) -> str:
    lien = f"{contexte().url}{relances.CHEMIN}…"
    with reading(site().engine) as session:
        saisie, _ = registre.get_saisie(session, slug)
        suivi = courrier.suivis(session).get(slug, Suivi())
        veille = relances.veille_de(session, slug, contexte())
        corps = relances.body(session, saisie, lien, contexte()) if veille else ""
    frequence = "" if suivi.frequence_mois is None else str(suivi.frequence_mois)
    return render_template(
        "gestion/rappels-fiche.html",
        saisie=saisie,
        veille=veille,
        tape=tape or (frequence, suivi.courriel),
        fautes={faute.champ: faute.message for faute in fautes},
        frequences=_frequences(),
        titres=TITRES,
        etats=ETATS,
        reponses=REPONSES,
        sujet=SUJET,
        corps=corps,
        fait=request.args.get("fait", ""),
    )


def _frequences() -> tuple[tuple[str, str], ...]:
    usuelle = site().settings.rappel_mois
    toutes = (
        (str(n), f"Tous les {n} mois" if n > 1 else "Tous les mois") for n in relances.FREQUENCES
    )
    return (("", f"Comme les autres ({usuelle} mois)"), *toutes, ("0", "Jamais"))


def _groupes(veilles: list[Veille]) -> list[Groupe]:
    jour = site().horloge().date()
    tries = sorted(veilles, key=lambda v: ORDRE.index(v.situation))
    return [
        Groupe(
            situation,
            tuple((v, examine(v.saisie, jour).telephone) for v in groupe),
            situation in REPLIES,
        )
        for situation, groupe in groupby(tries, key=lambda v: v.situation)
    ]


def _fait() -> str:
    """What the last gesture did, from the numbers of the address."""
    nombres = {nom: request.args.get(nom, -1, int) for nom in ("prets", "envoyes", "refuses")}
    if nombres["prets"] >= 0:
        n = nombres["prets"]
        return f"{n} courriel{'s' if n > 1 else ''} prêt{'s' if n > 1 else ''} à partir."
    if nombres["envoyes"] < 0:
        return ""
    n = nombres["envoyes"]
    phrase = f"{n} courriel{'s' if n > 1 else ''} envoyé{'s' if n > 1 else ''}."
    if nombres["refuses"] > 0:
        phrase += f" {nombres['refuses']} refusé{'s' if nombres['refuses'] > 1 else ''}."
    if request.args.get("panne") == "1":
        phrase += " Le serveur de courriels ne répond pas : les autres attendent, rien n’est perdu."
    return phrase
