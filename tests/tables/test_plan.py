"""Readers of the facts and the plan on tiny files, what was typed, and the tables."""

from pathlib import Path

import pandas as pd
import pytest

from dme import paths
from dme.tables import load
from dme.tables.importers import class_sizes, facts, plan
from dme.tables.refusal import TableError

TYPED = paths.home() / "data" / "typed" / "plan-places.yml"
HEADING = "topic,subject,period,value,unit,address,note\n"
PAGE = "https://example.org/plan"
CLOSE = f"plan_2017_12_19,Alpha,June 2018,close,action,{PAGE},\n"
MOVE = f"plan_2017_12_19,Beta,June 2019,reconfigure and relocate,action,{PAGE},\n"
APPROVED = f"plan_approved,Alpha and Gamma,end of 2017-18,close,action,{PAGE},\n"
FACTS = HEADING + CLOSE + MOVE + APPROVED
PLAN = (
    "effective,school_or_building,action,source\n"
    f"June 2018,Alpha,close,{PAGE}\nJune 2019,Beta,reconfigure and relocate,{PAGE}\n"
)
STANDING = f"transport,bus eligibility distance grades 2-5,c. 2013,1.0,miles,{PAGE},\n"
OLDER = f"transport,older rule: K-5 0.5 mile; 6-8 1 mile,c. 2009,0.5/1,miles,{PAGE},\n"


def _file(folder: Path, text: str, name: str = "raw.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _actions(folder: Path, typed: str = PLAN, told: str = FACTS) -> pd.DataFrame:
    among = facts.facts(_file(folder, told, "facts.csv"))
    return plan.actions(_file(folder, typed), among)


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("found:", "expected:", *parts):
        assert part in message


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5291", 5291),
        ("1.9", 1.9),
        ("-1945", -1945),
        ("+34", 34),
        (">20", None),
        ("8-0", None),
        ("400-500", None),
        ("68 / 400", None),
        ("yes", None),
        ("", None),
    ],
)
def test_only_one_single_number_is_a_number(value: str, number: float | None):
    assert facts.number(value) == number


def test_facts_keep_what_is_printed(tmp_path: Path):
    text = (
        HEADING + f"size,Alpha,2017,400-500,students,{PAGE},\nsize,Beta,2017,,students,{PAGE},x\n"
    )
    found = facts.published(facts.facts(_file(tmp_path, text)))
    assert found["value"].tolist()[0] == "400-500"
    assert found["number"].isna().all()
    assert found["value"].isna().tolist() == [False, True]
    assert found["note"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (FACTS.replace(PAGE, "example.org", 1), ["no address", "line 2", "'example.org'"]),
        (FACTS.replace("Beta,June 2019", "Alpha,June 2018"), ["stands twice", "line 3"]),
        (FACTS.replace("topic,", "about,"), ["column is missing", '"topic"']),
        (FACTS.replace("Beta", ""), ["empty", "line 3", '"subject"']),
        (FACTS.replace(",action,", ",", 1), ["not as many cells", "line 2"]),
        ("<html></html>", ["web page"]),
    ],
)
def test_bad_facts_are_refused(tmp_path: Path, text: str, parts: list[str]):
    with pytest.raises(TableError) as error:
        facts.facts(_file(tmp_path, text))
    _refused(error, *parts)


def test_bus_rules_are_read(tmp_path: Path):
    winter = f"transport,winter extension: HS 1.5-2.0 mi,2020,,miles,{PAGE},\n"
    text = HEADING + STANDING + OLDER + winter + f"transport,pupils carried,2015,9,x,{PAGE},\n"
    found = facts.bus_rules(facts.facts(_file(tmp_path, text)))
    assert found.drop(columns=["period", "address"]).to_numpy().tolist() == [
        ["standing", "2", "5", 1.0],
        ["older", "K", "5", 0.5],
        ["older", "6", "8", 1.0],
        ["winter 2020", "9", "12", 1.5],
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (STANDING.replace("2-5", "5-2"), ["grades are none", "line 2"]),
        (STANDING.replace("2-5", "2-13"), ["grades are none"]),
        (STANDING.replace("1.0", "one"), ["no number", "'one'"]),
        (OLDER.replace("0.5/1,", "0.5/2,"), ["not those of its value", "0.5/1"]),
    ],
)
def test_bad_bus_rules_are_refused(tmp_path: Path, text: str, parts: list[str]):
    found = facts.facts(_file(tmp_path, HEADING + text))
    with pytest.raises(TableError) as error:
        facts.bus_rules(found)
    _refused(error, "raw.csv", *parts)


