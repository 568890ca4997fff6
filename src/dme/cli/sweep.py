"""The command that runs a study under many parameter sets."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from dme import paths
from dme.cli.console import QUIET, err, out, plain_table
from dme.errors import DmeError
from dme.text import quantity, span
from dme.up_to_date import NOTHING_TO_RUN

if TYPE_CHECKING:
    from dme.execute.sweep.plan import Plan
    from dme.execute.sweep.run import Swept, Tell
    from dme.execute.sweep.summary import Summary

FAILED = 1
PROCESSES = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Processes.", show_default="all cores"),
]


def sweep(
    file: Annotated[str, typer.Argument(help="File of the sweep, or its name in params/sweeps/.")],
    *,
    jobs: PROCESSES = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, such as tls://host:8786: its workers evaluate the "
            "runs, each with this project installed.",
            metavar="ADDRESS",
        ),
    ] = None,
    unencrypted: Annotated[
        bool,
        typer.Option(
            help="Trust the network between here and a scheduler on another machine: whoever can "
            "reach it there can read what is sent, and run code on both sides."
        ),
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune", help="Forget what was kept of former states of notebooks and modules."
        ),
    ] = False,
    quiet: QUIET = False,
) -> None:
    """Run a study under many parameter sets, and tell how far the findings depend on them.

    The findings that notebooks declare are evaluated as functions of the parameters: nothing that
    two sets share is computed twice, and no notebook is run. All sets are checked before. What was
    evaluated is kept part by part, so a sweep can be stopped in any way; started again, it
    evaluates what is missing, and whatever rests on something that has changed. Where nothing
    has, it ends at once. Runs that failed are listed, and tried again the next time; the exit
    status is then 1.

    results/sweeps/NAME/ gets one table of all findings (findings.parquet), what was varied
    (sweep.yml), and a specification curve for each published figure.
    """
    from dme.execute.sweep.standing import find, standing  # noqa: PLC0415 - pandas is slow

    if cluster and not unencrypted:
        _refuse_open(cluster)
    path = find(file)
    if not prune and (runs := standing(path)) is not None:
        said = NOTHING_TO_RUN.format(f"{paths.relative(paths.results(paths.SWEEPS) / path.stem)}/")
        out.print(f"[green]✓[/] {path.stem}: {said} ({runs} runs)", highlight=False)
        return
    from dme.execute.machine import cores  # noqa: PLC0415
    from dme.execute.sweep.plan import read_plan  # noqa: PLC0415
    from dme.execute.sweep.run import run_sweep  # noqa: PLC0415
    from dme.execute.sweep.standing import write  # noqa: PLC0415

    with err.status("Checking the parameter sets") if not quiet else _nothing():
        plan = read_plan(path)
    with progress(plan, quiet) as tell:
        done = run_sweep(plan, tell, jobs=jobs or cores(), cluster=cluster, prune=prune)
    _tell_claims(plan, done)
    tell_failures(done)
    kept = done.runs - done.fresh
    out.print(
        f"[green]✓[/] {plan.name}: {done.runs - done.failed} of {done.runs} runs"
        f"{f', {kept} of them from before' if kept else ''}; {done.rows:,} findings → "
        f"{escape(paths.relative(done.table))}",
        highlight=False,
    )
    if done.failed:
        raise typer.Exit(FAILED)
    write(done.folder, done.made_of, done.runs)


def _refuse_open(address: str) -> None:
    """Refuse a scheduler on another machine that neither encrypts nor asks who is there."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    with suppress(ValueError):
        if parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback:
            return
    if parts.scheme not in {"tls", "wss", "inproc"}:
        message = (
            f"The scheduler at {address} is on another machine, and would be spoken to without "
            "encryption: whoever can reach it could run code there and here.\n"
            "Start it with certificates (dask scheduler --protocol tls --tls-ca-file ...) and give "
            "tls://HOST:8786; or, on a network that nobody else is on, add --unencrypted."
        )
        raise DmeError(message)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def progress(plan: "Plan", quiet: bool) -> "Iterator[Tell]":
    """Show how far a sweep is."""
    with Progress(
        TextColumn(f"[bold]{plan.name}[/] {{task.description}}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=err,
        disable=quiet,
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, failed: int, before: int) -> None:
            words = [f"{before} from before"] if before else []
            words += [f"[red]{failed} failed[/]"] if failed else []
            # Only what is executed now says how fast it goes.
            total = len(plan) - before
            bar.update(task, completed=done, total=total, description=", ".join(words))

        yield tell


def _tell_claims(plan: "Plan", done: "Swept") -> None:
    from dme.execute.sweep.summary import summaries  # noqa: PLC0415

    found = list(summaries(plan, done.table)) if done.rows else []
    if not found:
        return
    heads = ("Finding", "Published", "Range (median)", "Agree", "Moved most by")
    table = plain_table(f"{plan.name}: findings under all parameter sets", *heads)
    for column in table.columns:
        # Names of findings have no spaces to break at.
        column.overflow = "fold"
    for one in found:
        table.add_row(*_row(one), end_section=True)
    out.print(table)
    out.print(
        "[dim]Agree: within the tolerance, or with the published figure inside the interval, of "
        "the sets that keep to the claim's terms. "
        "Moved: the mean range over that axis with the others held.[/]"
    )


def _row(one: "Summary") -> tuple[str, ...]:
    seen, head = one.curve, one.unit.partition(" ")[0]
    basis = "" if one.basis == "measured" else f", {one.basis}"
    mover = "nothing"
    if seen.mover is not None:
        mover = f"{seen.mover}\n[dim]{quantity(seen.moves[seen.mover], head)}[/]"
    lacking = f"\n[dim]{seen.unmeasured} without figure[/]" if seen.unmeasured else ""
    agree = "no verdict\n[dim]by the claim's terms[/]"
    if seen.judged:
        agree = f"{seen.agrees:.0%} of {seen.judged}\n[dim]{seen.within:.0%} within tolerance[/]"
    return (
        f"{one.finding}\n[dim]{one.claim.id}{basis}[/]",
        one.claim.published_text,
        f"{span(seen.lowest, seen.highest, head)}\n[dim]({quantity(seen.median, head)})[/]",
        f"{agree}{lacking}",
        mover,
    )


def tell_failures(done: "Swept") -> None:
    """Tell of the first runs that failed, and of how many did."""
    if not done.failed:
        return
    err.print(f"[bold red]{done.failed} of {done.fresh} runs failed:[/]")
    for label, error in done.failures:
        err.print(f"  {escape(label)}\n    {escape(error.replace(chr(10), chr(10) + '    '))}",
                  highlight=False, soft_wrap=True)  # fmt: skip
    if (more := done.failed - len(done.failures)) > 0:
        err.print(f"  and {more} more")
