"""Reading files that others made. What is hostile in them meets limits, in a process of its own.

`read` is what that process does (`python -m cartographie.echanges.lecture csv`); the rest of the
software calls `processus.read_file`, which starts it and waits no longer than it said.
"""