def test_actions_and_schools_are_taken_apart(tmp_path: Path):
    found = _actions(tmp_path)
    columns = ["version", "by", "place", "action", "printed"]
    assert found[columns].to_numpy().tolist() == [
        ["proposal 2017-12", "2018-06", "Alpha", "close", "close"],
        ["proposal 2017-12", "2019-06", "Beta", "reconfigure", "reconfigure and relocate"],
        ["proposal 2017-12", "2019-06", "Beta", "relocate", "reconfigure and relocate"],
        ["approval 2018-01", "2018-06", "Alpha", "close", "close"],
        ["approval 2018-01", "2018-06", "Gamma", "close", "close"],
    ]


@pytest.mark.parametrize(
    ("typed", "told", "parts"),
    [
        (PLAN.replace("Beta", "Delta"), FACTS, ["not among the facts", "line 3"]),
        (PLAN, FACTS + CLOSE.replace("Alpha", "Delta"), ["not in the plan", "Delta"]),
        (PLAN.replace(",close", ",shut"), FACTS.replace(",close", ",shut"), ["action is unknown"]),
        (PLAN.replace("June", "Spring"), FACTS.replace("June", "Spring"), ["date is none"]),
        (PLAN + PLAN.splitlines()[1] + "\n", FACTS, ["stands twice", "line 4"]),
        (PLAN.replace("source", "page"), FACTS, ["column is missing", '"source"']),
    ],
)
def test_bad_plan_is_refused(tmp_path: Path, typed: str, told: str, parts: list[str]):
    with pytest.raises(TableError) as error:
        _actions(tmp_path, typed, told)
    _refused(error, "raw.csv", *parts)


PLACE = (
    "- place: Alpha\n  kind: school\n  code: '0640111'\n  listed: Alpha School\n"
    "  later: Alpha Middle School\n  evidence: the only one\n"
)
LISTED = pd.DataFrame(
    {"school_year": ["2016-17"], "school_code": ["0640111"], "school": ["Alpha School"]}
)
LATER = LISTED.assign(school_year="2017-18", school="Alpha Middle School")
LISTS = pd.concat([LISTED, LATER])


def test_register_is_read(tmp_path: Path):
    text = PLACE + "- place: Office\n  kind: office\n  evidence: no school\n"
    found = plan.places(_file(tmp_path, text, "places.yml"), LISTS)
    assert found["school_code"].tolist()[0] == "0640111"
    assert found.loc[1, ["school_code", "listed_as", "listed_in"]].isna().all()
    assert found["doubtful"].tolist() == [False, False]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("'0640111'", "'0640211'", ["0640211: no such code", "Alpha School, in 2016-17"]),
        ("'0640111'", "0640111", ["can't be read"]),
        ("listed: Alpha School", "listed: Alpha", ["0640111: Alpha School"]),
        ("later: Alpha Middle School", "later: Alpha School", ["0640111: Alpha Middle School"]),
        ("  listed: Alpha School\n", "", ["a code or a name alone"]),
        ("kind: school", "kind: house", ["can't be read"]),
        ("evidence: the only one\n", "evidence: x\n" + PLACE, ["each place once"]),
    ],
)
def test_register_that_the_lists_contradict_is_refused(
    tmp_path: Path, old: str, new: str, parts: list[str]
):
    path = _file(tmp_path, PLACE.replace(old, new, 1), "places.yml")
    with pytest.raises(TableError) as error:
        plan.places(path, LISTS)
    _refused(error, "places.yml", *parts)


# --- what was typed ---


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    """Return the committed register, compared with the committed lists."""
    return plan.places(TYPED, load("school_enrollment"))


@pytest.mark.raw
def test_every_place_is_printed_somewhere(raw: Path, register: pd.DataFrame):
    told = facts.facts(raw / "facts/hartford_published_facts.csv")
    printed = " | ".join([*told["subject"], *told["value"]])
    assert [place for place in register["place"] if place not in printed] == []


@pytest.mark.raw
def test_every_place_of_the_plan_is_in_the_register(raw: Path, register: pd.DataFrame):
    told = facts.facts(raw / "facts/hartford_published_facts.csv")
    found = plan.actions(raw / "facts/hartford_plan_actions_2018_2020.csv", told)
    assert set(found["place"]) <= set(register["place"])


def test_the_only_school_of_a_beginning_is_the_only_one(register: pd.DataFrame):
    table = load("school_enrollment")
    listed = table[table["district_code"] == "0640011"].groupby("school_year")["school"]
    names = {year: set(group) for year, group in listed}
    only = register[register["evidence"].str.startswith("the only school whose name begins so")]
    assert len(only) == 20
    for place, year in zip(only["place"], only["listed_in"], strict=True):
        assert len([name for name in names[year] if name.startswith(place)]) == 1, place


# --- the tables ---


def test_case_study_counts_of_the_proposal():
    actions = load("plan_actions")
    proposed = actions[actions["version"] == "proposal 2017-12"]
    assert len(proposed) == 31 + 2
    told = load("published_facts").query("topic == 'case_study'").set_index("subject")["number"]
    schools = proposed.dropna(subset=["school_code"]).groupby("action")["school_code"].nunique()
    assert schools["close"] == told["schools to close by 2020"] == 4
    assert schools["reconfigure"] == told["schools to reconfigure"] == 12
    # The study says 8; the list moves ten, one of them (Kinsella's high school) part of a school.
    assert schools["relocate"] == 10


