"""Where the commands write, and the pieces that several of them show."""

from rich import box
from rich.console import Console
from rich.table import Table

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
