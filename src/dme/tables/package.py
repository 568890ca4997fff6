"""The data package: what each table is, in the form that Frictionless set down."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.records import parsed
from dme.tables.constraints import constraints
from dme.tables.licences import LICENCES
from dme.tables.refusal import refusal
from dme.tables.sources import Kind, Source, listed
from dme.tables.spec import Column, Reference, TableSpec

PACKAGE = "datapackage.json"

Descriptor = dict[str, object]


@dataclass(frozen=True)
class About:
    """What a package is called: a slug, a heading, a sentence."""

    name: str
    title: str
    description: str


CONNECTICUT = About(
    "hartford-resource-study",
    "Tables of the Hartford resource study",
    "Students, staff, spending, results, climate, places and choice of the schools of Hartford "
    "and the other districts of Connecticut, and the plan's actions, from public figures.",
)


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


def kind_of_table(table: TableSpec, sources: Iterable[Source]) -> Kind:
    """Return what a table rests on, by the source that asks for the most care.

    ``transcribed`` if any figure was typed by hand; else ``derived`` if it is worked out here
    or a source is; else ``verbatim``.
    """
    kinds = {source.kind for source in sources}
    if "transcribed" in kinds:
        return "transcribed"
    return "derived" if table.computed or "derived" in kinds else "verbatim"


def package(
    written: Iterable[Written],
    specs: Mapping[str, TableSpec],
    sources: Mapping[str, Source],
    folder: str,
    about: About,
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
    about : About
        What the package is called.
    """
    origins = {one: _origins(specs[one.name], sources) for one in written}
    used = dict.fromkeys(source for found in origins.values() for source in found)
    descriptor = {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "description": about.description,
        "licenses": _licences(used),
        "sources": [_source(source) for source in used],
        "resources": [
            _resource(one, specs[one.name], found, folder) for one, found in origins.items()
        ],
    }
    return json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n"


def _origins(table: TableSpec, sources: Mapping[str, Source]) -> tuple[Source, ...]:
    for name in table.sources:
        if not listed([name], sources):
            raise refusal(
                problem=f'The table "{table.name}" names a source that is not listed.',
                file="data/schema",
                found=name,
                expected="the id of a file or a series in data/sources.yml",
                advice="Correct the table's sources, or describe the file.",
            )
    return tuple(sources[one] for one in listed(table.sources, sources))


def _resource(
    written: Written, table: TableSpec, sources: tuple[Source, ...], folder: str
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
        "licenses": _licences(sources),
        "sources": [_origin(source) for source in sources],
    }


def _licences(sources: Iterable[Source]) -> list[Descriptor]:
    """Return the licences of raw files, as the standard has them, the most open first."""
    named = {source.licence for source in sources}
    return [
        {"name": name, "title": licence.title}
        | ({"path": licence.address} if licence.address else {})
        for name, licence in LICENCES.items()
        if name in named
    ]


def _field(name: str, column: Column) -> Descriptor:
    return {
        "name": name,
        "type": column.type,
        "title": column.title,
        "description": column.description,
        "unit": column.unit,
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


def _source(source: Source) -> Descriptor:
    """Return all that is known of a raw file; a resource's own list names it by its id."""
    return {"title": source.title, "path": source.address} | {
        key: value
        for key, value in source.model_dump().items()
        if key not in {"title", "address"} and value
    }


def _origin(source: Source) -> Descriptor:
    return {"title": source.title, "id": source.id}


def read_package(path: Path) -> tuple[dict[str, Descriptor], dict[str, Source]]:
    """Return a package's resources by table, and its raw files by id.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, AttributeError
        If the file is no package of these tables.
    """
    descriptor = parsed(path.read_bytes())
    resources = {Path(one["path"]).stem: one for one in descriptor["resources"]}
    sources = {
        one["id"]: Source.model_validate(
            {key: value for key, value in one.items() if key != "path"} | {"address": one["path"]}
        )
        for one in descriptor["sources"]
    }
    return resources, sources
