"""Where the commands write, and the pieces that several of them show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

QUIET = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
JOBS = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Notebooks at a time.", show_default="all cores"),
]
TIMEOUT = Annotated[
    int, typer.Option(min=1, help="Seconds that a cell may run before it is stopped.")
]
"""Options of the commands that run notebooks."""

out = Console()
err = Console(stderr=True)

KINDS = {
    "verbatim": "publisher's figures",
    "transcribed": "[yellow]typed by hand[/]",
    "derived": "worked out by a rule",
}


def plain_table(title: str, *columns: str) -> Table:
    """Return an empty table in the look of all commands."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(name)
    return table


@contextmanager
def running(*, quiet: bool) -> Iterator[Callable[[str, str, int, int], None]]:
    """Show how far the notebooks of studies are; give what is to be told of each finished cell."""
    with Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.fields[study]}[/] {task.description}"),
        BarColumn(),
        TextColumn("cell {task.completed} of {task.total}"),
        TimeElapsedColumn(),
        console=err,
        disable=quiet,
    ) as bar:
        tasks: dict[tuple[str, str], TaskID] = {}

        def tell(study: str, notebook: str, done: int, total: int) -> None:
            if (key := (study, notebook)) not in tasks:
                tasks[key] = bar.add_task(notebook, total=total, study=study)
            bar.update(tasks[key], completed=done)

        yield tell


def waiting() -> None:
    """Say why nothing happens."""
    err.print("Another command is at work on this study; this one waits for it to end.")
