"""The command that begins a district's own file: its layout, and an empty file to fill in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dme import paths
from dme.cli.console import out, plain_table


class Kind(StrEnum):
    """Which of a district's own files."""

    partner_inventory = "partner_inventory"
    comments = "comments"
    plan_actions = "plan_actions"
    buildings = "buildings"


_SCHEMES = {"partner_inventory": "priorities", "comments": "themes"}
"""Whose codes a file holds, where it holds any."""


def template(
    kind: Annotated[Kind, typer.Argument(help="Which file.")],
    path: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write.", show_default="data/own/KIND.csv"),
    ] = None,
) -> None:
    """Write an empty file for a district's own data, and tell its layout.

    partner_inventory: the district's partners, with the priorities that each serves.
    comments: what its community said, with themes. Either may be coded by two coders.
    plan_actions: what its plan does to which school. buildings: their condition.

    Fill it in, name it in the study's parameters under the key KIND, and run the study.
    """
    from dme.tables import own  # noqa: PLC0415 - pandas costs half a second

    target = path or paths.home() / own.FOLDER / f"{kind.value}.csv"
    own.write_template(kind.value, target)
    _layout(kind.value)
    shown = paths.relative(target)
    out.print(f"[green]✓[/] {shown}", highlight=False)
    out.print(f"[dim]In the study's parameters:  {kind.value}: {shown}[/]", highlight=False)


def _layout(kind: str) -> None:
    from dme.tables import load  # noqa: PLC0415
    from dme.tables.constraints import in_words  # noqa: PLC0415
    from dme.tables.schemas import layouts  # noqa: PLC0415

    layout = layouts()[kind]
    out.print(f"[bold]{escape(layout.title)}[/]\n{escape(layout.description)}\n", highlight=False)
    shown = plain_table("", "Column", "Meaning", "Rule")
    for name, column in layout.columns.items():
        blank = "may be blank" if column.nullable else ""
        rule = "; ".join(filter(None, (in_words(column), blank)))
        shown.add_row(f"[bold]{name}[/]", escape(column.description), escape(rule))
    out.print(shown)
    if not (scheme := _SCHEMES.get(kind)):
        return
    codes = plain_table("Hartford's codes; a district may use its own", "Code", "Means", "Not")
    rows = load("codebook")
    for row in rows[rows["scheme"] == scheme].itertuples():
        codes.add_row(row.code, f"{escape(row.label)}: {escape(row.include)}", escape(row.exclude))
    out.print(codes)
