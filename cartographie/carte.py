"""The map as html and script, and what is drawn on it. The only module that knows folium.

folium assembles our own elements into one Leaflet script; we keep that script and the container,
and drop the header with its foreign files. The ids are fixed, so two builds are the same bytes.
No word of any record goes through folium: records are JSON, written as text by static/carte.js.
"""

from __future__ import annotations

from hashlib import sha256
from html import escape
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from cartographie.cartes import CENTRE, ISERE, LIMITES, ZOOM_MAX, ZOOM_MIN, Carte, Cartes
from cartographie.tuiles import ZOOM_MAX as ZOOM_TUILES

ID = "isere"
ANIMATION = "!window.matchMedia('(prefers-reduced-motion: reduce)').matches"
# One finger scrolls the page and two move the map, so that nobody is caught in it.
SOURIS = "!window.matchMedia('(pointer: coarse)').matches"
OPTIONS: dict[str, Any] = {
    "min_zoom": ZOOM_MIN,
    "max_zoom": ZOOM_MAX,
    "dragging": folium.JsCode(SOURIS),
    "zoom_animation": folium.JsCode(ANIMATION),
    "fade_animation": folium.JsCode(ANIMATION),
    "marker_zoom_animation": folium.JsCode(ANIMATION),
}


class _Element(MacroElement):
    """An element of ours, with the fixed id that folium would draw at random."""

    def __init__(self, nom: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = nom
        self._id = ID


class _Fond(_Element):
    """Ground, communes, EPCI: empty layers that static/carte.js fills; never a target of clicks.

    From the lowest: the ground shows where a tile is missing, the lines stand over the tiles.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            {%- for nom in ("sol", "communes", "epci", "territoire", "lieu") %}
            {{ this._parent.get_name() }}.createPane("carte-{{ nom }}");
            var {{ nom }}_{{ this._id }} = L.geoJSON(null, {
                pane: "carte-{{ nom }}", interactive: false,
                style: {className: "carte-{{ nom }}", weight: 1, smoothFactor: 0.7}
            }).addTo({{ this._parent.get_name() }});
            {%- endfor %}
        {% endmacro %}""")


class _Tuiles(_Element):
    """The base map, from our own origin, under the name of who made it.

    static/carte.js lays it once the view is known: records come first, and no tile for nothing.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            {{ this._parent.get_name() }}.createPane("carte-tuiles");
            var {{ this.get_name() }} = L.tileLayer("/tuiles/{z}/{x}/{y}.png", {
                pane: "carte-tuiles", minZoom: {{ this.zoom_min }}, maxZoom: {{ this.zoom_max }},
                bounds: {{ this.boite|tojson }}, attribution: {{ this.mention|tojson }}
            });
        {% endmacro %}""")

    def __init__(self, nom: str, mention: str) -> None:
        super().__init__(nom)
        self.zoom_min, self.zoom_max, self.boite = ZOOM_MIN, ZOOM_TUILES, ISERE
        # Leaflet reads it as HTML; it is a setting, and text.
        self.mention = f"Fond\u00a0: {escape(mention, quote=False)}"


class _Reseaux(_Element):
    """Networks over their territoire, below every marker."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            {{ this._parent.get_name() }}.createPane("carte-reseaux");
            var {{ this.get_name() }} = L.featureGroup([], {pane: "carte-reseaux"})
                .addTo({{ this._parent.get_name() }});
        {% endmacro %}""")


class _Groupe(_Element):
    """Doors, and communes whose doors are not known, gathered while they are too close to tell.

    Thousands of them go to a plain layer, which static/carte-foule.js fills with what is in sight.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.markerClusterGroup({
                maxClusterRadius: 54, showCoverageOnHover: false, spiderLegPolylineOptions:
                    {className: "carte-patte", weight: 1.5}, spiderfyDistanceMultiplier: 1.6,
                animate: {{ this.animation }}, chunkedLoading: false
            }).addTo({{ this._parent.get_name() }});
            var foule_{{ this._id }} = L.featureGroup().addTo({{ this._parent.get_name() }});
        {% endmacro %}""")

    def __init__(self, nom: str) -> None:
        super().__init__(nom)
        self.animation = ANIMATION


