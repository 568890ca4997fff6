"""The command ``dme``: commands, progress and messages; no rule of the study."""

import sys
from contextlib import suppress


def main() -> None:
    """Run the command; a run in which nothing has changed ends before anything slow begins."""
    # The command line's own libraries are slow.
    from dme import paths, replace  # noqa: PLC0415
    from dme.cli import nothing_changed  # noqa: PLC0415
    from dme.errors import DmeError  # noqa: PLC0415

    with suppress(DmeError):  # no project: each command says so itself
        replace.tidy(paths.home(), paths.tables().parent, paths.results())
    if not nothing_changed.run(sys.argv[1:]):
        from dme.cli.commands import main as whole  # noqa: PLC0415

        whole()


__all__ = ["main"]
