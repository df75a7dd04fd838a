"""`python -m cartographie`: the same command as `cartographie`."""

from cartographie.commands import main

if __name__ == "__main__":
    main()
