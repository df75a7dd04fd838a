"""Two worlds that differ only in what is hidden, and everything by which somebody could tell."""
