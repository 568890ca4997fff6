"""Every table of the project, by name, as ``data/schema/`` tells of it."""

import difflib
import functools
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from dme import paths
from dme.errors import DmeError
from dme.tables.refusal import refusal
from dme.tables.spec import TableSpec

# The same loader, written in C: fifteen times as fast where it is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
REGISTER = "schools"
# In the order in which the tables are told of.
_AREAS = (
    "enrollment",
    "students",
    "staffing",
    "spending",
    "finance",
    "performance",
    "climate",
    "geography",
    "places",
    "choice",
    "plan",
    "partnerships",
)
_OWN, _SHARED = "own", "shared"

Entry = dict[str, object]


def specs() -> dict[str, TableSpec]:
    """Return the tables that are committed, in the order they are told of.

    The register of schools has the sources of every table that refers to it.
    """
    tables = {name: table for area in _AREAS for name, table in _area(area).items()}
    referring = (
        table
        for table in tables.values()
        if any(reference.table == REGISTER for reference in table.references)
    )
    sources = dict.fromkeys(source for table in referring for source in table.sources)
    tables[REGISTER] = tables[REGISTER].model_copy(update={"sources": tuple(sources)})
    return tables


def layouts() -> Mapping[str, TableSpec]:
    """Return the layouts of a district's own files, by the parameter that names the file."""
    return _area(_OWN)


def names() -> tuple[str, ...]:
    """Return the names of the committed tables, in the order they are told of."""
    return tuple(specs())


def spec(name: str) -> TableSpec:
    """Return what is known of the table `name`.

    Raises
    ------
    DmeError
        If there is no such table; the message tells the nearest name.
    """
    tables = specs()
    if name in tables:
        return tables[name]
    near = difflib.get_close_matches(name, tables, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"?' if near else "See the list below."
    message = f'There is no table "{name}". {hint}\nThe tables are: {", ".join(tables)}.'
    raise DmeError(message)


def _area(area: str) -> dict[str, TableSpec]:
    folder = paths.home() / "data" / "schema"
    return read_area(folder / f"{area}.yml", folder / f"{_SHARED}.yml")


@functools.cache
def read_area(path: Path, shared: Path) -> dict[str, TableSpec]:
    """Return the tables that one file tells of.

    A column takes what it does not say itself from the shared one that its ``like`` names; its
    title is its name in words unless either gives one.

    Raises
    ------
    TableError
        If the file is no mapping of tables, or something of a table is missing, unknown or not
        what it should be; the message tells file and key.
    """
    kinds = _entries(shared)
    return {name: _table(path, name, entry, kinds) for name, entry in _entries(path).items()}


def _table(path: Path, name: str, entry: Entry, kinds: Mapping[str, Entry]) -> TableSpec:
    columns = entry.get("columns")
    if isinstance(columns, dict):
        entry = entry | {
            "columns": {
                column: _filled(path, f"{name}.columns.{column}", column, told, kinds)
                for column, told in columns.items()
            }
        }
    try:
        return TableSpec.model_validate({"name": name} | entry)
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(
            path, ".".join(map(str, (name, *first["loc"]))), repr(first["input"]), first["msg"]
        ) from None


def _filled(path: Path, key: str, column: str, told: object, kinds: Mapping[str, Entry]) -> Entry:
    if not isinstance(told, dict):
        raise _wrong(path, key, repr(told), "what the column is: like, type, description, ...")
    like = told.get("like")
    if like is not None and like not in kinds:
        raise _wrong(path, f"{key}.like", repr(like), f"one of {', '.join(kinds)}")
    own = {field: value for field, value in told.items() if field != "like"}
    return {"title": column.replace("_", " ").capitalize()} | kinds.get(like, {}) | own


def _entries(path: Path) -> dict[str, Entry]:
    try:
        found = yaml.load(path.read_bytes(), Loader=_LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise _wrong(path, "", str(error), "a YAML mapping") from None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise _wrong(path, "", "something else", "a YAML mapping of names to what they are")
    return found


def _wrong(path: Path, key: str, found: str, expected: str) -> DmeError:
    return refusal(
        problem="The schema of the tables can't be read.",
        file=", ".join(filter(None, (paths.relative(path), key))),
        found=found,
        expected=expected,
        advice="Correct the file; dme.tables.spec tells what may stand in it.",
    )
