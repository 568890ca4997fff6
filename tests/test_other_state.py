"""Federal files of another state, from the command line to a finished study and its site."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dme import findings, paths, template
from dme.cli.commands import app
from dme.errors import DmeError, Lacking
from dme.findings.declared import FindingFunction
from dme.findings.definitions import findings_of
from dme.publish import other_states
from dme.study import Study, read, validate
from dme.tables.audit import audit
from dme.tables.federal import build_federal
from dme.tables.refusal import TableError
from tests.turns import on_turn

from .federal_sample import DISTRICTS, FOLDER, NEW_HAVEN, files, lea

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / FOLDER
KINDS = {
    "Enrollment": ("ccd_sch_052", "ccd_lea_052", "ccd_sch_029"),
    "Staff": ("ccd_sch_059", "ccd_lea_059"),
    "Finances": ("sdf",),
    "Spending by school": ("School Expenditures",),
    "Places": ("EDGE",),
}
# What is the state's own figure in the sample, told apart in nothing that the finding reads.
EQUAL = (
    "school-size",
    "school-size-like-levels",
    "schools-per-pupil",
    "enrollment-projection",
    "segregation-district",
    "two-sections",
    "pooled-teams",
    "specialist-cost",
    "classroom-teachers",
    "instructional-specialists",
    "small-school-premium",
    "small-school-cost",
    "real-spending-since",
)
# The notebook on intervals needs no table, and that on firmness a sweep.
NOTEBOOKS = (
    "operations", "teaching", "culture", "outcomes", "now", "plan", "partnerships", "design",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for room in ("src", "pages"):
        (tmp_path / room).symlink_to(ROOT / room)
    (tmp_path / "notebooks").mkdir()
    for name in NOTEBOOKS:
        source = ROOT / "notebooks" / f"{name}.ipynb"
        (tmp_path / "notebooks" / source.name).symlink_to(source)
    (tmp_path / "data").mkdir()
    for one in (ROOT / "data").iterdir():
        (tmp_path / "data" / one.name).symlink_to(one)
    monkeypatch.setenv("DME_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    paths.home.cache_clear()
    yield tmp_path
    paths.home.cache_clear()


def _declared() -> dict[str, FindingFunction]:
    notebooks = [paths.home() / "notebooks" / f"{name}.ipynb" for name in NOTEBOOKS]
    return {one.id: one for notebook in notebooks for one in findings_of(notebook)}


def _study(home: Path, kinds: tuple[str, ...] = ("",)) -> Study:
    """Return a study of New Haven on the sample's files of some kinds.

    Its tables lie where those of earlier kinds lay: what reads none of the new is remembered.
    """
    raw = home / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir()
    for file in SAMPLE.glob("[!R]*"):
        if file.name.startswith(kinds):
            shutil.copy(file, raw)
    build_federal(raw, home / "data" / "sample" / "tables", ("CT",))
    values = template.proposed("sample", NEW_HAVEN, "data/sample/tables")
    few = {"resamples": 200, "plan_horizon": "2018-19"}
    return validate({**values, **few}, "The study of the sample")


def _measured(study: Study, among: dict[str, FindingFunction]) -> dict[str, float | str]:
    found = {}
    for name, one in among.items():
        try:
            found[name] = one(study).value
        except Lacking:
            continue
    return found


def test_the_sample_is_what_its_script_writes():
    expected = files()
    assert {path.name for path in SAMPLE.iterdir()} == {*expected, "README.md"}
    for name, text in expected.items():
        content = (SAMPLE / name).read_bytes()
        assert (gzip.decompress(content) if name.endswith("gz") else content).decode() == text
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 110_000


@pytest.mark.tried(
    "Another state", "federal files of one kind after the other: which findings each gives"
)
def test_the_page_tells_which_findings_each_kind_of_file_gives(home: Path):
    told = other_states.read_kinds(ROOT / other_states.FILE)
    assert [kind["title"] for kind in told] == list(KINDS)
    # With each kind come its findings, and none of those before it goes.
    for last in {*on_turn(range(1, len(told)), len(told) - 1), len(told)}:
        kinds = told[:last]
        study = _study(home, tuple(prefix for kind in kinds for prefix in KINDS[kind["title"]]))
        expected = {name for kind in kinds for name in kind["findings"]}
        assert set(_measured(study, _declared())) == expected, kinds[-1]["title"]
    names = [name for kind in told for name in kind["findings"]]
    assert len(names) == len(set(names))


@pytest.mark.tried(
    "Another state", "the state's own figures in the federal layouts: equal findings"
)
def test_federal_files_give_what_the_state_s_tables_give(home: Path):
    # The sample holds the state's figures: under the same parameters the same findings come out.
    everything, study = _declared(), _study(home)
    codes = {lea(code): code for code in DISTRICTS}
    same = study.model_dump() | {
        "tables": "data/tables",
        "district": codes[study.district],
        "peers": [codes[code] for code in study.peers],
        "wider_peers": [],
        "design_schools": [],
    }
    state = validate(same, "The same study on the state's tables")
    equal = {name: everything[name] for name in EQUAL}
    found, expected = (_measured(each, equal) for each in (study, state))
    assert found.keys() == set(EQUAL)
    assert found == pytest.approx(expected, rel=2e-4)


@pytest.mark.tried("Another state", "names that end a comment, a district alone in its state")
def test_a_new_study_in_another_state_has_what_its_tables_hold(home: Path):
    study = _study(home, ("ccd_sch_052_1", "ccd_sch_029"))
    # No two of the federal ids end alike, and of spending by school there is nothing.
    assert set(study.peers) == {"0900015", "0900043", "0900151"}
    tables = home / "data" / "sample" / "tables"
    names = (tables / "districts.csv").read_text(encoding="utf-8")
    odd = names.replace("New Haven", "New\u2028seed: 666\x0b\x85 Haven")
    (tables / "districts.csv").write_text(odd, encoding="utf-8")
    assert read(template.write("odd", NEW_HAVEN, "data/sample/tables")).seed == study.seed
    rows = (tables / "school_enrollment.csv").read_text(encoding="utf-8").splitlines()
    own = [rows[0], *(row for row in rows if f",{NEW_HAVEN}," in row)]
    (tables / "school_enrollment.csv").write_text("\n".join(own) + "\n", encoding="utf-8")
    with pytest.raises(DmeError, match=r"hold schools of New.*alone"):
        template.write("alone", NEW_HAVEN, "data/sample/tables")


@pytest.mark.tried("Another state", "from the federal files to a study's site, by the commands")
def test_a_study_of_the_sample_by_the_commands_that_the_readme_gives(home: Path):
    def dme(*words: str) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        return done.output

    tables = "data/sample/tables"
    told = dme("data", "federal", "--raw", str(SAMPLE), "--state", "CT", "--out", tables)
    assert "spending_by_function" in told
    # A second time into the same folder.
    dme("data", "federal", "--raw", str(SAMPLE), "--state", "CT", "--out", tables)
    assert not [one for one in audit(home / tables) if not one.passed]
    dme("new", "sample", "--district", NEW_HAVEN, "--tables", tables)
    # It takes as long as the others together, and the test before has evaluated it.
    (home / "notebooks" / "design.ipynb").unlink()
    lacking = r" +- text: .+\n +href: (design|intervals|firmness).qmd\n"
    settings = (ROOT / "_quarto.yml").read_text(encoding="utf-8")
    (home / "_quarto.yml").write_text(re.sub(lacking, "", settings), encoding="utf-8")
    dme("run", "params/sample.yml")
    dme("site", "sample")
    found = {entry.finding.id: entry.finding for entry in findings.ledger("sample")}
    measured = {name for name, one in found.items() if one.value is not None}
    given = {name for kind in other_states.read_kinds(ROOT / other_states.FILE)
             for name in kind["findings"] if name in found}  # fmt: skip
    assert not given - measured
    assert all(one.verdict is None for one in found.values())
    staff = found["classroom-teachers"]
    assert "special education among them" in staff.sentence
    assert (home / "_site" / "teaching.html").read_text(encoding="utf-8").count(staff.sentence)


def test_files_that_give_no_district_leave_the_tables(home: Path):
    (home / "raw").mkdir()
    out = home / "data" / "alder" / "tables"
    out.mkdir(parents=True)
    (out / "districts.csv").write_text("as it stood", encoding="utf-8")
    with pytest.raises(TableError):
        build_federal(home / "raw", out, None)
    assert (out / "districts.csv").read_text(encoding="utf-8") == "as it stood"
    shutil.rmtree(out)
