"""What the tables and their columns mean, and where the figures come from, for pages to show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dme import paths
from dme.tables.constraints import in_words, kind_of
from dme.tables.refusal import BUILD_ANEW, refusal
from dme.tables.schemas import SPECS
from dme.tables.sources import Kind, Source, read_sources
from dme.tables.spec import TableSpec


@dataclass(frozen=True)
class Provenance:
    """What is known of a table's origin.

    Attributes
    ----------
    name, title, description : str
        The table.
    rows : int
        Its rows.
    sha256 : str
        Checksum of its file.
    kind : {"verbatim", "transcribed", "derived"}
        What it rests on; see `dme.tables.package.kind_of_table`.
    sources : tuple of Source
        The raw files, each with publisher, address, licence, kind and checksum.
    """

    name: str
    title: str
    description: str
    rows: int
    sha256: str
    kind: Kind
    sources: tuple[Source, ...]


def dictionary() -> pd.DataFrame:
    """Return the data dictionary, one row a column.

    Returns
    -------
    pandas.DataFrame
        ``table``, ``column``, ``title``, ``type`` (string, integer, number, boolean), ``unit``,
        ``description``, ``constraints`` (in words), ``key`` (bool: part of the table's key) and
        ``missing_allowed`` (bool).
    """
    return pd.DataFrame(
        [
            {
                "table": table.name,
                "column": name,
                "title": column.title,
                "type": kind_of(column),
                "unit": column.metadata["unit"],
                "description": column.description,
                "constraints": in_words(column),
                "key": name in table.key,
                "missing_allowed": column.nullable,
            }
            for table in SPECS.values()
            for name, column in table.columns.items()
        ]
    )


def provenances() -> dict[str, Provenance]:
    """Return where each table comes from, by name.

    Raises
    ------
    DmeError
        If the data package or the list of sources can't be read, or the package lacks a table.
    """
    data = paths.home() / "data"
    path = data / "datapackage.json"
    known = read_sources(data / "sources.yml")
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        by_table = {Path(one["path"]).stem: one for one in resources}
        return {name: _provenance(table, by_table[name], known) for name, table in SPECS.items()}
    except (OSError, ValueError, KeyError) as error:
        raise refusal(
            problem="The data package does not tell of every table.",
            file=paths.relative(path),
            found=f"{type(error).__name__}: {error}",
            expected="a resource for each table, with path, rows, hash and kind",
            advice=BUILD_ANEW,
        ) from None


def _provenance(
    table: TableSpec, resource: Mapping[str, Any], known: Mapping[str, Source]
) -> Provenance:
    return Provenance(
        name=table.name,
        title=table.title,
        description=table.description,
        rows=resource["rows"],
        sha256=resource["hash"].removeprefix("sha256:"),
        kind=resource["kind"],
        sources=tuple(known[source] for source in table.sources),
    )
