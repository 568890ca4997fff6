"""The command that hands a study on, with all that it was made of."""

from pathlib import Path
from typing import Annotated

import typer

from dme import paths
from dme.cli.console import err, out, waiting
from dme.cli.nothing_changed import DEFAULT_STUDY


def export(
    study: Annotated[
        str, typer.Argument(help="Name of a study that has been run.")
    ] = DEFAULT_STUDY,
    *,
    crate: Annotated[
        Path,
        typer.Option(
            help="The folder to write, new or empty, or a zip by its name; an earlier export that "
            "nobody has changed is replaced.",
            metavar="DIR|ZIP",
            show_default=False,
        ),
    ],
) -> None:
    """Export a study with all that it was made of, as a Workflow Run RO-Crate.

    It holds the executed notebooks, every figure and table in a file, the parameters, the tables
    with publisher, address, licence and checksum of each raw file, the program, and the versions
    of all packages, described in ro-crate-metadata.json: a reader can check every file, and run
    the study again.

    exhibits.csv, and the README, list each figure, table and number of the text: the notebook and
    line that made it, the file or value, and whether it reproduces a published figure.
    codecheck.yml names the files that a CODECHECK makes again; who checks them adds the rest.

    Everything is made of results/STUDY/; results of an earlier state than the program, the tables
    or the parameters are not exported. Two exports give the same bytes. A district's own files are
    told by name and checksum, and not handed on.
    """
    from dme.audit.crate import export as write  # noqa: PLC0415 - rocrate and pandas are slow
    from dme.execute.lock import alone  # noqa: PLC0415

    with alone(Path(study).name, waiting), err.status("Writing the crate"):
        done = write(study, crate)
    out.print(
        f"[green]✓[/] {study}: {done.exhibits} figures, tables and numbers, "
        f"{done.size / 1e6:.0f} MB → {paths.relative(done.place)}",
        highlight=False,
        soft_wrap=True,
    )
