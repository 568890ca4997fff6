import json
import re
import shutil
from pathlib import Path

import pytest

from dme import paths
from dme.errors import DmeError
from dme.tables import names
from dme.tables.audit import audit, audit_raw
from dme.tables.dictionary import provenance
from dme.tables.sources import read_sources
from dme.tables.totals import TOTALS

from .conftest import Editor


def _failed(folder: Path) -> dict[str, str]:
    return {f"{one.subject}: {one.what}": one.problem for one in audit(folder) if not one.passed}


def test_committed_tables_pass_every_check():
    checks = list(audit(paths.tables()))
    assert not [one for one in checks if not one.passed]
    assert {one.subject for one in checks} >= {*names(), *(total.what for total in TOTALS)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the committed tables with their package."""
    shutil.copytree(paths.tables(), tmp_path / "data" / "tables")
    shutil.copy(paths.home() / "data" / "datapackage.json", tmp_path / "data")
    monkeypatch.setattr(paths, "tables", lambda: tmp_path / "data" / "tables")
    return tmp_path / "data" / "tables"


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_a_changed_figure_breaks_checksum_and_total(folder: Path):
    _edit(folder, "zone_capacity", "3611,5272,", "3611,5273,")
    failed = _failed(folder)
    assert len(failed) == 2
    assert "expected" in failed["zone_capacity: the bytes that the package tells of"]
    (total,) = (problem for said, problem in failed.items() if "four printed rows" in said)
    assert total == "the tables give 30,246"


@pytest.mark.tried("Bad input", "a table that has a schema and was never built")
def test_a_table_that_is_not_built_is_told(folder: Path):
    (folder / "districts.csv").unlink()
    package = folder.parent / "datapackage.json"
    told = json.loads(package.read_text())
    told["resources"] = [
        one for one in told["resources"] if not one["path"].endswith("/districts.csv")
    ]
    package.write_text(json.dumps(told))
    first = next(audit(folder))
    assert (first.subject, first.problem) == ("districts", "there is no file districts.csv")
    with pytest.raises(DmeError, match=r'"districts" has a schema.*dme data build'):
        provenance("districts")


def test_a_broken_row_is_told_with_its_line(folder: Path):
    _edit(folder, "zone_capacity", "3611,5272,68", "3611,5272,268")
    (said,) = (problem for what, problem in _failed(folder).items() if "columns, types" in what)
    assert "line 3, utilization_percent: found 268, expected 0 to 200" in said


def test_a_code_that_stands_nowhere_else_is_found(folder: Path):
    _edit(folder, "districts", "\n0640011,", "\n0640019,")
    failed = _failed(folder)
    assert any("its codes stand in" in said and "0640011" in why for said, why in failed.items())


def test_missing_table_and_missing_package_are_told(folder: Path):
    (folder / "zone_capacity.csv").unlink()
    assert "there is no file zone_capacity.csv" in _failed(folder).values()
    (folder.parent / "datapackage.json").unlink()
    assert any("no package that can be read" in why for why in _failed(folder).values())


def test_raw_files_are_compared(tmp_path: Path):
    known = read_sources(paths.home() / "data" / "sources.yml")
    source = known["hartford-zone-capacity-2015-16"]
    (one,) = audit_raw(tmp_path, {source.id: source})
    assert "no file" in one.problem
    (tmp_path / source.file).parent.mkdir(parents=True)
    (tmp_path / source.file).write_text("zone\n", encoding="utf-8")
    (one,) = audit_raw(tmp_path, {source.id: source})
    assert re.search(r"found:\s+sha256 [0-9a-f]{64}", one.problem)


def test_edited_copy_is_checked_in_full_by_load(edit: Editor):
    """Only bytes that a build has checked are read without a second check."""
    from dme.errors import DmeError
    from dme.tables import load

    edit("zone_capacity", "3611,5272,68", "3611,5272,268")
    with pytest.raises(DmeError, match="expected 0 to 200"):
        load("zone_capacity")
