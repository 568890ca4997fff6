"""The command that follows a number back to the publishers' files."""

import json
import sys
from typing import Annotated

import typer

from dme.cli.console import out
from dme.cli.nothing_changed import DEFAULT_STUDY


def audit(
    finding: Annotated[
        str, typer.Argument(help="Id of a finding, or of the claim that it judges, such as O1.")
    ],
    study: Annotated[
        str, typer.Argument(help="Name of a study that has been run.")
    ] = DEFAULT_STUDY,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one object for programs to read.")
    ] = False,
) -> None:
    """Follow a number back: its claim and rule, cell, code, parameters, rows, and raw files.

    Everything is read off the study's results, as observed when it ran; nothing is computed.
    --json prints an object with the keys study, commit, finding, notebook, cell, number, claim,
    statements, helpers, modules, parameters, tables (each with rows and raw_files), files and
    packages.

    The ids: dme findings STUDY --json, or the address of a number on the site.
    """
    from dme.audit import tell  # noqa: PLC0415
    from dme.audit.trail import Trails  # noqa: PLC0415

    trail = Trails(study)[finding]
    if as_json:
        sys.stdout.write(json.dumps(tell.as_json(trail), indent=2) + "\n")
        return
    out.print(tell.in_text(trail), markup=False, highlight=False, soft_wrap=True)
