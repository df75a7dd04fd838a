"""OGC API – Features 1.0: the directory as GIS read it, and the definition of all public JSON.

pages        views: parameters → selection → representation
parametres   one parser a parameter        collections  the four collections, as a table
selection    what answers, in order        objets       features, from Fiches alone
reponses     JSON or HTML, links           openapi      the document, made of the same tables
"""

from cartographie.web.ogc.pages import blueprint

__all__ = ["blueprint"]
