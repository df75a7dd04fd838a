"""The site as it is deployed: nginx with the shipped files, two processes, PostgreSQL.

The processes have folders of their own, as on two machines. Of the shipped files only values
that belong to one machine are changed: ports, name, certificate, folders.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path
from ssl import SSLContext, create_default_context
from types import MappingProxyType
from urllib.parse import urlencode

from cryptography import x509

from cartographie.config import RACINE
from cartographie.web import security
from scripts.nginx import ensure_nginx
from tests import enfants
from tests.amont import Amont
from tests.certificats import certifier
from tests.servi import attendre_port
from tests.site import CLE, SORTIE

NGINX = RACINE / "deploy" / "nginx"
NOM = "cartographie.example.gouv.fr"
JETON = "jeton-de-supervision-de-quarante-caracteres"
REPARTITEUR = "127.9.0.1"
AUCUN: Mapping[str, str] = MappingProxyType({})
# What Debian's own file says around the sites, compression included.
NGINX_CONF = """
worker_processes 2;
pid {dossier}/nginx.pid;
error_log {dossier}/nginx.log;
{utilisateur}
events {{ worker_connections 256; }}
http {{
    sendfile on;
    tcp_nopush on;
    types {{ text/html html; text/css css; text/javascript js; }}
    default_type application/octet-stream;
    access_log {dossier}/autres.log;
    gzip on;
    client_body_temp_path {dossier}/corps;
    proxy_temp_path {dossier}/relais;
    fastcgi_temp_path {dossier}/fastcgi;
    scgi_temp_path {dossier}/scgi;
    uwsgi_temp_path {dossier}/uwsgi;
    include conf.d/*.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Recue:
    """An answer as it came: nothing followed, nothing unpacked."""

    statut: int
    entetes: HTTPMessage
    corps: bytes

    @property
    def texte(self) -> str:
        """The body, which is text."""
        return self.corps.decode()


@dataclass(slots=True)
class Visiteur:
    """Asks over https, from one address of the loop; keeps the cookies of the site."""

    site: Deploye
    depuis: str = "127.0.0.1"
    temoins: dict[str, str] = field(default_factory=dict)

    def demander(
        self,
        chemin: str,
        corps: bytes | Mapping[str, object] | None = None,
        entetes: Mapping[str, str] = AUCUN,
    ) -> Recue:
        """GET, or POST of a body (a mapping is a form)."""
        envoyes = dict(entetes)
        if isinstance(corps, Mapping):
            envoyes["Content-Type"] = "application/x-www-form-urlencoded"
            corps = urlencode(corps, doseq=True).encode()
        if self.temoins:
            envoyes["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.temoins.items())
        connexion = HTTPSConnection(
            "127.0.0.1",
            self.site.https,
            timeout=30,
            context=self.site.confiance(),
            source_address=(self.depuis, 0),
        )
        methode = "GET" if corps is None else "POST"
        recue = _echanger(connexion, methode, chemin, corps, {"Host": NOM, **envoyes})
        for temoin in recue.entetes.get_all("Set-Cookie", []):
            nom, _, valeur = temoin.partition(";")[0].partition("=")
            self.temoins[nom] = valeur
        return recue


@dataclass(slots=True)
class Deploye:
    """Where everything is."""

    dossier: Path
    base: str
    amont: Amont
    http: int
    https: int
    ports: tuple[int, int]
    processus: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def visiteur(self, depuis: str = "127.0.0.1") -> Visiteur:
        """Somebody with a browser."""
        return Visiteur(self, depuis)

    def confiance(self) -> SSLContext:
        """Trust in our certificate alone, whatever the name that was dialled."""
        contexte = create_default_context(cafile=str(self.dossier / "fullchain.pem"))
        contexte.check_hostname = False
        return contexte

    def en_clair(
        self,
        chemin: str,
        port: int,
        entetes: Mapping[str, str] = AUCUN,
        methode: str = "GET",
    ) -> Recue:
        """Ask a port without TLS: nginx's, or a process itself."""
        connexion = HTTPConnection("127.0.0.1", port, timeout=30)
        return _echanger(connexion, methode, chemin, None, {"Host": NOM, **entetes})

    def tuer(self, numero: int) -> None:
        """End a server and its workers, as systemd does when a unit has failed."""
        with suppress(ProcessLookupError):
            os.killpg(self.processus[numero].pid, signal.SIGKILL)
        self.processus[numero].wait(20)

    def arreter(self, numero: int) -> None:
        """Kill a process as a crash would, and see it gone."""
        self.tuer(numero)
        fin = time.monotonic() + 20
        while _ouvert(self.ports[numero]):
            assert time.monotonic() < fin, "the port is still open"
            time.sleep(0.05)

    def redemarrer(self, numero: int) -> None:
        """Stop a process in order, start it again and wait for it, as its unit does."""
        self.processus[numero].terminate()
        self.processus[numero].wait(30)
        self.processus[numero] = demarrer(self, numero)
        commande = [sys.executable, "-m", "cartographie", "attendre"]
        subprocess.run(
            [*commande, "--port", str(self.ports[numero])],
            cwd=RACINE,
            env=_environ(self),
            check=True,
        )

    def journal(self) -> str:
        """What nginx wrote, once it has written all that was answered."""
        return (self.dossier / "log" / "cartographie.log").read_text("utf-8")


def entetes_publics() -> dict[str, str]:
    """What nginx has to say of a public page: its own name, without version, is its own affair."""
    entetes = {**security.HEADERS, "Cross-Origin-Opener-Policy": "unsafe-none"}
    entetes.pop("Server", None)
    return entetes


def _echanger(
    connexion: HTTPConnection,
    methode: str,
    chemin: str,
    corps: bytes | None,
    entetes: Mapping[str, str],
) -> Recue:
    try:
        connexion.request(methode, chemin, corps, dict(entetes))
        reponse = connexion.getresponse()
        return Recue(reponse.status, reponse.headers, reponse.read())
    finally:
        connexion.close()


@contextmanager
def deployer(dossier: Path, base: str, amont: Amont) -> Iterator[Deploye]:
    """Start everything over an empty database; the records are those of data/."""
    libres = _ports_libres(4)
    site = Deploye(dossier, base, amont, libres[0], libres[1], (libres[2], libres[3]))
    environ = _environ(site)
    cartographie = [sys.executable, "-m", "cartographie"]
    for etape in (["init-db"], ["pages-de-panne", str(dossier / "web")]):
        subprocess.run(
            [*cartographie, *etape], cwd=RACINE, env=environ, check=True, stdout=subprocess.DEVNULL
        )
    # As the installer's would be.
    certifier(x509.DNSName(NOM), dossier / "fullchain.pem", dossier / "privkey.pem")
    configurer(site)
    with ExitStack() as pile:
        for numero in range(len(site.ports)):
            site.processus.append(demarrer(site, numero))
            pile.callback(site.tuer, numero)
        nginx = subprocess.Popen(
            [ensure_nginx(), "-p", dossier, "-c", dossier / "nginx.conf", "-g", "daemon off;"],
            stderr=subprocess.DEVNULL,
        )
        pile.callback(_terminer, nginx)
        for port in (*site.ports, site.https):
            attendre_port(port)
        yield site


def demarrer(site: Deploye, numero: int) -> subprocess.Popen[bytes]:
    """Start a process as on a machine of its own: it shares the database and the settings."""
    environ = _environ(site) | {"CARTO_INSTANCE": str(site.dossier / f"machine-{numero}")}
    return subprocess.Popen(
        enfants.commande("serve", "--port", str(site.ports[numero])), cwd=RACINE, env=environ,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def configurer(site: Deploye) -> None:
    """Copy the shipped files with the values of this machine; each must have stood there."""
    ici = site.dossier
    valeurs = {
        "/var/www/cartographie": str(ici / "web"),
        "/var/log/nginx": str(ici / "log"),
        "/var/cache/nginx": str(ici / "cache"),
        f"/etc/letsencrypt/live/{NOM}": str(ici),
        "127.0.0.1:8001": f"127.0.0.1:{site.ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{site.ports[1]}",
        # What the file says of a load balancer, taken at its word: requests from there are its own.
        "#   set_real_ip_from 10.0.0.0/8;": f"set_real_ip_from {REPARTITEUR};",
        "#   real_ip_header": "real_ip_header",
        "listen 80;": f"listen 127.0.0.1:{site.http};",
        "listen 443 ssl": f"listen 127.0.0.1:{site.https} ssl",
    }
    sources = {
        nom: (NGINX / "cartographie" / nom).read_text("utf-8")
        for nom in ("machine.conf", "http.conf", "https.conf")
    }
    for valeur, ici_meme in valeurs.items():
        assert any(valeur in texte for texte in sources.values()), valeur
        sources = {nom: texte.replace(valeur, ici_meme) for nom, texte in sources.items()}
    for nom in ("conf.d", "cartographie", "log", "cache"):
        (ici / nom).mkdir()
    for fichier in (NGINX / "cartographie").glob("*.conf"):
        # One machine of tests may have no IPv6: that line says the same as the one before.
        texte = re.sub(r"listen \[::\].*\n", "", sources.get(fichier.name, ""))
        texte = texte or fichier.read_text("utf-8")
        (ici / "cartographie" / fichier.name).write_text(texte, "utf-8")
    (ici / "conf.d" / "cartographie.conf").write_bytes((NGINX / "cartographie.conf").read_bytes())
    utilisateur = "user root;" if os.geteuid() == 0 else ""
    conf = NGINX_CONF.format(dossier=ici, utilisateur=utilisateur)
    (ici / "nginx.conf").write_text(conf, "utf-8")


def _environ(site: Deploye) -> dict[str, str]:
    return os.environ | {
        "CARTO_INSTANCE": str(site.dossier / "outils"),
        "CARTO_DATABASE_URL": site.base,
        "CARTO_SECRET_KEY": CLE,
        "CARTO_URL_PUBLIQUE": f"https://{NOM}",
        "CARTO_MANDATAIRES": "1",
        "CARTO_TUILES_URL": site.amont.modele,
        "CARTO_GEOCODEUR": "communes",
        "CARTO_PRET_JETON": JETON,
        "CARTO_SORTIE_URL": SORTIE,
    }


def _ports_libres(nombre: int) -> list[int]:
    with ExitStack() as pile:
        prises = [pile.enter_context(socket.socket()) for _ in range(nombre)]
        for prise in prises:
            prise.bind(("127.0.0.1", 0))
        return [int(prise.getsockname()[1]) for prise in prises]


def _ouvert(port: int) -> bool:
    with socket.socket() as essai:
        return essai.connect_ex(("127.0.0.1", port)) == 0


def _terminer(processus: subprocess.Popen[bytes]) -> None:
    processus.terminate()
    processus.wait(20)
