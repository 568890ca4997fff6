from csv import DictReader
from pathlib import Path

import pandas as pd
import pytest
import yaml

from dme import paths, study, template
from dme.errors import DmeError
from dme.execute.sweep.plan import read_plan
from dme.study.check import YEARS

ROOT = Path(__file__).parents[1]


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the project's folder be a temporary one that holds the committed data."""
    (tmp_path / "data").symlink_to(paths.home() / "data")
    monkeypatch.setattr(paths, "home", lambda: tmp_path)
    return tmp_path / "params"


def test_new_study_can_be_read_and_says_what_each_key_means(params: Path):
    path = template.write("new-haven", "0930011")
    assert path == params / "new-haven.yml"
    read = study.read(path)
    assert (read.study, read.district) == ("new-haven", "0930011")
    assert read.enrollment_year == "2016-17"
    text = path.read_text(encoding="utf-8")
    for field in study.Study.model_fields.values():
        assert f"# {field.description}" in text
    assert set(yaml.safe_load(text)) == set(study.Study.model_fields)


@pytest.mark.usefixtures("params")
def test_peers_are_districts_of_its_kind_nearest_in_size_and_need():
    read = study.read(template.write("new-haven", "0930011"))
    # Bridgeport has as many students in as much need; Waterbury and Hartford come near.
    assert read.peers[0] == "0150011"
    assert {"0640011", "1510011", "1350011"} < set(read.peers)
    assert len(read.peers) == 9
    assert not set(read.peers) & set(read.wider_peers)
    assert read.district not in read.peers + read.wider_peers
    # Nearly as large as New Haven's peers: the technical schools, and Greenwich, which is rich.
    assert "9000016" not in read.peers + read.wider_peers
    assert "0570011" not in read.peers


@pytest.mark.tried("Every district runs", "peers of another kind than the district")
@pytest.mark.usefixtures("params")
@pytest.mark.parametrize(
    ("district", "kinds"),
    [("1350011", {"11", "12"}), ("2010012", {"11", "12"}), ("2610013", {"13"}), ("2410014", {"14"}),
     ("9000016", {"11", "12"})],
)  # fmt: skip
def test_a_district_has_peers_of_its_kind(district: str, kinds: set[str]):
    read = study.read(template.write("mine", district))
    assert {code[-2:] for code in read.peers + read.wider_peers} <= kinds


@pytest.mark.usefixtures("params")
def test_hartford_has_the_peers_of_its_study():
    read = study.read(template.write("again", "0640011"))
    assert (read.peers, read.wider_peers) == (study.Study().peers, study.Study().wider_peers)
    assert read.sweep == study.Study().sweep
    assert read.reinvestment == study.Study().reinvestment


@pytest.mark.tried("Every district runs", "a sweep of another district in a new study")
@pytest.mark.parametrize("district", ["1350011", "0040011"])
def test_a_new_study_has_a_sweep_of_its_own(params: Path, district: str):
    read = study.read(template.write("mine", district))
    assert read.sweep == "mine"
    assert (params.parent / "params/sweeps/mine.yml").is_file()
    (params.parent / "notebooks").symlink_to(ROOT / "notebooks")
    plan = read_plan(params / "sweeps" / "mine.yml")
    assert plan.base == read
    # The study's own choices are among those that are tried.
    assert read in [plan.study(number).model_copy(update={"resamples": read.resamples})
                    for number in range(len(plan))]  # fmt: skip


@pytest.mark.usefixtures("params")
def test_a_file_that_is_there_stays():
    path = template.write("mine", "0930011")
    before = path.read_text(encoding="utf-8")
    with pytest.raises(DmeError, match="is there already"):
        template.write("mine", "0640011")
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.usefixtures("params")
@pytest.mark.parametrize(
    ("name", "district", "said"),
    [
        ("mine", "0640012", '"0640012" is no district'),
        ("mine", "Hartford", "0640011"),
        ("My Study", "0930011", "lower-case letters"),
        # Listed as a district, without a school that has a count in the last year.
        ("mine", "3370015", "no enrollment by school"),
    ],
)
def test_what_can_not_be_studied_is_refused(name: str, district: str, said: str):
    with pytest.raises(DmeError) as caught:
        template.write(name, district)
    assert said in str(caught.value)
    assert not (paths.home() / "params").is_dir()


