"""What the tables and their columns mean, and where the figures come from, for pages to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from dme import paths
from dme.errors import DmeError
from dme.tables.constraints import in_words
from dme.tables.package import PACKAGE, read_package
from dme.tables.refusal import BUILD_ANEW, refusal
from dme.tables.schemas import spec, specs
from dme.tables.sources import Kind, Source


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


def dictionary(names: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the data dictionary, one row a column.

    Parameters
    ----------
    names : iterable of str, optional
        The tables; those that are committed unless given.

    Returns
    -------
    pandas.DataFrame
        ``table``, ``column``, ``title``, ``type`` (string, integer, number, boolean), ``unit``,
        ``description``, ``constraints`` (in words), ``key`` (bool: part of the table's key) and
        ``missing_allowed`` (bool).
    """
    tables = specs()
    return pd.DataFrame(
        [
            {
                "table": name,
                "column": column,
                "title": told.title,
                "type": told.type,
                "unit": told.unit,
                "description": told.description,
                "constraints": in_words(told),
                "key": column in tables[name].key,
                "missing_allowed": told.nullable,
            }
            for name in (specs() if names is None else names)
            for column, told in tables[name].columns.items()
        ]
    )


def provenances(folder: Path | None = None) -> dict[str, Provenance]:
    """Return where each table comes from, by name, as the package beside a folder tells.

    Parameters
    ----------
    folder : Path, optional
        Folder of the tables; the project's ``data/tables`` unless given.

    Raises
    ------
    DmeError
        If the package can't be read.
    """
    path = (folder or paths.tables()).parent / PACKAGE
    try:
        resources, sources = read_package(path)
        return {name: _provenance(name, one, sources) for name, one in resources.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise refusal(
            problem="The data package can't be read.",
            file=paths.relative(path),
            found=f"{type(error).__name__}: {error}",
            expected="a resource for each table, with path, rows, hash, kind and sources",
            advice=BUILD_ANEW,
        ) from None


def provenance(name: str) -> Provenance:
    """Return where one table comes from.

    Raises
    ------
    DmeError
        If there is no such table, or it was not built yet.
    """
    found = provenances()
    if spec(name).name not in found:
        message = f'The table "{name}" has a schema, and is not built yet: dme data build makes it.'
        raise DmeError(message)
    return found[name]


def _provenance(
    name: str, resource: Mapping[str, Any], sources: Mapping[str, Source]
) -> Provenance:
    told = Provenance(
        name=name,
        title=resource["title"],
        description=resource["description"],
        rows=resource["rows"],
        sha256=resource["hash"].removeprefix("sha256:"),
        kind=resource["kind"],
        sources=tuple(sources[one["id"]] for one in resource["sources"]),
    )
    return TypeAdapter(Provenance).validate_python(told, strict=True)
