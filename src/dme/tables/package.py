"""The data package: what each table is, in the form that Frictionless set down."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandera.pandas as pa

from dme.tables.constraints import constraints, kind_of
from dme.tables.sources import Kind, Source
from dme.tables.spec import Reference, TableSpec

Descriptor = dict[str, object]

_LICENCE = {
    "name": "other-at",
    "title": (
        "Public figures of several publishers, to be used with attribution; data/sources.yml "
        "tells the terms of each source"
    ),
}


@dataclass(frozen=True)
class Written:
    """A table as it was written.

    Attributes
    ----------
    name : str
        The table.
    rows : int
        Rows without the heading.
    size : int
        Bytes of the file.
    sha256 : str
        Checksum of the file.
    """

    name: str
    rows: int
    size: int
    sha256: str


def measured(path: Path, rows: int) -> Written:
    """Return what the package tells of a written file."""
    content = path.read_bytes()
    return Written(path.stem, rows, len(content), hashlib.sha256(content).hexdigest())


def kind_of_table(table: TableSpec, sources: Mapping[str, Source]) -> Kind:
    """Return what a table rests on, by the source that asks for the most care.

    ``transcribed`` if any figure was typed by hand; else ``derived`` if it is worked out here
    or a source is; else ``verbatim``.
    """
    kinds = {sources[source].kind for source in table.sources}
    if "transcribed" in kinds:
        return "transcribed"
    return "derived" if table.computed or "derived" in kinds else "verbatim"


def package(
    written: Iterable[Written],
    specs: Mapping[str, TableSpec],
    sources: Mapping[str, Source],
    folder: str,
) -> str:
    """Return the text of ``datapackage.json``.

    Parameters
    ----------
    written : iterable of Written
        The tables in their order.
    specs : mapping of str to TableSpec
        What is known of each.
    sources : mapping of str to Source
        The raw files by id.
    folder : str
        The tables' folder as seen from the package.
    """
    descriptor = {
        "profile": "tabular-data-package",
        "name": "hartford-resource-study",
        "title": "Tables of the Hartford resource study",
        "description": (
            "Enrollment, spending, places and seats of the schools of Hartford and other "
            "districts of Connecticut, from public figures."
        ),
        "licenses": [_LICENCE],
        "resources": [_resource(one, specs[one.name], sources, folder) for one in written],
    }
    return json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"


def _resource(
    written: Written, table: TableSpec, sources: Mapping[str, Source], folder: str
) -> Descriptor:
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": f"{folder}/{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "kind": kind_of_table(table, sources),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "rows": written.rows,
        "schema": {
            "fields": [_field(name, column) for name, column in table.columns.items()],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [_foreign(reference) for reference in table.references],
        },
        "sources": [_origin(sources[source]) for source in table.sources],
    }


def _field(name: str, column: pa.Column) -> Descriptor:
    return {
        "name": name,
        "type": kind_of(column),
        "title": column.title,
        "description": column.description,
        "unit": column.metadata["unit"],
        "constraints": constraints(column),
    }


def _foreign(reference: Reference) -> Descriptor:
    return {
        "fields": list(reference.columns),
        "reference": {
            "resource": reference.table.replace("_", "-"),
            "fields": list(reference.columns),
        },
    }


def _origin(source: Source) -> Descriptor:
    return {
        "title": source.title,
        "path": source.address,
        "id": source.id,
        "kind": source.kind,
    }