@pytest.mark.usefixtures("params")
def test_a_year_that_a_district_lacks_gives_way_to_the_nearest():
    # 26 districts alone have spending by function in 2016-17.
    assert study.read(template.write("urban", "0930011")).function_year == "2016-17"
    other = study.read(template.write("other", "0040011"))
    assert (other.function_year, other.staff_year) == ("2014-15", "2015-16")


@pytest.mark.usefixtures("params")
def test_latest_takes_the_newest_years_and_says_why():
    path = template.write("today", "0640011", latest=True)
    read, text = study.read(path), path.read_text(encoding="utf-8")
    with (ROOT / "data/tables/spending_schools.csv").open(encoding="utf-8") as file:
        rows = [row for row in DictReader(file) if row["district_code"] == "0640011"]
    newest = max(row["school_year"] for row in rows)
    assert read.spending_year == newest
    said = "The newest year of spending by school for this district: table spending_schools."
    assert f'# {said}\nspending_year: "{newest}"' in text
    # Dates of a plan and of a trend's beginning are no years of a record.
    assert read.before_plan == study.Study().before_plan < read.plan_horizon
    assert read.trend_start == study.Study().trend_start
    # The Hartford study's own sweep is of other years.
    assert read.sweep == "today"
    sweep = yaml.safe_load((path.parent / "sweeps" / "today.yml").read_text(encoding="utf-8"))
    assert sweep["axes"]["spending_year"][-1] == read.spending_year
    assert read.size_year in sweep["axes"]["size_year"]


@pytest.mark.tried(
    "Nothing stale", "a year of Hartford's newest study that is no longer the newest"
)
def test_the_newest_study_of_hartford_is_of_the_newest_years():
    name, district = "hartford-2024", "0640011"
    now = template.proposed(name, district, "data/tables", latest=True)
    read = study.read(ROOT / "params" / f"{name}.yml").model_dump()
    anew = (
        f"Delete params/{name}.yml and write it anew: dme new {name} --district {district} --latest"
    )
    assert {key: read[key] for key in YEARS} == {key: now[key] for key in YEARS}, anew
    # Its other choices are the Hartford study's: figures of both differ by their years.
    same = study.Study().model_dump(exclude={*YEARS, "study", "sweep", "wider_peers"})
    assert {key: read[key] for key in same} == same
    assert not read["wider_peers"]  # the report on spending by school holds ten cities


def test_a_study_of_the_newest_year_has_the_peers_that_the_year_has():
    def peers(**how: bool) -> set[str]:
        values = template.proposed("stamford", "1350011", "data/tables", **how)
        return {*values["peers"], *values["wider_peers"]}

    assert "0170011" in peers()  # Bristol, by the counts up to 2016-17 among the nearest
    assert peers(latest=True) == {"0640011", *study.Study().peers} - {"1350011"}


@pytest.mark.parametrize(("key", "year"), [("spending_year", "2022-23"), ("size_year", "2021-22")])
def test_the_newest_year_of_a_comparison_is_one_of_most_peers(monkeypatch, key: str, year: str):
    held = {"0": (0, 1, 2), "1": (0, 1, 2), "2": (0, 1), "3": (0,)}
    rows = [(code, f"202{n}-2{n + 1}", 400) for code, years in held.items() for n in years]
    frame = pd.DataFrame(rows, columns=["district_code", "school_year", "students"])
    monkeypatch.setattr(template, "load", lambda *_: frame)
    monkeypatch.setattr(template, "FIGURES", dict.fromkeys(template.FIGURES, "students"))
    new = template.newest(study.Study(district="0", peers=("1", "2", "3"), before_plan="2019-20"))
    assert new[key].year == year
    assert ("2 of its 3 peers" in new[key].why) == (key == "size_year")


@pytest.mark.usefixtures("params")
def test_a_new_study_designs_schools_of_its_district():
    path = template.write("new-haven", "0930011")
    chosen = study.read(path).design_schools
    assert len(chosen) == 2
    # New Haven's codes begin with the district's number; unquoted, YAML would read a number.
    assert all(code.startswith("093") for code in chosen)
    assert f'  - "{chosen[0]}"' in path.read_text(encoding="utf-8")
    hartford = study.read(template.write("again", "0640011"))
    assert hartford.design_schools == study.Study().design_schools
