"""Commands about the tables that everything rests on."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from click import HelpFormatter
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperCommand

from dme import paths
from dme.cli.console import KINDS, err, out, plain_table

if TYPE_CHECKING:
    from dme.tables.audit import Check
    from dme.tables.fetch import Tell
    from dme.tables.later import Later
    from dme.tables.package import Written

app = typer.Typer(no_args_is_help=True, help="The tables that everything rests on.")

_FAILED = 1
_SAMPLE = 5

Raw = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the publishers' raw files.",
        show_default="fetched from the publishers' addresses",
        file_okay=False,
    ),
]


@app.command()
def build(
    raw: Raw = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the tables.", show_default="data/tables"),
    ] = None,
) -> None:
    """Import the publishers' raw files into the tidy tables of data/tables.

    Without --raw the files are fetched from their publishers' addresses, checked against
    their checksums, and kept for the next time. Figures that were typed by hand stand at no
    address: tables that need them are kept as they stand in the project.

    The same raw files give the same bytes. If a file is not as expected, it is named with
    line and column, and the former tables stay as they were.

    A later year's files join the series that they are named after, and are told of.
    """
    from dme.tables import build as tables  # noqa: PLC0415 - pandas costs half a second
    from dme.tables.assemble import not_built  # noqa: PLC0415
    from dme.tables.schemas import specs  # noqa: PLC0415

    target = out_folder or paths.tables()
    lacking: tuple[str, ...] = ()
    if raw is None:
        raw, lacking = _fetched()
    with err.status("Importing"):
        built = tables.build(raw, target, lacking=lacking)
    _tell_written(built.written, target, not_built(specs(), lacking))
    _tell_later(built.later, target)


class _Federal(TyperCommand):
    """A command whose help lists the files that are read, from where they are described."""

    def format_help(self, ctx: typer.Context, formatter: HelpFormatter) -> None:
        from dme.tables.importers.federal.folder import guide  # noqa: PLC0415

        self.help = f"{self.help}\n\n" + "\n\n".join(guide())
        super().format_help(ctx, formatter)


@app.command(cls=_Federal)
def federal(
    raw: Annotated[
        Path,
        typer.Option(
            help="Folder of the federal files, as downloaded: text, zipped or not.",
            file_okay=False,
        ),
    ],
    out_folder: Annotated[
        Path, typer.Option("--out", help="Folder of the tables, such as data/new-york/tables.")
    ],
    state: Annotated[
        list[str] | None,
        typer.Option(
            help="Postal code of a state to keep (BI: Indian education); repeat for several. "
            "All without it."
        ),
    ] = None,
) -> None:
    """Import federal files of any state into tables of the same form.

    Files are known by their headings, never by their names. Which findings each of them gives,
    data/federal-findings.yml tells; data/samples/federal is a sample to try. Then choose the folder
    in a study: dme new STUDY --district LEAID --tables FOLDER. What is read:
    """
    from dme.tables.federal import build_federal  # noqa: PLC0415

    with err.status("Importing"):
        built = build_federal(raw, out_folder, tuple(state) if state else None)
    _tell_written(built.written, out_folder, ())
    for why in dict.fromkeys(built.skipped.values()):
        tables = ", ".join(name for name, reason in built.skipped.items() if reason == why)
        out.print(f"  [yellow]not made[/], as {escape(why)}: {tables}", highlight=False)
    for note in built.notes:
        out.print(f"  [dim]{escape(note)}[/]", highlight=False)


def _tell_written(written: "Iterable[Written]", target: Path, kept: Iterable[str]) -> None:
    kept = set(kept)
    rows = list(written)
    for table in rows:
        said = "  [yellow]kept: rests on figures typed by hand[/]" if table.name in kept else ""
        out.print(f"  {table.name}: {table.rows:,} rows{said}", highlight=False)
    out.print(f"[green]✓[/] {len(rows)} tables → {paths.relative(target)}/")


def _tell_later(found: "Later", target: Path) -> None:
    """Tell of later years, and enter their checksums where the tables are the project's."""
    from dme.tables.later import enter  # noqa: PLC0415

    entered = "its checksum is entered in data/sources.yml"
    if target != paths.tables():
        entered = "not entered in data/sources.yml, as these are not the project's tables"
    elif found.rows:
        enter(found.rows, paths.home() / "data" / "sources.yml")
    for source, rows in found.rows.items():
        told = f"{escape(source.title)}, {rows:,} rows; {entered}"
        out.print(f"  [green]new[/]: {told}", highlight=False, soft_wrap=True)
    for why in found.left_out:
        out.print(f"  [yellow]left out[/]: {escape(why)}", highlight=False, soft_wrap=True)


