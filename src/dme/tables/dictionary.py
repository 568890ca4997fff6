"""What the tables and their columns mean, and where the figures come from, for pages to show."""

import json
from dataclasses import dataclass

import pandas as pd

from dme import paths
from dme.tables.constraints import in_words, kind_of
from dme.tables.refusal import refusal
from dme.tables.schemas import SPECS, spec
from dme.tables.sources import Kind, Source, read_sources


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


def provenance(name: str) -> Provenance:
    """Return where the table `name` comes from.

    Raises
    ------
    DmeError
        If there is no such table, or the data package or the list of sources can't be read.
    """
    table = spec(name)
    data = paths.home() / "data"
    path = data / "datapackage.json"
    known = read_sources(data / "sources.yml")
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        resource = next(one for one in resources if one["path"].endswith(f"/{name}.csv"))
    except (OSError, ValueError, KeyError, StopIteration):
        raise refusal(
            problem=f'The data package does not tell of the table "{name}".',
            file=paths.relative(path),
            found="no such resource",
            expected=f"a resource with the path tables/{name}.csv",
            advice="Build the tables anew from the raw files, or restore the committed file.",
        ) from None
    return Provenance(
        name=name,
        title=table.title,
        description=table.description,
        rows=resource["rows"],
        sha256=resource["hash"].removeprefix("sha256:"),
        kind=resource["kind"],
        sources=tuple(known[source] for source in table.sources),
    )
