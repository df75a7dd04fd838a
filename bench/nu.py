"""The floor: a Flask application with one JSON route, under the same server."""

from __future__ import annotations

from flask import Flask, Response, jsonify


def create_app() -> Flask:
    """Make the bare application that every ratio is measured against."""
    app = Flask(__name__)

    @app.get("/")
    def racine() -> Response:
        return jsonify({"bonjour": True})

    return app
