"""The program's commands: run studies, print findings, build the site."""

import errno
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from dme import __version__, paths
from dme.cli import INTERRUPTED, STOPPED, data, end_at_once, end_in_order
from dme.cli.atlas import atlas
from dme.cli.audit import audit
from dme.cli.console import JOBS, QUIET, TIMEOUT, err, out, plain_table, running, waiting
from dme.cli.districts import districts, new
from dme.cli.export import export
from dme.cli.nothing_changed import DEFAULT_STUDY
from dme.cli.site import site
from dme.cli.sweep import sweep
from dme.cli.template import template
from dme.cli.verify import diff, verify
from dme.errors import DmeError
from dme.up_to_date import NOTHING_TO_RUN, told

if TYPE_CHECKING:
    from dme.execute.run import Run
    from dme.findings import Entry

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
app.command()(atlas)
app.command()(audit)
app.command()(districts)
app.command()(new)
app.command()(sweep)
app.command()(template)
app.command()(export)
app.command()(verify)
app.command()(diff)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LOCKED = {errno.EACCES, errno.EPERM, errno.EROFS}
_VERDICT_STYLES = {
    "reproduced": "green",
    "consistent": "cyan",
    "same direction only": "yellow",
    "not reproduced": "red",
    "not testable": "dim",
}


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
    *,
    quiet: QUIET = False,
    explain: Annotated[
        bool, typer.Option(help="Tell why each notebook would run or not, and run nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option(help="Run every notebook, also where its result still stands.")
    ] = False,
    jobs: JOBS = None,
    timeout: TIMEOUT = 3600,
) -> None:
    """Check parameters, execute the notebooks with them, and write results/STUDY/.

    A notebook runs where something changed that its result was made of: the notebook itself, a
    parameter that it read, a table, a module of this program, an installed package. All else
    stands as it is. --explain says what and why. Notebooks run side by side, as many as there
    are cores.

    All parameters files are checked before anything runs: an unknown key, a wrong type, an
    unknown district or a year without data is refused with file, line, key, reason and the
    nearest valid value.

    If a cell fails, it is named with its notebook, number and error, the other notebooks are
    stopped, the exit status is 1, and earlier results stay as they were.

    A study of your own: dme new STUDY --district CODE writes its parameters file.
    """
    from dme.execute.machine import surroundings  # noqa: PLC0415
    from dme.warm import client  # noqa: PLC0415

    files = params or [paths.home() / "params" / f"{DEFAULT_STUDY}.yml"]
    if explain:
        _explain(files)
        return
    # The kernels' parent imports its libraries while this process imports its own.
    with suppress(client.Unavailable):
        client.prepare(env=surroundings())
    end_at_once()
    from dme.execute.run import run_studies  # noqa: PLC0415 - papermill costs two seconds

    end_in_order()
    with running(quiet=quiet) as tell:
        finished = run_studies(
            files, tell, force=force, jobs=jobs, timeout=timeout, waiting=waiting
        )
    for each in finished:
        _tell_run(each)


def _tell_run(done: "Run") -> None:
    for text, notebooks in done.warnings.items():
        said = f"[yellow]⚠ {', '.join(notebooks)}:[/] {escape(text)}"
        err.print(said, highlight=False, soft_wrap=True)
    shown = f"{paths.relative(done.folder)}/"
    for name in done.passed_over:
        out.print(
            f"[yellow]![/] notebooks/{escape(name)} is passed over: no cell of it is tagged "
            "parameters",
            highlight=False,
        )
    if not done.ran:
        out.print(f"[green]✓[/] {done.study}: {NOTHING_TO_RUN.format(shown)}", highlight=False)
        return
    out.print(f"[green]✓[/] {done.study}: {', '.join(done.ran)} in {done.seconds:.1f} s → {shown}")
    if kept := [name for name in done.notebooks if name not in done.ran]:
        out.print(f"  [dim]{', '.join(kept)}: nothing changed[/]", highlight=False)


def _explain(files: list[Path]) -> None:
    from dme.execute.run import explain  # noqa: PLC0415

    for study, notebooks in explain(files).items():
        for name, reasons in notebooks.items():
            mark = (
                f"[yellow]would run[/]: {escape(told(reasons))}"
                if reasons
                else ("[green]stands[/]: nothing that it was made of has changed")
            )
            out.print(f"{study} [bold]{name}[/] {mark}", highlight=False)


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
    published, verdict, by_construction (whether a part of the answer is), earlier (verdicts under
    rules that no longer stand), basis, tables, typed (those of them typed by hand), notebook, cell
    (its id) and number (its place, from 1).
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
            f"[{style}]{found.verdict_text}[/]{basis}",
            f"{entry.notebook} {entry.number}",
            end_section=True,
        )
    return table


app.command()(site)


def main() -> None:
    """Run the command; an error meant for people is printed as it is, with exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    end_in_order()
    try:
        app(prog_name="dme")
    except DmeError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_in_words(error))
    except KeyboardInterrupt:
        _fail(STOPPED, status=INTERRUPTED)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _fail(STOPPED, status=INTERRUPTED)
        raise


def _in_words(error: OSError) -> str:
    """Return what the system refused, where, and what to do about it."""
    text = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    if error.errno in _FULL:
        return f"{text}\nMake room on the disk and start again. Earlier results are as they were."
    if error.errno in _LOCKED:
        return (
            f"{text}\nNothing can be written there. Copy the project to a folder of your own, and "
            "work there (or set DME_HOME to it). Earlier results are as they were."
        )
    return text


def _fail(message: str, status: int = 1) -> NoReturn:
    err.print(f"[bold red]Error:[/] {escape(message)}", highlight=False, soft_wrap=True)
    sys.exit(status)
