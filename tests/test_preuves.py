"""The table of the proofs adds up what they said."""

from __future__ import annotations

from tests.preuves import CLE, lignes, tableau


def test_lines_of_one_name_are_added_up() -> None:
    dites: list[tuple[str, object]] = [
        (CLE, ("requêtes comparées", 1200, "différences", 0)),
        ("autre", "rien"),
        (CLE, ["requêtes comparées", 34, "différences", 1]),
        (CLE, ("coupures", 20, "écritures perdues", 0)),
    ]
    assert lignes(dites) == [
        ("requêtes comparées", 1234, "différences", 1),
        ("coupures", 20, "écritures perdues", 0),
    ]
    assert tableau(dites) == [
        "requêtes comparées  1 234   différences        1",
        "coupures               20   écritures perdues  0",
    ]
    assert tableau([]) == []
