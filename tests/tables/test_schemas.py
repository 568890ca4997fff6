"""The schema of the tables: what is refused in its files, and what it may name."""

import subprocess
import sys
from pathlib import Path

import pytest

from dme.tables.refusal import TableError
from dme.tables.schemas import layouts, read_area, specs

SHARED = "count: {type: integer, unit: students, minimum: 0}\n"
SEATS = """
seats:
  title: Seats
  description: Seats by area.
  key: [area]
  columns:
    area: {type: string, unit: name, description: Where., pattern: "^[A-Z]+$"}
    seats_offered: {like: count, unit: seats, description: How many., nullable: true}
"""


def _read(folder: Path, text: str) -> dict:
    (folder / "shared.yml").write_text(SHARED, encoding="utf-8")
    (folder / "area.yml").write_text(text, encoding="utf-8")
    return read_area(folder / "area.yml", folder / "shared.yml")


def test_a_column_takes_what_it_does_not_say(tmp_path: Path):
    column = _read(tmp_path, SEATS)["seats"].columns["seats_offered"]
    assert (column.type, column.unit, column.minimum) == ("integer", "seats", 0)
    assert (column.title, column.nullable) == ("Seats offered", True)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("type: string", "type: text", ["seats.columns.area.type", "'text'", "'string'"]),
        ("unit: name, ", "", ["seats.columns.area.unit", "required"]),
        ("like: count", "like: counts", ["seats.columns.seats_offered.like", "'counts'", "count"]),
        (
            "nullable: true",
            "missing: true",
            ["seats.columns.seats_offered.missing", "not permitted"],
        ),
        ("nullable: true", "values: [yes, no]", ["seats_offered.values.0", "True", "string"]),
        ("^[A-Z]+$", "^[A-Z+$", ["seats.columns.area.pattern", "regular expression"]),
        ("key: [area]", "key: [zone]", ["area.yml, seats", "name columns, not zone"]),
        ("  title: Seats\n", "", ["seats.title", "required"]),
        ("    area: {", "    area: [], x: {", ["line 7", "a YAML mapping"]),
        ("seats:\n", "seats: none\nother:\n", ["names to what they are"]),
    ],
)
def test_what_is_wrong_is_told_with_its_key(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in SEATS
    with pytest.raises(TableError) as error:
        _read(tmp_path, SEATS.replace(old, new, 1))
    for part in ("area.yml", "found:", "expected:", *parts):
        assert part in str(error.value)


def test_references_name_columns_of_tables():
    tables = specs()
    for table in (*tables.values(), *layouts().values()):
        for reference in table.references:
            assert set(reference.columns) <= set(tables[reference.table].columns), table.name


def test_a_table_is_read_without_the_readers_of_raw_files():
    code = "import sys, dme.tables; sys.exit(any('importers' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
