"""Federal files of another state, from the command line to a finished study."""

import shutil
from pathlib import Path

import pytest

from dme import findings, paths, template
from dme.execute.run import run_studies
from dme.tables.audit import audit
from dme.tables.federal import build_federal
from dme.tables.refusal import TableError

from .tables.test_federal import ALDER, _fill

ROOT = Path(__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for room in ("notebooks", "src"):
        (tmp_path / room).symlink_to(ROOT / room)
    (tmp_path / "data").mkdir()
    for one in (ROOT / "data").iterdir():
        (tmp_path / "data" / one.name).symlink_to(one)
    monkeypatch.setenv("DME_HOME", str(tmp_path))
    paths.home.cache_clear()
    yield tmp_path
    paths.home.cache_clear()


def test_a_study_of_a_district_known_from_federal_files_alone(home: Path):
    raw = home / "raw"
    raw.mkdir()
    _fill(raw)
    out = home / "data" / "alder" / "tables"
    built = build_federal(raw, out, ("CT",))
    assert "spending_by_function" in built.skipped
    assert not [one for one in audit(out) if not one.passed]
    path = template.write("alder", ALDER, "data/alder/tables")
    run_studies([path], lambda *_: None)
    found = {entry.finding.id: entry.finding for entry in findings.ledger("alder")}
    # 60 + 410 + 500: the three schools of the district in 2017-18.
    assert found["district-enrollment"].value == 970
    assert found["school-size"].value is not None
    assert found["utilization"].value is None
    assert all(one.verdict is None for one in found.values())


def test_files_that_give_no_district_leave_the_tables(home: Path):
    (home / "raw").mkdir()
    out = home / "data" / "alder" / "tables"
    out.mkdir(parents=True)
    (out / "districts.csv").write_text("as it stood", encoding="utf-8")
    with pytest.raises(TableError):
        build_federal(home / "raw", out, None)
    assert (out / "districts.csv").read_text(encoding="utf-8") == "as it stood"
    shutil.rmtree(out)
