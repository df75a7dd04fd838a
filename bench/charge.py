"""A load of plain HTTP/1.1 requests on loopback, bounded in count, cheap enough not to be measured.

A request is bytes made once; an answer is read by its Content-Length. One thread a connection.
"""

from __future__ import annotations

import socket
import statistics
import threading
import time
import urllib.request
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mesure:
    """What a load saw: answers a second, and the time of one answer in milliseconds."""

    par_s: float
    p50_ms: float
    p99_ms: float
    octets: int
    statut: int


def charger(
    port: int, *chemins: str, requetes: int = 1500, connexions: int = 1, entetes: str = ""
) -> Mesure:
    """Ask `requetes` times over `connexions` kept-alive connections, each path in its turn."""
    demandes = [
        f"GET {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\n{entetes}\r\n".encode() for chemin in chemins
    ]
    durees: list[float] = []
    derniere: list[tuple[int, int]] = []

    def une_connexion(numero: int, nombre: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as prise:
            prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for n in range(nombre):
                demande = demandes[(numero * nombre + n) % len(demandes)]
                depart = time.perf_counter()
                prise.sendall(demande)
                lue = _lire(prise)
                durees.append(time.perf_counter() - depart)
            derniere.append(lue)

    fils = [
        threading.Thread(target=une_connexion, args=(numero, requetes // connexions))
        for numero in range(connexions)
    ]
    depart = time.perf_counter()
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    total = time.perf_counter() - depart
    centiles = statistics.quantiles(durees, n=100)
    statut, octets = derniere[0]
    return Mesure(len(durees) / total, centiles[49] * 1e3, centiles[98] * 1e3, octets, statut)


def _lire(prise: socket.socket) -> tuple[int, int]:
    """Read one answer: its status and the bytes of its body."""
    tampon = b""
    while b"\r\n\r\n" not in tampon:
        tampon += _recevoir(prise)
    tete, _, corps = tampon.partition(b"\r\n\r\n")
    lignes = tete.lower().split(b"\r\n")
    statut = int(lignes[0].split()[1])
    longueur = next(
        (int(ligne.split(b":")[1]) for ligne in lignes if ligne.startswith(b"content-length:")), 0
    )
    recus = len(corps)
    while recus < longueur:
        recus += len(_recevoir(prise))
    return statut, recus


def _recevoir(prise: socket.socket) -> bytes:
    morceau = prise.recv(1 << 16)
    if not morceau:
        raise ConnectionError("le serveur a fermé la connexion")
    return morceau


def etiquette(port: int, chemin: str) -> str:
    """The ETag of an answer, as it came."""
    # Under the same name as the load: a page writes its own address.
    demande = urllib.request.Request(
        f"http://127.0.0.1:{port}{chemin}", headers={"Host": "127.0.0.1"}
    )
    with urllib.request.urlopen(demande, timeout=30) as page:
        return str(page.headers["ETag"])