def test_versions_disagree_and_both_stand():
    actions = load("plan_actions").set_index(["place", "version"])
    college = actions.loc["Capital Community College Magnet Academy"]
    assert college["by"].to_dict() == {
        "proposal 2017-12": "2019-06",
        "approval 2018-01": "2020-06",
    }
    assert college.loc["approval 2018-01", "printed"] == "phase out"
    approved = actions.xs("approval 2018-01", level="version")
    assert sorted(approved.index) == [
        "Batchelder",
        "Capital Community College Magnet Academy",
        "Central Office 960 Main St",
        "Clark building",
        "Simpson-Waverly",
    ]
    assert pd.isna(approved.loc["Central Office 960 Main St", "by"])


@pytest.mark.parametrize(
    ("place", "year", "printed", "programs"),
    [
        # A college's page and a civic group's, which count programs in where they say so.
        ("Batchelder", "2016-17", 452, 1),
        ("Simpson-Waverly", "2016-17", 335, 2),
        ("Milner", "2016-17", 292, 0),
        ("Capital Community College Magnet", "2016-17", 57, 0),
        ("Renzulli", "2016-17", 131, 0),
        ("Simpson-Waverly", "2015-16", 293, 0),
        ("Martin Luther King", "2015-16", 356, 0),
    ],
)
def test_students_of_a_place_are_those_that_were_published(
    place: str, year: str, printed: int, programs: int
):
    known = load("plan_places").set_index("place").loc[place]
    table = load("school_enrollment")
    rows = table[table["school_year"] == year].set_index("school_code")
    inside = rows[rows["school"].str.endswith(f"- {known['listed_as']}")] if programs else rows[:0]
    assert len(inside) == programs
    assert rows.loc[known["school_code"], "students"] + inside["students"].sum() == printed
    told = load("published_facts")
    period = {"2016-17": "2016-17", "2015-16": "October 2015"}[year]
    of_place = told["subject"].str.startswith(place) & told["period"].eq(period)
    assert told.loc[of_place & told["topic"].eq("school_size"), "number"].tolist() == [printed]


def test_seats_by_zone_are_those_of_the_other_table():
    told = load("published_facts").query("topic == 'capacity'").set_index("subject")["number"]
    for row in load("zone_capacity").to_dict("records"):
        area = row["area"].replace("District", "District total")
        assert told[f"{area} enrollment"] == row["students"]
        assert told[f"{area} study capacity"] == row["seats"]
        assert told[f"{area} utilization"] == row["utilization_percent"]


def test_winter_rule_begins_below_the_standing_one():
    rules = load("bus_rules").set_index(["rule", "low_grade"])["miles"]
    assert rules["standing"].to_dict() == {"K": 0.5, "2": 1.0, "6": 1.5, "9": 2.0}
    assert rules["older"].to_dict() == {"K": 0.5, "6": 1.0, "9": 1.0}
    assert rules["winter 2020"].to_dict() == {"6": 1.0, "9": 1.5}


def test_facts_without_a_number():
    told = load("published_facts")
    assert len(told) == 159
    assert told["value"].isna().sum() == 1
    vote = told[told["subject"] == "board vote"].iloc[0]
    assert vote["value"] == "8-0"
    assert pd.isna(vote["number"])


CLASSES = "edition,grade,students,address,read\n" + "".join(
    f"union page,{grade},23,https://example.org/,true\n"
    for grade in ("PK", "K", *map(str, range(1, 13)))
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",12,23,", ",13,23,", "A grade is none"),
        (
            "page,12,23,https://example.org/,true\n",
            "page,11,23,https://example.org/,true\n",
            "twice",
        ),
        ("union page,12,23,https://example.org/,true\n", "", "A grade is missing"),
        (",12,23,", ",12,-23,", "A count is negative"),
        (
            ",12,23,https://example.org/,true",
            ",12,23,https://example.org/,yes",
            "A mark is neither",
        ),
    ],
)
def test_bad_class_sizes_are_refused(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(TableError, match=said):
        class_sizes.class_size_maxima(_file(tmp_path, CLASSES.replace(old, new)))


def test_class_sizes_of_the_two_editions():
    """The editions differ in prekindergarten (20 or 23) and grade 7 (27 or 28), nowhere else."""
    sizes = load("class_size_maxima").pivot(index="grade", columns="edition", values="students")
    differing = sizes[sizes["contract 2017-2019"] != sizes["union page"]]
    assert differing.loc["PK"].tolist() == [20, 23]
    assert differing.loc["7"].tolist() == [27, 28]
    assert len(differing) == 2
