"""A later year: its files, dropped into the raw folder, are the only step."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dme import paths
from dme.cli.commands import app
from dme.errors import DmeError
from dme.study import validate
from dme.tables import build as builder
from dme.tables import load, names
from dme.tables.importers.spending import _FUNCTION_COLUMNS
from dme.tables.later import enter, later
from dme.tables.recipe import RawFolder
from dme.tables.recipes import enrollment
from dme.tables.sources import read_sources

HARTFORD, PEERS = "edsight-school-spending-hartford", "edsight-school-spending-peers"
MADE = ("spending_schools", "spending_by_function", "spending_charged_to_schools")
STEM = "finance/ct_edsight_school_ppe_by_function_"
OURS, THEIRS = f"{STEM}2025-26_hartford.csv", f"{STEM}2025-26_9_urban_peers.csv"


def _listing() -> Path:
    return paths.home() / "data" / "sources.yml"


def _write(rows: pd.DataFrame, functions: pd.DataFrame, path: Path) -> None:
    """Write schools of the tables in the form of the report."""
    headings = {name: heading for heading, name in _FUNCTION_COLUMNS.items()}
    wide = functions.pivot(index="school_code", columns="function", values="dollars_per_pupil")
    wide = wide.rename(columns=headings).astype("Int64").astype("string").fillna("N/A")
    told = rows.rename(
        columns={
            "students": "enrollment",
            "percent_high_needs": "pct_high_needs",
            "dollars_per_pupil": "ppe_total",
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    told.assign(district="-").merge(wide, on="school_code").to_csv(path, index=False, na_rep="*")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the report's files of every year, written from the tables."""
    folder = tmp_path_factory.mktemp("raw")
    schools, functions = load("spending_schools"), load("spending_by_function")
    known = RawFolder(folder, read_sources(_listing()))
    for series in ("edsight-school-spending", PEERS, HARTFORD):
        for year, path in known.series(series).items():
            rows = schools[schools["school_year"] == year]
            if series != "edsight-school-spending":
                ours = rows["district_code"] == "0640011"
                rows = rows[ours if series == HARTFORD else ~ours]
            _write(rows, functions[functions["school_year"] == year], path)
    return folder


@pytest.fixture
def new_year(raw: Path) -> Iterator[Path]:
    """Add an invented year: the schools of the last one, each with a student more."""
    for name in (OURS, THEIRS):
        rows = pd.read_csv(raw / name.replace("2025-26", "2024-25"), dtype=str, na_filter=False)
        rows["enrollment"] = (rows["enrollment"].astype(int) + 1).astype(str)
        rows.to_csv(raw / name, index=False)
    yield raw
    for path in raw.glob("finance/*2025*"):
        path.unlink()


@pytest.fixture
def only_spending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other tables stand as they are: their raw files are not here."""
    table, grades = load("school_enrollment"), load("school_enrollment_by_grade")
    october = table[table["count_from"] == "october"]
    read = {*MADE, "school_enrollment", "school_enrollment_by_grade"}
    monkeypatch.setattr(builder, "verify", lambda *_: None)
    monkeypatch.setattr(
        builder, "not_built", lambda *_: [one for one in names() if one not in read]
    )
    monkeypatch.setattr(enrollment, "counted", lambda _: (october, grades))


def _dme(*words: str) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


@pytest.mark.usefixtures("only_spending")
def test_a_later_years_files_are_all_that_a_new_year_takes(project: Path, new_year: Path):
    listing = project / "data" / "sources.yml"
    before = listing.read_text(encoding="utf-8").splitlines()
    told = _dme("data", "build", "--raw", str(new_year))
    assert "2025-26: Hartford, 41 rows; its checksum is entered" in told
    assert "2025-26: nine urban districts, 203 rows" in told
    added = set(listing.read_text(encoding="utf-8").splitlines()) - set(before)
    assert len(added) == 2
    assert all(line.startswith('    2025-26: "') for line in added)
    for name in ("school_enrollment", "spending_schools"):
        rows = load(name, project / "data" / "tables").query("school_year == '2025-26'")
        ours = rows[rows["district_code"] == "0640011"]
        assert (len(rows), ours["students"].sum()) == (244, 15_754 + 41)
    assert "checks passed" in _dme("data", "check")
    years = dict.fromkeys(("enrollment_year", "size_year", "spending_year"), "2025-26")
    assert validate({"study": "next", **years}, "a study").size_year == "2025-26"
    # The second time there is nothing new.
    assert _found(new_year).rows == {}


def _found(raw: Path):
    return later(raw, _listing(), read_sources(_listing()))


def test_no_file_is_new_where_all_are_listed(raw: Path):
    assert _found(raw).rows == {}
    assert _found(raw).left_out == ()


@pytest.mark.tried("Bad input", "a later year's file that comes alone, or misnamed")
def test_half_a_year_waits_for_the_other_and_is_told(new_year: Path):
    (new_year / THEIRS).unlink()
    found = _found(new_year)
    assert found.rows == {}
    (why,) = found.left_out
    assert why.startswith(f"{OURS}: 2025-26 joins the tables when {THEIRS} is there too")


@pytest.mark.tried("Bad input", "a later year's file that comes alone, or misnamed")
@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2025-27", '"2025-27" is no school year; one reads like "2024-25"'),
        ("2026", '"2026" is no school year'),
        ("2009-10", "its series has later years, to 2024-25"),
    ],
)
def test_a_file_of_no_later_year_is_told(new_year: Path, year: str, said: str):
    (new_year / OURS).rename(new_year / OURS.replace("2025-26", year))
    (new_year / THEIRS).unlink()
    found = _found(new_year)
    for path in new_year.glob(f"{STEM}{year}_hartford.csv"):
        path.unlink()
    assert found.rows == {}
    assert said in " ".join(found.left_out)


@pytest.mark.usefixtures("only_spending")
@pytest.mark.tried("Bad input", "a later year's file that contradicts itself")
def test_a_bad_later_file_is_refused_and_nothing_is_entered(project: Path, new_year: Path):
    text = (new_year / OURS).read_text(encoding="utf-8")
    (new_year / OURS).write_text(text.replace(",15", ",99", 1), encoding="utf-8")
    data = project / "data"
    kept = {path: path.read_bytes() for path in (data / "sources.yml", data / "datapackage.json")}
    done = CliRunner().invoke(app, ["data", "build", "--raw", str(new_year)])
    assert done.exit_code != 0
    assert "2025-26_hartford.csv" in str(done.exception)
    assert all(path.read_bytes() == content for path, content in kept.items())


def test_a_list_that_was_not_written_as_expected_is_left_alone(tmp_path: Path, new_year: Path):
    listing = tmp_path / "sources.yml"
    listing.write_text(_listing().read_text(encoding="utf-8"), encoding="utf-8")
    rows = later(new_year, listing, read_sources(listing)).rows
    twice = [*rows, *rows]
    before = listing.read_bytes()
    with pytest.raises(DmeError):
        enter(twice, listing)
    assert listing.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yml"]
    enter(rows, listing)
    assert set(read_sources(listing)) > set(read_sources(_listing()))
