"""Objective 22 shows itself: what is counted of consultations, and what of it may be published."""

from cartographie.suivi.evenements import Canal, Cle, Genre, Ligne, Lot

__all__ = ["Canal", "Cle", "Genre", "Ligne", "Lot"]
