"""The files of deploy/ name only what exists: commands, options, settings, headers, limits.

What nginx makes of them is proven by test_deploiement.py.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from threading import Thread

import click
import pytest
import yaml
from flask import Flask
from werkzeug.serving import make_server

from cartographie.commands import main
from cartographie.config import PREFIXE, RACINE, Settings
from cartographie.web import security
from tests.commande import run
from tests.mandataire import NGINX, entetes_publics
from tests.site import adresse_de
from tests.test_securite import ARGUMENTS

DEPLOY = RACINE / "deploy"
UNITES = sorted(DEPLOY.glob("*.service"))
REGLAGES = {PREFIXE + champ.name.upper() for champ in fields(Settings)}
CARTO = re.compile(rf"\b{PREFIXE}[A-Z_]+\b")
LANCER = re.compile(r"^Exec\w+=\S+/python -m cartographie (.+)$", re.MULTILINE)
TAILLE = re.compile(r"(client_max_body_size|client_body_buffer_size)\s+(\d+)([km]);")
KILO = {"k": 1024, "m": 1024 * 1024}


def assert_understood(ligne: str) -> None:
    """Parse a command line as the software would; nothing is run."""
    nom, *arguments = shlex.split(ligne)
    commande = main.commands[nom]
    commande.make_context(nom, [a.replace("%i", "8001") for a in arguments], resilient_parsing=True)
    connues = {o for p in commande.params if isinstance(p, click.Option) for o in p.opts}
    assert {a for a in arguments if a.startswith("--")} <= connues, ligne


@pytest.mark.parametrize("unite", UNITES, ids=lambda unite: unite.name)
def test_a_unit_runs_commands_that_exist_with_settings_that_exist(unite: Path) -> None:
    texte = unite.read_text("utf-8")
    lancees = LANCER.findall(texte)
    assert len(lancees) == len(re.findall(r"^Exec\w+=", texte, re.MULTILINE)) > 0
    for ligne in lancees:
        assert_understood(ligne)
    assert set(CARTO.findall(texte)) <= REGLAGES


@pytest.mark.parametrize("unite", UNITES, ids=lambda unite: unite.name)
def test_every_unit_is_shut_in_and_shares_one_user_and_one_folder(unite: Path) -> None:
    lignes = set(unite.read_text("utf-8").splitlines())
    # The user is the unit's name where none is written.
    assert "User=cartographie" in lignes or unite.stem == "cartographie"
    assert {
        "DynamicUser=yes",
        "StateDirectory=cartographie",
        "StateDirectoryMode=0700",
        "Environment=CARTO_INSTANCE=/var/lib/cartographie",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "InaccessiblePaths=-/opt/cartographie/.git",
        "CapabilityBoundingSet=",
        "UMask=0077",
        "LimitCORE=0",
    } <= lignes


def test_commands_by_hand_run_as_the_units_do(tmp_path: Path) -> None:
    """The script hands over to systemd: what it asks for is what the nightly units say."""
    recu = tmp_path / "recu"
    faux = tmp_path / "systemd-run"
    faux.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {recu}\n')
    faux.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    commande = ["restore", "un fichier", "--apply"]
    subprocess.run([DEPLOY / "cartographie", *commande], env=environ, check=True)
    mots = recu.read_text("utf-8").splitlines()
    lance = mots.index("--") + 1
    assert mots[lance + 3 :] == commande
    demande = {mot.removeprefix("--property=") for mot in mots[:lance] if "property" in mot}
    demande |= {mot.replace("--setenv=", "Environment=") for mot in mots[:lance]}
    unite = (DEPLOY / "cartographie-sauvegarde.service").read_text("utf-8").splitlines()
    proprietes = {mot for mot in demande if not mot.startswith("--")}
    assert len(proprietes) > 8
    assert proprietes <= set(unite)
    assert f"ExecStart={' '.join(mots[lance : lance + 3])} backup" in unite


def test_timers_start_units_that_exist() -> None:
    minuteries = list(DEPLOY.glob("*.timer"))
    assert minuteries
    assert all(minuterie.with_suffix(".service").exists() for minuterie in minuteries)


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    """Where systemd is; elsewhere the lines are held to their shape."""
    for fichier in (*UNITES, *DEPLOY.glob("*.timer")):
        texte = fichier.read_text("utf-8").replace("/opt/cartographie", str(RACINE))
        assert re.fullmatch(r"(#.*\n|\n|\[\w+\]\n|\w+=.*\n)+", texte), fichier.name
        # A template is looked at as one of its units.
        (tmp_path / fichier.name.replace("@.", "@8001.")).write_text(texte, "utf-8")
    if analyser := shutil.which("systemd-analyze"):
        unites = sorted(map(str, tmp_path.iterdir()))
        dit = subprocess.run(
            [analyser, "verify", "--man=no", *unites],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (dit.returncode, dit.stdout + dit.stderr) == (0, "")


def test_the_headers_of_nginx_are_those_of_the_application() -> None:
    texte = (NGINX / "cartographie" / "entetes.conf").read_text("utf-8")
    entetes = dict(re.findall(r'^add_header (\S+) "(.+)" always;$', texte, re.MULTILINE))
    # `unsafe-none`: the public pages; $carto_cadre: 'none', but for what other sites frame.
    politique = security.csp(None).replace("ancestors 'none'", "ancestors $carto_cadre")
    assert entetes == {
        **entetes_publics(),
        "Content-Security-Policy": politique,
    }


def test_only_pages_are_led_from_http_to_https(app: Flask) -> None:
    """What programs ask for is refused in the clear: the map of nginx holds all of it."""
    texte = (NGINX / "cartographie.conf").read_text("utf-8")
    debut = texte.index('map "$request_method $request_uri" $carto_outil')
    regles = re.findall(r'^ +"~(.+)" +("?1?"?);$', texte[debut:].partition("}")[0], re.MULTILINE)

    def refuse(demande: str) -> bool:
        return next((dit == "1" for regle, dit in regles if re.search(regle, demande)), True)

    pages = {"integration.carte"}
    adresses = {
        adresse_de(app, regle, {nom: ARGUMENTS[nom] for nom in regle.arguments})
        for regle in app.url_map.iter_rules()
        if regle.endpoint in security.OUVERTS - pages and regle.endpoint != "statiques.statique"
    }
    assert len(adresses) > 15
    for adresse in sorted(adresses | {"/static/style.css", "/sante", "/pret"}):
        for demande in (f"GET {adresse}", f"HEAD {adresse}?lieu=38269"):
            assert refuse(demande), demande
    for page in ("/", "/?q=a.csv", "/acteurs/aiv-grenoble", "/integration/carte", "/gestion"):
        assert not refuse(f"GET {page}"), page
        assert refuse(f"POST {page}"), page


def test_nginx_takes_every_body_that_the_application_takes_and_keeps_it_in_memory() -> None:
    texte = (NGINX / "cartographie.conf").read_text("utf-8")
    tailles = [(nom, int(n) * KILO[unite]) for nom, n, unite in TAILLE.findall(texte)]
    maximums = [taille for nom, taille in tailles if nom == "client_max_body_size"]
    assert maximums == [taille for nom, taille in tailles if nom == "client_body_buffer_size"]
    acceptes = (
        security.CORPS_MAX,
        security.CORPS_MAX_GESTION,
        max(security.CORPS_PROPRES.values()),
        security.CORPS_MAX_PAR_LIEN,
    )
    # In the order of the file: everywhere, /gestion, /gestion/imports, /partenaires.
    assert all(ici > la for ici, la in zip(maximums, acceptes, strict=True)), maximums
    assert {"gestion.deposer"} == set(security.CORPS_PROPRES)


def etapes(nom: str) -> Iterator[tuple[str, str]]:
    """The instructions of a container file, lines that go on joined."""
    texte = re.sub(r"^#.*\n", "", (DEPLOY / nom).read_text("utf-8"), flags=re.MULTILINE)
    for ligne in texte.replace("\\\n", "").splitlines():
        if ligne.strip():
            instruction, _, reste = ligne.partition(" ")
            yield instruction, reste.strip()


def test_the_image_runs_as_nobody_and_copies_what_exists() -> None:
    suite = list(etapes("Containerfile"))
    assert [reste for nom, reste in suite if nom == "USER"] == ["10001:10001"]
    sources = [
        source
        for nom, reste in suite
        if nom == "COPY" and not reste.startswith("--from")
        for source in reste.split()[:-1]
    ]
    assert [source for source in sources if not (RACINE / source).exists()] == []
    permis = (RACINE / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{source}" for source in sources} <= set(permis)
    assert "*" in permis
    commande = next(reste for nom, reste in suite if nom == "CMD")
    assert yaml.safe_load(commande) == ["python", "-m", "cartographie", "serve"]
    assert set(CARTO.findall((DEPLOY / "Containerfile").read_text("utf-8"))) <= REGLAGES


def test_compose_runs_what_exists_on_the_ports_that_nginx_asks() -> None:
    texte = (DEPLOY / "compose.yaml").read_text("utf-8")
    services = yaml.safe_load(texte)["services"]
    assert set(CARTO.findall(texte)) <= REGLAGES
    sites = {nom: s for nom, s in services.items() if s.get("image") == "cartographie"}
    assert all(s["read_only"] and s["cap_drop"] == ["ALL"] for s in sites.values())
    publies = {port.rpartition(":")[0] for s in services.values() for port in s.get("ports", ())}
    machine = (NGINX / "cartographie" / "machine.conf").read_text("utf-8")
    assert publies == set(re.findall(r"server (127\.0\.0\.1:\d+)", machine))
    assert_understood(shlex.join(services["tables"]["command"][3:]))


def test_waiting_for_a_process_ends_when_it_answers_or_too_late(app: Flask) -> None:
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    port = str(serveur.server_port)
    assert run("attendre", "--port", port, "--delai", "0").exit_code == 0
    # That site has no token: with one, /pret is asked, which does not exist there.
    refus = run("attendre", "--port", port, "--delai", "0", CARTO_PRET_JETON="j" * 40)
    serveur.shutdown()
    serveur.server_close()
    assert (refus.exit_code, refus.stderr) == (1, f"Rien ne répond sur le port {port} après 0 s.\n")
    assert run("attendre", "--port", port, "--delai", "0").exit_code == 1
