"""Commands that lead to a study of one's own: which districts there are, and a new study."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dme import paths
from dme.cli.console import KINDS, out, plain_table

TABLES = Annotated[
    str, typer.Option(help="Folder of the tables, in the project.", show_default=True)
]

LATEST = Annotated[
    bool,
    typer.Option("--latest", help="Take the newest year that the tables hold, for each key."),
]


def districts(
    search: Annotated[
        str, typer.Argument(help="Part of a name or of a code; all districts without it.")
    ] = "",
    tables: TABLES = "data/tables",
) -> None:
    """List the districts, and what the tables hold of each.

    Where one district is left, its tables are listed with rows and years.
    """
    from dme.tables import holdings  # noqa: PLC0415 - pandas costs half a second

    folder = paths.home() / tables
    found = holdings.search(search, folder)
    year = found["school_year"].iloc[0]
    table = plain_table("", "Code", "District", f"Students {year}", "Schools")
    for row in found.itertuples():
        counted = (f"{row.students:,.0f}", f"{row.schools:.0f}") if row.schools else ("–", "–")
        table.add_row(row.district_code, escape(row.district), *counted)
    out.print(table)
    if len(found) == 1:
        _holdings(found["district_code"].iloc[0], folder)
    else:
        out.print(f"[dim]{len(found)} districts. One of them in full: dme districts CODE[/]")


def _holdings(code: str, folder: Path) -> None:
    from dme.tables import holdings  # noqa: PLC0415

    table = plain_table("What the tables hold of it", "Table", "Rows", "Years", "Figures")
    lacking = []
    for one in holdings.holdings(code, folder):
        if one.rows == 0:
            lacking.append(one.table)
        elif one.rows is not None:
            kind = KINDS[one.kind] if one.kind else ""
            table.add_row(one.table, f"{one.rows:,}", one.years, kind)
    out.print(table)
    if lacking:
        out.print(f"No rows in: {', '.join(lacking)}")
    out.print(f"[dim]A study of it: dme new STUDY --district {code}[/]")


def new(
    study: Annotated[str, typer.Argument(help="Name of the study: lower case, digits, hyphens.")],
    district: Annotated[str, typer.Option(help="Code of the district; see: dme districts")],
    tables: TABLES = "data/tables",
    *,
    latest: LATEST = False,
) -> None:
    """Write a commented parameters file for a study of a district, ready to run.

    Peers are the districts of its kind nearest in size and need; the years are the Hartford study's
    where the tables hold them, else the nearest. With --latest each year is the newest that the
    tables hold for the district (and for its peers, where it is compared with them), and the file
    says which table gave it. Change what you have a reason to change. A sweep is written too, which
    says how firm the figures are.
    """
    from dme import template  # noqa: PLC0415

    path = template.write(study, district, tables, latest=latest)
    shown = paths.relative(path)
    out.print(f"[green]✓[/] {shown}\n[dim]Run it:  dme run {shown}[/]", highlight=False)
    out.print(
        f"[dim]How firm its figures are:  dme sweep {study}, and run it again[/]", highlight=False
    )
