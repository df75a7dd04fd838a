"""Texts that would be more than texts, in every field, on every surface."""