@contextmanager
def _progress() -> "Iterator[Tell]":
    with Progress(
        TextColumn("Fetching"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=err,
    ) as bar:
        task = bar.add_task("")

        def tell(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        yield tell


def _fetched() -> tuple[Path, tuple[str, ...]]:
    from dme.tables.fetch import cache, fetch  # noqa: PLC0415
    from dme.tables.sources import read_sources  # noqa: PLC0415

    known = read_sources(paths.home() / "data" / "sources.yml")
    with _progress() as tell:
        lacking = fetch(known, cache(), tell)
    return cache(), lacking


@app.command()
def check(
    raw: Annotated[
        Path | None,
        typer.Option(help="Check the raw files in this folder too.", file_okay=False),
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Folder of the tables.", show_default="data/tables")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
) -> None:
    """Check every table: checksum, columns, types, ranges, keys, references, totals.

    Totals are held against figures that somebody else printed or summed. The exit status is 1
    where anything is not as expected.
    """
    from dme.tables.audit import audit, audit_raw  # noqa: PLC0415
    from dme.tables.sources import read_sources  # noqa: PLC0415

    with err.status("Checking"):
        checks = list(audit(tables or paths.tables()))
        if raw:
            checks += audit_raw(raw, read_sources(paths.home() / "data" / "sources.yml"))
    failed = [one for one in checks if not one.passed]
    if as_json:
        rows = [{"subject": c.subject, "what": c.what, "problem": c.problem} for c in checks]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        _tell_checks(checks, failed)
    if failed:
        raise typer.Exit(_FAILED)


def _tell_checks(checks: "list[Check]", failed: "list[Check]") -> None:
    for one in checks:
        mark = "[green]✓[/]" if one.passed else "[bold red]✗[/]"
        out.print(f"{mark} {escape(one.subject)}: {escape(one.what)}", highlight=False)
        if one.problem:
            out.print(f"    {escape(one.problem)}", highlight=False)
    if failed:
        out.print(f"[bold red]{len(failed)} of {len(checks)} checks failed.[/]")
    else:
        out.print(f"[green]All {len(checks)} checks passed.[/]")


@app.command()
def describe(
    table: Annotated[
        str | None, typer.Argument(help="Name of a table; all are listed without it.")
    ] = None,
) -> None:
    """Tell what a table holds: columns, units, rules, sources, its first rows."""
    from dme.tables.dictionary import provenance  # noqa: PLC0415
    from dme.tables.schemas import spec  # noqa: PLC0415

    if table is None:
        _list_tables()
        return
    told, origin = spec(table), provenance(table)
    out.print(f"[bold]{told.name}[/]  {escape(told.title)}", highlight=False)
    out.print(f"\n{escape(told.description)}\n", highlight=False)
    out.print(
        f"{origin.rows:,} rows, {KINDS[origin.kind]}, one row for each: {', '.join(told.key)}\n"
        f"[dim]sha256 {origin.sha256}[/]",
        highlight=False,
    )
    _columns(table)
    _sample(table)
    publishers = dict.fromkeys(source.publisher for source in origin.sources)
    out.print(f"From {len(origin.sources)} raw files of {'; '.join(map(escape, publishers))}")
    out.print(f"[dim]Each of them: dme data sources --table {table}[/]")


def _list_tables() -> None:
    from dme.tables.dictionary import provenances  # noqa: PLC0415

    shown = plain_table("", "Table", "What it holds", "Rows", "Figures")
    for name, origin in provenances().items():
        shown.add_row(name, escape(origin.title), f"{origin.rows:,}", KINDS[origin.kind])
    out.print(shown)
    out.print("[dim]One of them in full: dme data describe TABLE[/]")


def _columns(table: str) -> None:
    from dme.tables.dictionary import dictionary  # noqa: PLC0415

    shown = plain_table("", "Column", "Type, unit", "Meaning", "Rule")
    columns = dictionary()
    for row in columns[columns["table"] == table].to_dict("records"):
        rule = "; ".join(
            filter(None, (row["constraints"], "may be missing" if row["missing_allowed"] else ""))
        )
        name = f"[bold]{row['column']}[/]" if row["key"] else row["column"]
        kind = f"{row['type']}\n[dim]{escape(row['unit'])}[/]"
        shown.add_row(name, kind, escape(row["description"]), escape(rule))
    out.print(shown)


def _sample(table: str) -> None:
    import pandas as pd  # noqa: PLC0415

    from dme.tables import load  # noqa: PLC0415

    rows = load(table).head(_SAMPLE)
    shown = plain_table(f"Its first {len(rows)} rows", *rows.columns)
    for row in rows.itertuples(index=False):
        cells = ("" if pd.isna(cell) else str(cell) for cell in row)
        shown.add_row(*(escape(cell[:40]) for cell in cells))
    out.print(shown)


@app.command()
def sources(
    table: Annotated[str | None, typer.Option(help="Only the raw files behind this table.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every field of every file as objects.")
    ] = False,
) -> None:
    """List the raw files: what each is, who published it, where it stands, its checksum."""
    from dme.tables.dictionary import provenance  # noqa: PLC0415
    from dme.tables.sources import read_sources  # noqa: PLC0415

    if table:
        found = provenance(table).sources
    else:
        found = tuple(read_sources(paths.home() / "data" / "sources.yml").values())
    if as_json:
        sys.stdout.write(json.dumps([one.model_dump() for one in found], indent=2) + "\n")
        return
    shown = plain_table("", "Raw file", "Publisher", "Figures", "sha256")
    for one in found:
        shown.add_row(
            f"{escape(one.title)}\n[dim]{escape(one.file)}[/]",
            escape(one.publisher),
            KINDS[one.kind],
            one.sha256[:12],
        )
    out.print(shown)
    typed = sum(one.kind == "transcribed" for one in found)
    out.print(
        f"{len(found)} raw files, {typed} of them typed by hand. "
        "[dim]Addresses, terms and notes: --json[/]"
    )
