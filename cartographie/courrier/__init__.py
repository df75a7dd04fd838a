"""The outbox and the links sent to partners: the only writer of both.

A mail is a row of the transaction that has something to tell, so nothing is told of what was not
kept, and nothing that was kept is left untold. It is sent after the commit, by `cartographie
remind` or by a click of the DDFE, never while a visitor waits.
"""

from cartographie.courrier.boite import (
    claim,
    find,
    mark_failed,
    mark_refused,
    mark_returned,
    mark_sent,
    purge,
    queue,
    queued_since,
    retry_now,
    summary,
)
from cartographie.courrier.envoi import Bilan, deliver
from cartographie.courrier.liens import (
    add_link,
    answer,
    envois,
    find_link,
    next_number,
    set_suivi,
    suivis,
)

__all__ = [
    "Bilan",
    "add_link",
    "answer",
    "claim",
    "deliver",
    "envois",
    "find",
    "find_link",
    "mark_failed",
    "mark_refused",
    "mark_returned",
    "mark_sent",
    "next_number",
    "purge",
    "queue",
    "queued_since",
    "retry_now",
    "set_suivi",
    "suivis",
    "summary",
]
