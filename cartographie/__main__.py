"""`python -m cartographie`: the same command as `cartographie`."""

from cartographie import cycles


def main() -> None:
    """Run a command. Its modules live as long as it does: no cycle is looked for among them."""
    with cycles.without_search():
        from cartographie.commands import main as commande

        cycles.leave_out()
    commande()


if __name__ == "__main__":
    main()
