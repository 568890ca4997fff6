"""Build every table anew from the raw files, all or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme import paths
from dme.replace import scratch, swap
from dme.tables.assemble import assemble, not_built
from dme.tables.check import check, check_references
from dme.tables.constraints import natural_order
from dme.tables.later import Later, later
from dme.tables.load import load
from dme.tables.package import CONNECTICUT, PACKAGE, About, Written, measured, package
from dme.tables.recipe import Frames, RawFolder
from dme.tables.refusal import refusal
from dme.tables.schemas import specs as committed
from dme.tables.sources import Source, read_sources, verify
from dme.tables.spec import TableSpec

_READ_WRONG = (
    "The raw files were read into rows that the schema does not allow, and nothing was written: "
    "look at the reader of the source, or at the schema."
)


@dataclass(frozen=True)
class Built:
    """The tables as they were written, and what the folder held of later years."""

    written: tuple[Written, ...]
    later: Later


def build(
    raw: Path, out: Path, sources: Path | None = None, lacking: Collection[str] = ()
) -> Built:
    """Make the tables and their data package.

    The same raw files give the same bytes. Everything is written beside `out` first and moved
    into place at the end, so that a failure leaves the former tables as they were.

    Parameters
    ----------
    raw : Path
        Folder of the publishers' files.
    out : Path
        Folder of the tables; the package is written beside it.
    sources : Path, optional
        The list of raw files; the project's ``data/sources.yml`` unless given.
    lacking : collection of str, optional
        Ids of sources that are not in `raw`: the tables that need one are kept as they stand
        in the project.

    Returns
    -------
    Built
        The tables as they were written, and what `raw` held of later years.

    Raises
    ------
    DmeError
        If a raw file is missing or not the one described, does not look as expected, or a table
        breaks its schema; or if `out` holds a file that no table is named after.
    """
    listing = sources or paths.home() / "data" / "sources.yml"
    known = read_sources(listing)
    more = later(raw, listing, known)
    known |= {source.id: source for source in more.rows}
    refuse_strangers(out, committed())
    verify(raw, {name: source for name, source in known.items() if name not in lacking})
    specs = committed()
    kept = {name: load(name) for name in not_built(specs, lacking)}
    frames = assemble(RawFolder(raw, known), specs, kept)
    return Built(publish(frames, specs, known, out, CONNECTICUT), more)


def publish(
    frames: Frames,
    specs: Mapping[str, TableSpec],
    sources: Mapping[str, Source],
    out: Path,
    about: About,
) -> tuple[Written, ...]:
    """Check tables, write them with their data package, and move both into place.

    Parameters
    ----------
    frames : dict of str to DataFrame
        The rows of each table in `specs`.
    specs : mapping of str to TableSpec
        What each table is.
    sources : mapping of str to Source
        The raw files by id.
    out : Path
        Folder of the tables; the package is written beside it.
    about : About
        What the package is called.

    Raises
    ------
    DmeError
        If a table breaks its schema; the former tables stay as they were.
    """
    ready = _checked(frames, specs)
    out.parent.mkdir(parents=True, exist_ok=True)
    with scratch(f".{out.name}-", out.parent) as stage:
        written = _write(ready, specs, stage / "tables")
        text = package(written, specs, sources, out.name, about)
        (stage / PACKAGE).write_text(text, encoding="utf-8", newline="\n")
        swap(stage, ("tables", out), (PACKAGE, out.parent / PACKAGE))
    return written


def _checked(frames: Frames, specs: Mapping[str, TableSpec]) -> Frames:
    """Return the tables in their order, each sorted by its key and checked."""
    ready = {name: _sorted(frames[name], table) for name, table in specs.items()}
    for name, frame in ready.items():
        check(frame, specs[name], f"{name}.csv", _READ_WRONG)
    check_references(ready, specs, _READ_WRONG)
    return ready


def _sorted(frame: pd.DataFrame, table: TableSpec) -> pd.DataFrame:
    return frame.sort_values(
        list(table.key),
        key=lambda values: natural_order(table.columns[values.name], values),
        kind="stable",
        ignore_index=True,
    )


def _write(frames: Frames, specs: Mapping[str, TableSpec], folder: Path) -> tuple[Written, ...]:
    folder.mkdir()
    written = []
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        flags = [column for column, told in specs[name].columns.items() if told.type == "boolean"]
        cells = frame.assign(
            **{flag: frame[flag].map({True: "true", False: "false"}) for flag in flags}
        )
        with path.open("w", encoding="utf-8", newline="") as file:
            cells.to_csv(file, index=False, lineterminator="\n")
        written.append(measured(path, len(frame)))
    return tuple(written)


def refuse_strangers(out: Path, tables: Collection[str]) -> None:
    """Refuse to replace a folder in which something stands that is none of `tables`.

    Raises
    ------
    TableError
        With the names of these files.
    """
    made = {f"{name}.csv" for name in tables}
    strangers = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    strangers = [name for name in strangers if name not in made]
    if strangers:
        raise refusal(
            problem="The folder of the tables holds files that no table is named after.",
            file=out,
            found=", ".join(strangers),
            expected="tables only",
            advice="Move these files elsewhere, or delete them, and build again.",
        )
