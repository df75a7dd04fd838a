"""A plain base map drawn here, tile by tile: captures and tests ask nobody for one."""

from __future__ import annotations

import struct
import zlib

COTE = 256
# Paper, wood, water and road of an ordinary plan.
COULEURS = ((242, 239, 233), (214, 229, 200), (176, 211, 232), (255, 255, 255))
PAPIER, BOIS, EAU, ROUTE = range(4)


def draw_tile(z: int, x: int, y: int) -> bytes:
    """Draw one tile as a PNG; it goes on in its neighbours."""
    lignes = bytearray()
    for j in range(COTE):
        lignes.append(0)  # no filter on this line
        lignes += bytes(_couleur(x * COTE + i, y * COTE + j, z) for i in range(COTE))
    palette = b"".join(bytes(couleur) for couleur in COULEURS)
    entete = struct.pack(">IIBBBBB", COTE, COTE, 8, 3, 0, 0, 0)
    morceaux = ((b"IHDR", entete), (b"PLTE", palette), (b"IDAT", zlib.compress(bytes(lignes), 6)))
    corps = b"".join(_morceau(nom, octets) for nom, octets in (*morceaux, (b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + corps


def _couleur(i: int, j: int, z: int) -> int:
    if abs((i + j // 2) % 700 - 350) < 4 or abs((j - i // 3) % 900 - 450) < 4:
        return ROUTE
    if abs((i // 2 + j) % 1500 - 750) < 9:
        return EAU
    return BOIS if (i // 60 * 7 + j // 45 * 13 + z) % 5 == 0 else PAPIER


def _morceau(nom: bytes, octets: bytes) -> bytes:
    somme = zlib.crc32(nom + octets)
    return struct.pack(">I", len(octets)) + nom + octets + struct.pack(">I", somme)
