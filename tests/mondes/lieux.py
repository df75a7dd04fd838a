"""Every place where a secret could be found: answers, exports, logs, mails, files, databases.

Each function gives the bytes of one place, with a word that tells where they come from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, text

from tests.mondes.canaris import INTERNE, TEMOIN
from tests.mondes.fouille import courriel
from tests.mondes.hasard import GESTION, Hasard
from tests.mondes.questions import CHEMINS, LENTES
from tests.mondes.serveurs import Serveur
from tests.mondes.traces import SLUG
from tests.poste import Poste
from tests.site import adresse_de

Trouve = tuple[str, bytes]
SLUGS = (SLUG, TEMOIN, INTERNE)
QUESTIONS = ("", "?lieu=38269", "?lieu=38269&tri=distance&besoin=abri", "?q=accueil&discret=1")
NUMEROS = ("1", "2", "3", "4")


def adresses(app: Flask, *, gestion: bool) -> Iterator[str]:
    """Every address that can be read, for the records of the story."""
    mots = {
        **CHEMINS,
        "slug": SLUGS,
        "objet": SLUGS,
        **dict.fromkeys(("numero", "lot", "compte"), NUMEROS),
        "jeton": ("x.y",),
    }
    for regle in app.url_map.iter_rules():
        if "GET" in (regle.methods or ()) and regle.endpoint.startswith(GESTION) == gestion:
            noms = sorted(regle.arguments)
            for valeurs in product(*(mots[nom] for nom in noms)):
                adresse = adresse_de(app, regle, dict(zip(noms, valeurs, strict=True)))
                lente = gestion or regle.endpoint in LENTES or noms
                yield from (adresse + q for q in (QUESTIONS[:1] if lente else QUESTIONS))


def lire(client: FlaskClient, app: Flask, *, gestion: bool) -> Iterator[Trouve]:
    """What a reader receives: headers and bytes."""
    vues: set[bytes] = set()
    for adresse in adresses(app, gestion=gestion):
        reponse = client.get(adresse)
        if reponse.data not in vues:
            vues.add(reponse.data)
            yield adresse, f"{reponse.headers}".encode()
            yield adresse, reponse.data


def demander(app: Flask, graine: int, nombre: int) -> Iterator[Trouve]:
    """What random questions are answered."""
    hasard = Hasard(app, graine, rapide=True)
    for demande in hasard.demandes(nombre):
        reponse = demande.envoyer(app.test_client())
        yield demande.adresse, f"{reponse.status}\n{reponse.headers}".encode() + reponse.data


def indiscretions(serveur: Serveur, secrets: list[str]) -> int:
    """Ask a real server for each secret in every way that it could write down; how many times."""
    liaison = serveur.joindre()
    faites = 0
    for secret in secrets:
        dit = quote(secret)
        for methode, adresse, corps in (
            ("GET", f"/?q={dit}", None),
            ("GET", f"/acteurs/{dit}", None),
            ("GET", f"/proches?lieu={dit}&rayon_km={dit}", None),
            ("GET", f"/gestion/acteurs/{dit}", None),
            ("POST", "/proches", f"adresse={dit}"),
            ("POST", "/proches", f'{{"adresse": "{dit}"'),
            ("POST", f"/acteurs/{SLUG}/signaler", f"texte={dit}&motif=autre"),
            ("POST", "/gestion/connexion", f"courriel={dit}&mot_de_passe={dit}"),
            ("BREW", f"/{dit}", None),
            ("GET", f"/partenaires/{dit}?jeton={dit}", None),
        ):
            entetes = {"User-Agent": dit, "Referer": f"http://127.0.0.1/?q={dit}"}
            entetes["Content-Type"] = "application/x-www-form-urlencoded"
            liaison.request(methode, adresse, corps, entetes)
            liaison.getresponse().read()
            liaison.close()
            faites += 1
    return faites


def courriels(poste: Poste, depuis: int = 0) -> Iterator[Trouve]:
    """Mails as they travelled and as they are read; who receives one may know his own address."""
    for message in poste.recus[depuis:]:
        sujet = str(message["Subject"])
        for entete in ("To", "X-RcptTo", "X-Peer", "X-MailFrom"):
            del message[entete]
        yield from ((sujet, octets) for octets in courriel(message.as_bytes()))


def fichiers(*dossiers: Path) -> Iterator[Trouve]:
    """Every byte of every file, and their names."""
    for dossier in dossiers:
        for fichier in sorted(dossier.rglob("*")):
            yield str(fichier), os.fsencode(fichier.name)
            if fichier.is_file():
                yield fichier.name, fichier.read_bytes()


def base(engine: Engine) -> Iterator[Trouve]:
    """What the database says: each value of each row of each table, the engine's own included."""
    with engine.connect() as connexion:
        for table in inspect(connexion).get_table_names():
            for ligne in connexion.execute(text(f'SELECT * FROM "{table}"')):
                yield from ((table, octets(valeur)) for valeur in ligne)


def octets(valeur: object) -> bytes:
    """A value as it would be found in a file."""
    return bytes(valeur) if isinstance(valeur, bytes | memoryview) else str(valeur).encode()


def postgresql(engine: Engine) -> Iterator[Trouve]:
    """The files of this database, those where PostgreSQL keeps samples of columns included.

    Its log (WAL) is left out, as `docs/exploitation.md` says: PostgreSQL recycles it by itself.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connexion:
        connexion.exec_driver_sql("CHECKPOINT")
        racine = connexion.execute(text("SHOW data_directory")).scalar_one()
        numero = connexion.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    for fichier in sorted((Path(racine) / "base" / str(numero)).iterdir()):
        yield fichier.name, fichier.read_bytes()
