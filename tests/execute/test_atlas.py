"""The atlas: a sweep over districts, each with the peers of its own study."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from sweep_sample import quiet
from typer.testing import CliRunner

from dme import atlas, paths, sweeps, template
from dme.cli.commands import app
from dme.errors import DmeError
from dme.execute.sweep.plan import read_plan
from dme.execute.sweep.run import run_sweep
from dme.findings import functions
from dme.findings.memory import Memory

ROOT = Path(__file__).parents[2]
HARTFORD, COLUMBIA, COLEBROOK = "0640011", "0300011", "0290011"
"""Hartford; a town with one school; one whose school has fewer than a hundred students."""


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """Give a project of these tables and notebooks, in which an atlas of three is made."""
    made = tmp_path_factory.mktemp("atlas")
    for room in ("data", "notebooks"):
        (made / room).symlink_to(ROOT / room)
    shutil.copytree(ROOT / "params", made / "params")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DME_HOME", str(made))
        patch.setattr(functions, "_remembered", Memory())
        paths.home.cache_clear()
        yield
    paths.home.cache_clear()


@pytest.fixture(scope="module")
def swept():
    """Give the rows of that atlas, by district and finding, of the newest count of students."""
    path = atlas.file()
    path.parent.mkdir(parents=True)
    path.write_text(atlas.text(only=[HARTFORD, COLUMBIA, COLEBROOK]))
    run_sweep(read_plan(path), quiet, jobs=1)
    rows = sweeps.read(path.parent).findings
    newest = rows[rows["enrollment_year"] == rows["enrollment_year"].max()]
    return newest.set_index(["district", "finding"])


def test_hartford_has_the_figures_of_its_study(swept):
    record = json.loads((ROOT / "data" / "record" / "hartford-2017.json").read_text())
    for name in ("school-size", "small-school-premium", "enrollment-trend", "classroom-teachers",
                 "chronic-absenteeism", "school-size-like-levels"):  # fmt: skip
        ours = swept.loc[(HARTFORD, name), ["value", "low", "high"]].astype(float)
        told = record["findings"][name]
        theirs = pd.Series({key: told[key] for key in ours.index}, dtype=float)
        pd.testing.assert_series_equal(ours, theirs, check_names=False, rtol=2e-9)


def test_a_town_with_one_school_by_hand(swept):
    peers = template.proposed("x", COLUMBIA, "data/tables")["peers"]
    rows = pd.read_csv(ROOT / "data/tables/school_enrollment.csv", dtype=str)
    rows = rows[(rows["school_year"] == "2016-17") & (rows["students"].astype(float) >= 100)]
    sizes = rows.set_index("district_code")["students"].astype(float)
    assert len(sizes[[COLUMBIA]]) == 1
    by_hand = 100 * (1 - sizes[COLUMBIA] / sizes[sizes.index.isin(peers)].mean())
    found = swept.loc[(COLUMBIA, "school-size")]
    assert found["value"] == pytest.approx(by_hand)
    assert pd.isna(found["low"])


@pytest.mark.tried("Every district runs", "a district of which the tables lack a figure")
def test_what_is_lacking_is_not_measured_and_says_why(swept):
    found = swept.loc[(COLEBROOK, "school-size")]
    assert pd.isna(found["value"])
    assert found["reason"] == "no school of Colebrook has 100 students or more"
    assert "no spending by school of Columbia" in swept.loc[
        (COLUMBIA, "small-school-premium"), "reason"
    ]  # fmt: skip


def test_the_atlas_is_of_all_towns_and_of_no_code_that_is_gone():
    text = atlas.text()
    assert text.count("{district:") == 166
    assert "2810013" not in text  # closed before the years of the atlas
    with pytest.raises(DmeError, match="no district 2810013, 9999999"):
        atlas.text(only=[HARTFORD, "9999999", "2810013"])
    assert 'spending_year: ["2017-18"]' in text
    # The newest years are the same for all: those that most districts have.
    newest = atlas.text(latest=True, only=[HARTFORD])
    assert 'spending_year: ["2024-25"]' in newest
    assert 'size_year: ["2016-17"]' in newest


@pytest.mark.usefixtures("swept")
def test_the_command_ends_at_once_where_nothing_changed(monkeypatch):
    few = atlas.text(only=[HARTFORD, COLUMBIA, COLEBROOK])
    monkeypatch.setattr(atlas, "text", lambda *_, **__: few)
    first, again = (CliRunner().invoke(app, ["atlas", "-q", "-j", "1"]) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert "school-size" in first.output
    assert "nothing" in again.output.lower()
    # As in another process, with nothing remembered: the same bytes.
    table = atlas.file().with_name(sweeps.TABLE)
    before = table.read_bytes()
    for name in ("memory.sqlite", "sweep.json", sweeps.TABLE):
        table.with_name(name).unlink()
    monkeypatch.setattr(functions, "_remembered", Memory())
    assert CliRunner().invoke(app, ["atlas", "-q", "-j", "1"]).exit_code == 0
    assert table.read_bytes() == before
