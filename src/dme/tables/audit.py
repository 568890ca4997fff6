"""Look over every table: file, checksum, schema, references, totals."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme import paths
from dme.tables import schemas
from dme.tables.check import check, check_references
from dme.tables.load import load, told
from dme.tables.package import PACKAGE
from dme.tables.refusal import TableError
from dme.tables.sources import Source, verify
from dme.tables.spec import TableSpec
from dme.tables.totals import HARTFORD, TOTALS, Total


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    subject, what : str
        A table, a raw file or a total; and what is expected of it.
    problem : str
        What is wrong; empty where it is as expected.
    """

    subject: str
    what: str
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether it is as expected."""
        return not self.problem


def audit(folder: Path) -> Iterator[Check]:
    """Yield what was checked of the tables in `folder`, and of the package beside it.

    Every row is checked against its schema anew, whatever its file's checksum. The project's own
    folder has every table that a schema tells of; a package of another state need not. The
    totals are Hartford's, for tables that hold it.
    """
    package = told(folder)
    if not package:
        yield Check(PACKAGE, "tells of the tables", f"no package that can be read beside {folder}")
    specs = schemas.specs()
    read: dict[str, pd.DataFrame] = {}
    for name, table in specs.items():
        path = folder / f"{name}.csv"
        if name in package or path.is_file() or folder == paths.tables():
            yield _same_bytes(path, package[name].sha256 if name in package else None)
            yield from _schema(table, folder, read)
    for name in read:
        if specs[name].references:
            yield _references(name, read, specs)
    for total in TOTALS if _of_hartford(read) else ():
        if set(total.tables) <= read.keys():
            yield _total(total, read)


def _of_hartford(read: Mapping[str, pd.DataFrame]) -> bool:
    return "districts" in read and read["districts"]["district_code"].eq(HARTFORD).any()


def audit_raw(raw: Path, sources: Mapping[str, Source]) -> Iterator[Check]:
    """Yield whether each raw file is there and is the one described."""
    for name, source in sources.items():
        try:
            verify(raw, {name: source})
        except TableError as error:
            yield Check(source.file, "the raw file described", str(error))
        else:
            yield Check(source.file, "the raw file described")


def _same_bytes(path: Path, expected: str | None) -> Check:
    what = "the bytes that the package tells of"
    if not path.is_file():
        return Check(path.stem, what, f"there is no file {path.name}")
    if expected is None:
        return Check(path.stem, what, f"{PACKAGE} does not tell of {path.name}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    problem = "" if found == expected else f"sha256 {found}, expected {expected}"
    return Check(path.stem, what, problem)


def _schema(table: TableSpec, folder: Path, read: dict[str, pd.DataFrame]) -> Iterator[Check]:
    name, what = table.name, "columns, types, ranges, key"
    if not (folder / f"{name}.csv").is_file():
        return
    try:
        frame = load(name, folder)
        check(frame, table, f"{name}.csv")
    except TableError as error:
        yield Check(name, what, str(error))
    else:
        read[name] = frame
        yield Check(name, what)


def _references(
    name: str, read: Mapping[str, pd.DataFrame], specs: Mapping[str, TableSpec]
) -> Check:
    others = {reference.table for reference in specs[name].references}
    what = f"its codes stand in {', '.join(sorted(others))}"
    try:
        check_references({name: read[name]}, specs, known=read)
    except TableError as error:
        return Check(name, what, str(error))
    return Check(name, what)


def _total(total: Total, read: Mapping[str, pd.DataFrame]) -> Check:
    found = total.found(read)
    told = f"{total.expected:,} ({total.by})"
    problem = "" if found == total.expected else f"the tables give {found:,}"
    return Check(total.what, told, problem)
