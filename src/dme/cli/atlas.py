"""The command that evaluates what the tables allow of every district."""

from typing import TYPE_CHECKING

import typer

from dme import paths
from dme.cli.console import QUIET, err, out, plain_table
from dme.cli.districts import LATEST, TABLES
from dme.cli.sweep import FAILED, PROCESSES, progress, tell_failures
from dme.up_to_date import NOTHING_TO_RUN

if TYPE_CHECKING:
    from pathlib import Path


def atlas(
    tables: TABLES = "data/tables",
    *,
    latest: LATEST = False,
    jobs: PROCESSES = None,
    quiet: QUIET = False,
) -> None:
    """Evaluate the findings that the tables allow for every district: a page of all of them.

    It is a sweep over the districts of one town or several, each with the peers that dme new would
    give it, in the same years, so that they compare. Like any sweep it can be stopped and started
    again, and evaluates only what rests on something that has changed. What the tables lack of a
    district is not measured, and the table says why.

    results/sweeps/atlas/ gets the table of all findings (findings.parquet) and what was varied
    (sweep.yml); dme site adds the page.
    """
    from dme import atlas as of_districts  # noqa: PLC0415 - pandas is slow
    from dme.execute.sweep.standing import standing, write  # noqa: PLC0415

    path = of_districts.file()
    with err.status("Choosing peers"):
        text = of_districts.text(tables, latest=latest)
    if path.is_file() and path.read_text(encoding="utf-8") == text and standing(path) is not None:
        said = NOTHING_TO_RUN.format(f"{paths.relative(path.parent)}/")
        out.print(f"[green]✓[/] {path.stem}: {said}", highlight=False)
        return
    from dme.execute.machine import cores  # noqa: PLC0415
    from dme.execute.sweep.plan import read_plan  # noqa: PLC0415
    from dme.execute.sweep.run import run_sweep  # noqa: PLC0415
    from dme.execute.sweep.store import write_whole  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    plan = read_plan(path)
    with progress(plan, quiet) as tell:
        done = run_sweep(plan, tell, jobs=jobs or cores())
    tell_failures(done)
    _tell(done.table)
    out.print(f"[green]✓[/] {done.rows:,} findings → {paths.relative(done.table)}", highlight=False)
    out.print("[dim]As a page: dme site[/]", highlight=False)
    if done.failed:
        raise typer.Exit(FAILED)
    write(done.folder, done.made_of, done.runs)


def _tell(path: "Path") -> None:
    """Tell of how many districts each finding is measured."""
    import pandas as pd  # noqa: PLC0415

    rows = pd.read_parquet(path, columns=["district", "finding", "value", "low"])
    table = plain_table("The atlas", "Finding", "Measured", "With an interval", "Not measured")
    every = rows["district"].nunique()
    for name, found in rows.groupby("finding", sort=False):
        measured, ranged = (
            found.dropna(subset=[column])["district"].nunique() for column in ("value", "low")
        )
        table.add_row(str(name), f"{measured}", f"{ranged}", f"{every - measured}")
    out.print(table)
