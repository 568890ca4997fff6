"""The program's commands: run studies, print findings, build the site."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from dme import __version__, paths
from dme.cli import data
from dme.cli.console import err, out, plain_table
from dme.cli.districts import districts, new
from dme.errors import DmeError

if TYPE_CHECKING:
    from dme.findings import Entry

DEFAULT_STUDY = "hartford-2017"

app = typer.Typer(
    name="dme",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Recompute a district's resource study on public data, and hold each figure against "
        "what was published.\n\n"
        "A study is a file of parameters in [bold]params/[/]. [bold]dme run[/] executes the "
        "notebooks with it, [bold]dme findings[/] prints what they found, [bold]dme site[/] "
        "builds the report as a website. [bold]dme districts[/] and [bold]dme new[/] lead to a "
        "study of another district.\n\n"
        "[dim]Begin with:  dme run  &&  dme findings  &&  dme site[/]"
    ),
)
app.add_typer(data.app, name="data")
app.command()(districts)
app.command()(new)

_INTERRUPTED = 130
_VERDICT_STYLES = {
    "reproduced": "green",
    "same direction": "yellow",
    "not reproduced": "red",
    "not testable with public data": "dim",
}


class Renderer(StrEnum):
    """Who builds the pages."""

    auto = "auto"
    quarto = "quarto"
    builtin = "builtin"


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"dme {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    params: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Parameters files of the studies to run.",
            show_default=f"params/{DEFAULT_STUDY}.yml",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Check parameters, execute the notebooks with them, and write results/STUDY/.

    All parameters files are checked before anything runs: an unknown key, a wrong type, an
    unknown district or a year without data is refused with file, line, key, reason and the
    nearest valid value.

    If a cell fails, it is named with its notebook, number and error, the exit status is 1,
    and earlier results stay as they were.

    A study of your own: dme new STUDY --district CODE writes its parameters file.
    """
    from dme.execute import run_studies  # noqa: PLC0415 - papermill costs two seconds

    files = params or [paths.home() / "params" / f"{DEFAULT_STUDY}.yml"]
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

        finished = run_studies(files, tell)
    for each in finished:
        names = ", ".join(each.notebooks)
        out.print(
            f"[green]✓[/] {each.study}: {names} in {each.seconds:.1f} s → "
            f"{paths.relative(each.folder)}/"
        )


@app.command()
def findings(
    study: Annotated[
        str, typer.Argument(help="Name of a study that has been run.")
    ] = DEFAULT_STUDY,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a list of objects for programs to read.")
    ] = False,
) -> None:
    """Print what a study found: figures, intervals, published claims, verdicts.

    --json prints a list of objects with the keys finding, claim, value, low, high, unit,
    published, verdict, basis, tables, typed (those of them typed by hand), notebook, cell (its
    id) and number (its place, from 1).
    """
    from dme.findings import ledger  # noqa: PLC0415

    entries = ledger(study)
    if as_json:
        sys.stdout.write(json.dumps([entry.row() for entry in entries], indent=2) + "\n")
        return
    out.print(_ledger_table(study, entries))


def _ledger_table(study: str, entries: "list[Entry]") -> Table:
    heads = ("Claim", "Finding", "Recomputed (interval)", "Published", "Verdict", "Cell")
    table = plain_table(f"Findings of {study}", *heads)
    for entry in entries:
        found = entry.finding
        interval = f"\n[dim]{found.interval_text}[/]" if found.low is not None else ""
        basis = "" if found.basis == "measured" else f"\n[dim]{found.basis}[/]"
        style = _VERDICT_STYLES.get(found.verdict or "", "dim")
        table.add_row(
            found.claim or "–",
            escape(found.title),
            f"{found.value_text}{interval}",
            found.published or "–",
            f"[{style}]{found.verdict or ('no verdict' if found.claim else 'no claim')}[/]{basis}",
            f"{entry.notebook} {entry.number}",
            end_section=True,
        )
    return table


@app.command()
def site(
    study: Annotated[
        str, typer.Argument(help="Name of a study that has been run.")
    ] = DEFAULT_STUDY,
    renderer: Annotated[
        Renderer,
        typer.Option(
            help="auto takes Quarto where QUARTO or PATH leads to one, else the built-in."
        ),
    ] = Renderer.auto,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the site.", show_default="_site"),
    ] = None,
) -> None:
    """Build the report of a study as a website in _site/.

    The pages ask no other host for anything, so they can be read offline. A failing build
    leaves the earlier site as it was.
    """
    from dme.publish import build  # noqa: PLC0415

    with err.status("Building the site"):
        built = build(study, renderer=renderer.value, out=output)
    shown = paths.relative(built.folder)
    out.print(f"[green]✓[/] {len(built.pages)} pages by {built.renderer} → {shown}/index.html")


def main() -> None:
    """Run the command; an error meant for people is printed as it is, with exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="dme")
    except DmeError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            _fail("Stopped. Earlier results are as they were.", status=_INTERRUPTED)
        raise


def _fail(message: str, status: int = 1) -> NoReturn:
    err.print(f"[bold red]Error:[/] {escape(message)}", highlight=False, soft_wrap=True)
    sys.exit(status)
