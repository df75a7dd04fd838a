"""The embedded gazetteer of `data/communes_isere/`: no third party is ever asked where a place is.

The 512 communes of Isère with their outlines, their EPCI, the 2,109 communes around with their
mairie, and the names of all others in France, to say that they are elsewhere.
"""

from cartographie.communes.gazetteer import Communes
from cartographie.communes.valeurs import Commune, Epci, Lieu, Voisine, Zone

__all__ = ["Commune", "Communes", "Epci", "Lieu", "Voisine", "Zone"]
