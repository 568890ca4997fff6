"""The command ``dme``: commands, progress and messages; no rule of the study."""

import sys


def main() -> None:
    """Run the command; a run in which nothing has changed ends before anything slow begins."""
    from dme.cli import nothing_changed  # noqa: PLC0415 - the command line's own libraries are slow

    if not nothing_changed.run(sys.argv[1:]):
        from dme.cli.commands import main as whole  # noqa: PLC0415

        whole()


__all__ = ["main"]
