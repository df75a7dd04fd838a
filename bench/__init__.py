"""The measures: `make bench`. Figures are ratios taken side by side in one run."""
