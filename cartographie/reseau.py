"""What every request to another server has in common: it goes to the address of a setting alone."""

from __future__ import annotations

from http.client import HTTPMessage
from typing import IO
from urllib.request import HTTPRedirectHandler, Request

from typing_extensions import override


class SansDetour(HTTPRedirectHandler):
    """A server that sends elsewhere is a server that fails: elsewhere was chosen by nobody here."""

    @override
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never follow."""
