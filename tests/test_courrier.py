"""The outbox: nothing told of what was not kept, nothing lost, nothing sent twice. Both engines."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cartographie import courrier
from cartographie.config import RACINE
from cartographie.database import reading, transaction
from cartographie.lettres import DELAIS, EtatCourrier, Lettre, Motif, delai
from cartographie.models import Courrier
from cartographie.smtp import Injoignable, Serveur
from tests.comptes import Horloge
from tests.enfants import commande
from tests.poste import EXPEDITEUR, Facteur, Poste, certificat, ouvrir, texte
from tests.site import MARDI

pytest_plugins = ["tests.bureau"]

ENVIRON = {"PATH": "/usr/bin:/bin", "CARTO_COURRIEL_EXPEDITEUR": EXPEDITEUR}


def ecrire(engine: Engine, *adresses: str, motif: Motif = Motif.ALERTE) -> list[int]:
    with transaction(engine) as session:
        return [
            courrier.queue(
                session,
                a=a,
                sujet="Objet accentué",
                corps=f"Été à {a}",
                motif=motif,
                maintenant=MARDI,
            )
            for a in adresses
        ]


def lettre(engine: Engine, numero: int) -> Lettre:
    with reading(engine) as session:
        trouvee = courrier.find(session, numero)
    assert trouvee is not None
    return trouvee


def serveur(poste: Poste) -> Serveur:
    return Serveur.read(poste.url, EXPEDITEUR)


def test_a_mail_is_of_the_transaction_that_has_something_to_tell(engine: Engine) -> None:
    def echouer() -> None:
        with transaction(engine) as session:
            queue(session, "a@exemple.fr", "S")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        echouer()
    with reading(engine) as session:
        assert session.execute(select(Courrier)).first() is None


def queue(session: Session, a: str, sujet: str) -> int:
    return courrier.queue(
        session, a=a, sujet=sujet, corps="C", motif=Motif.ALERTE, maintenant=MARDI
    )


@pytest.mark.parametrize(
    ("a", "sujet"),
    [("a@exemple.fr\nBcc: b@exemple.fr", "S"), ("a@exemple.fr", "S\r\nBcc: b@c"), ("rien", "S")],
)
def test_no_header_is_added_by_what_is_written(engine: Engine, a: str, sujet: str) -> None:
    with pytest.raises(ValueError, match="subject"), transaction(engine) as session:
        queue(session, a, sujet)


def test_a_real_server_receives_it_once(engine: Engine, poste: Poste) -> None:
    (numero,) = ecrire(engine, "accueil@exemple.fr")
    bilan = courrier.deliver(engine, serveur(poste), Horloge())
    assert (bilan.envoyes, bilan.refuses, bilan.panne) == (1, 0, "")
    (recu,) = poste.recus
    assert (recu["To"], recu["Subject"]) == ("accueil@exemple.fr", "Objet accentué")
    assert recu["From"] == f"Carte des services <{EXPEDITEUR}>"
    assert (recu.get_content_type(), texte(recu).strip()) == (
        "text/plain",
        "Été à accueil@exemple.fr",
    )
    assert lettre(engine, numero).etat is EtatCourrier.ENVOYE
    assert courrier.deliver(engine, serveur(poste), Horloge()) == courrier.Bilan()
    assert len(poste.recus) == 1


def test_a_wrong_address_is_a_bounce_and_stops_nobody(engine: Engine, poste: Poste) -> None:
    absent, plus_tard, bon = ecrire(
        engine, "absent@exemple.fr", "plus-tard@exemple.fr", "bon@exemple.fr"
    )
    bilan = courrier.deliver(engine, serveur(poste), Horloge())
    assert (bilan.envoyes, bilan.refuses, bilan.reportes) == (1, 1, 1)
    assert lettre(engine, absent).etat is EtatCourrier.REFUSE
    assert "No such user" in lettre(engine, absent).reponse
    assert lettre(engine, plus_tard).etat is EtatCourrier.ATTENTE
    assert lettre(engine, bon).etat is EtatCourrier.ENVOYE
    horloge = Horloge(MARDI + timedelta(minutes=4))
    assert courrier.deliver(engine, serveur(poste), horloge) == courrier.Bilan()
    horloge.avance(minutes=1)
    assert courrier.deliver(engine, serveur(poste), horloge).reportes == 1
    assert lettre(engine, plus_tard).essais == 2


def test_it_waits_longer_after_each_try() -> None:
    attentes = [delai(essai) for essai in range(1, 9)]
    assert attentes == sorted(attentes)
    assert (attentes[0], attentes[-1]) == (DELAIS[0], timedelta(days=1))


def test_without_a_server_everything_waits(engine: Engine, poste: Poste) -> None:
    numeros = ecrire(engine, "a@exemple.fr", "b@exemple.fr")
    panne = Serveur.read("smtp://127.0.0.1:1?starttls=0", EXPEDITEUR)
    assert courrier.deliver(engine, panne, Horloge()).panne == "ConnectionRefusedError"
    assert {lettre(engine, n).etat for n in numeros} == {EtatCourrier.ATTENTE}
    horloge = Horloge(MARDI + timedelta(minutes=5))
    assert courrier.deliver(engine, serveur(poste), horloge).envoyes == 2


def test_what_waited_too_long_is_no_longer_sent(engine: Engine, poste: Poste) -> None:
    with transaction(engine) as session:
        numero = courrier.queue(
            session,
            a="a@exemple.fr",
            sujet="S",
            corps="C",
            motif=Motif.RAPPEL,
            maintenant=MARDI,
            perime_le=MARDI + timedelta(days=30),
        )
    horloge = Horloge(MARDI + timedelta(days=30))
    assert courrier.deliver(engine, serveur(poste), horloge) == courrier.Bilan()
    assert lettre(engine, numero).etat is EtatCourrier.PERIME


def test_what_a_mail_said_is_erased_then_that_it_was(engine: Engine, poste: Poste) -> None:
    envoye, attend = ecrire(engine, "a@exemple.fr", "plus-tard@exemple.fr")
    courrier.deliver(engine, serveur(poste), Horloge())
    with transaction(engine) as session:
        assert courrier.purge(session, MARDI + timedelta(days=15)) == 0
        assert courrier.purge(session, MARDI + timedelta(days=15, minutes=1)) == 1
    assert (lettre(engine, envoye).corps, lettre(engine, attend).corps) == (
        "",
        "Été à plus-tard@exemple.fr",
    )
    with transaction(engine) as session:
        courrier.purge(session, MARDI + timedelta(days=366))
    with reading(engine) as session:
        assert courrier.find(session, envoye) is None
        assert courrier.find(session, attend) is not None


# ── TLS ──


def test_a_server_that_nobody_vouches_for_is_given_nothing(engine: Engine, tmp_path: Path) -> None:
    contexte, autorite = certificat(tmp_path)
    ecrire(engine, "a@exemple.fr")
    for poste in ouvrir(Facteur(), tls_context=contexte, require_starttls=True):
        url = f"smtp://127.0.0.1:{poste.port}"
        douteux = Serveur.read(url, EXPEDITEUR)
        assert "SSLCert" in courrier.deliver(engine, douteux, Horloge()).panne
        assert poste.recus == []
        connu = Serveur("127.0.0.1", poste.port, "starttls", EXPEDITEUR, certificats=str(autorite))
        horloge = Horloge(MARDI + timedelta(minutes=5))
        assert courrier.deliver(engine, connu, horloge).envoyes == 1


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(poste: Poste) -> None:
    sans = Serveur.read(f"smtp://127.0.0.1:{poste.port}", EXPEDITEUR)
    with pytest.raises(Injoignable), sans.open():
        pass
    assert not poste.facteur.appele.is_set()


# ── processes ──


def test_two_processes_deliver_fifty_mails_exactly_once(
    engine: Engine, tmp_path: Path, poste: Poste
) -> None:
    adresses = [f"service-{n}@exemple.fr" for n in range(50)]
    ecrire(engine, *adresses)
    environ = environ_de(engine, tmp_path, poste)
    deux = [
        subprocess.Popen(commande("remind", "--apply"), cwd=RACINE, env=environ) for _ in range(2)
    ]
    assert [processus.wait(timeout=120) for processus in deux] == [0, 0]
    assert Counter(poste.facteur.destinataires) == Counter(adresses)


def test_a_process_that_is_killed_while_it_sends_loses_nothing(
    engine: Engine, tmp_path: Path, poste: Poste
) -> None:
    (numero,) = ecrire(engine, "accueil@exemple.fr")
    poste.facteur.retient = True
    environ = environ_de(engine, tmp_path, poste)
    with subprocess.Popen(commande("remind", "--apply"), cwd=RACINE, env=environ) as envoi:
        assert poste.facteur.appele.wait(timeout=60)
        envoi.kill()
    assert poste.recus == []
    poste.facteur.retient = False
    # It was claimed: nobody takes it before the one who did is surely dead.
    with reading(engine) as session:
        pris = session.execute(
            select(Courrier.reclame_le).where(Courrier.id == numero)
        ).scalar_one()
    assert pris is not None
    tot, tard = (Horloge(pris + timedelta(minutes=m)) for m in (14, 16))
    assert courrier.deliver(engine, serveur(poste), tot) == courrier.Bilan()
    assert courrier.deliver(engine, serveur(poste), tard).envoyes == 1
    assert lettre(engine, numero).etat is EtatCourrier.ENVOYE


def environ_de(engine: Engine, tmp_path: Path, poste: Poste) -> dict[str, str]:
    return ENVIRON | {
        "CARTO_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "CARTO_INSTANCE": str(tmp_path / "instance"),
        "CARTO_SMTP_URL": poste.url,
        "CARTO_URL_PUBLIQUE": "https://carte.exemple.fr",
    }