class _Commandes(_Element):
    """Buttons in French, a scale, and where the outlines come from.

    On the right: Isère goes from the north-west to the south-east, its two other corners are empty.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            L.control.zoom({position: "topright", zoomInTitle: "Agrandir la carte",
                zoomOutTitle: "Réduire la carte"})
                .addTo({{ this._parent.get_name() }});
            L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
            L.control.attribution({prefix: false})
                .addAttribution("Contours\u00a0: IGN, Licence Ouverte")
                .addTo({{ this._parent.get_name() }});
        {% endmacro %}""")


class _Annonce(_Element):
    """The one name that static/carte.js looks for."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            window.cartographieCarte = Object.freeze({
                carte: {{ this._parent.get_name() }},
                tuiles: {{ "tuiles_" + this._id if this.tuiles else "null" }},
                sol: sol_{{ this._id }},
                communes: communes_{{ this._id }},
                epci: epci_{{ this._id }},
                territoire: territoire_{{ this._id }},
                lieu: lieu_{{ this._id }},
                reseaux: reseaux_{{ this._id }},
                groupe: groupe_{{ this._id }},
                foule: foule_{{ this._id }},
                isere: {{ this.isere|tojson }}
            });
        {% endmacro %}""")

    def __init__(self, nom: str, tuiles: bool) -> None:
        super().__init__(nom)
        self.isere = ISERE
        self.tuiles = tuiles


class _AnnonceCouverture(_Element):
    """The one name that static/couverture.js looks for."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            window.cartographieCouverture = Object.freeze({
                carte: {{ this._parent.get_name() }},
                sol: sol_{{ this._id }},
                communes: communes_{{ this._id }},
                epci: epci_{{ this._id }},
                lieu: lieu_{{ this._id }},
                isere: {{ this.isere|tojson }}
            });
        {% endmacro %}""")

    def __init__(self, nom: str) -> None:
        super().__init__(nom)
        self.isere = ISERE


def build_cartes(mention: str = "") -> Cartes:
    """Build every map that pages show, the one of acteurs with this base map."""
    return Cartes(build_carte(mention), build_carte_couverture())


def build_carte(mention: str = "") -> Carte:
    """Build the map once: always the same bytes, whatever the records.

    `mention` says who made the base map; without it there is none, the embedded communes alone.
    """
    elements = [_Fond("fond"), _Reseaux("reseaux"), _Groupe("groupe"), _Commandes("commandes")]
    if mention:
        elements.append(_Tuiles("tuiles", mention))
    return _assembler(*elements, _Annonce("annonce", bool(mention)))


def build_carte_couverture() -> Carte:
    """Build the map of coverage: the outlines and nothing over them; always the same bytes.

    Its classes are in the table of the page, from which static/couverture.js fills it.
    """
    return _assembler(_Fond("fond"), _Commandes("commandes"), _AnnonceCouverture("annonce"))


def _assembler(*elements: _Element) -> Carte:
    """Render a map of Isère with these elements, and keep its container and its script."""
    carte = folium.Map(
        location=CENTRE,
        zoom_start=9,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        scroll_wheel_zoom=False,
        tap_hold=False,
        max_bounds=True,
        min_lat=LIMITES[0][0],
        min_lon=LIMITES[0][1],
        max_lat=LIMITES[1][0],
        max_lon=LIMITES[1][1],
        max_bounds_viscosity=0.6,
        zoom_snap=0.25,
        bounce_at_zoom_limits=False,
    )
    # As arguments folium would keep the bounds of zoom for tiles, and its types refuse code.
    carte.options.update(OPTIONS)
    carte._id = ID
    for element in elements:
        carte.add_child(element)
    figure = Figure()
    figure.add_child(carte)
    carte.render()  # type: ignore[no-untyped-call]
    script, html = _propre(figure.script.render()), _propre(figure.html.render())
    return Carte(html, script, sha256(script.encode()).hexdigest()[:16])


def _propre(texte: str) -> str:
    lignes = (ligne.strip() for ligne in texte.splitlines())
    return "\n".join(ligne for ligne in lignes if ligne) + "\n"
