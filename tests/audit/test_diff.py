"""Two records held against each other, with cases worked out by hand."""

import json
import subprocess
import sys

import pytest

from dme import cli
from dme.audit import diff, diff_words, record, sides
from dme.audit.diff import agrees, compare
from dme.audit.diff_words import Names
from dme.audit.record import Choice, Figure, Page, Record, Recorded
from dme.errors import DmeError
from dme.findings.judging import Verdict

NAMES = Names("old", "new")


def found(value, low=None, high=None, **changes):
    told = {
        "title": "A title",
        "unit": "students",
        "claim": None,
        "verdict": None,
        "reason": "",
        "basis": "measured",
        "notebook": "operations",
        "cell": "a-cell",
        "statements": "0" * 64,
        "parameters": ("district",),
        "tables": ("schools",),
        "alternatives": (),
    }
    return Recorded(value=value, low=low, high=high, **(told | changes))


def made(findings, **changes):
    told = {
        "study": "mine",
        "python": "CPython 3.11.7",
        "packages": {"numpy": "2.0"},
        "parameters": {"study": "mine", "district": "0640011", "small_school": 350},
        "files": {"data/tables/schools.csv": "1", "data/tables/zones.csv": "2"},
        "modules": {"src/dme/measures/a.py": "3", "src/dme/text.py": "4"},
        "notebooks": {"operations": Page(modules=("src/dme/measures/a.py",), packages=("numpy",))},
    }
    return Record(findings=findings, **(told | changes))


BEFORE = made(
    {
        "far": found(10.0, 8.0, 12.0, title="Far", parameters=("small_school",)),
        "near": found(100.0, 90.0, 110.0, title="Near", parameters=("district", "small_school")),
        "bare": found(50.0, title="Bare", tables=("zones",)),
        "same": found(7.0, 6.0, 8.0),
        "judged": found(
            20.0, title="Judged", claim="O1", verdict=Verdict.CONSISTENT, reason="It lies near."
        ),
        "departing": found(
            3.0, title="Departing", claim="O2", verdict=Verdict.REPRODUCED, reason="It is."
        ),
        "choosing": found(5.0, title="Choosing", alternatives=(Choice("one", 1.0, None, None),)),
        "gone": found(1.0, title="Gone"),
        "lost": found(4.0, title="Lost"),
    }
)
AFTER = made(
    {
        # 3 of a half-width of 2; 5 of a half-width of 10; 25 of 50.
        "far": found(13.0, 11.0, 15.0, title="Far", parameters=("small_school",)),
        "near": found(95.0, 85.0, 105.0, title="Near", parameters=("district", "small_school")),
        "bare": found(75.0, title="Bare", tables=("zones",)),
        "same": found(7.0, 6.0, 8.0),
        "judged": found(
            20.0, title="Judged", claim="O1", verdict=Verdict.NOT_REPRODUCED, reason="It is far."
        ),
        "departing": found(3.0, title="Departing", claim="O2", reason="No verdict: it departs."),
        "choosing": found(5.0, title="Choosing", alternatives=(Choice("one", 2.0, None, None),)),
        "new": found(1.0, title="New"),
        "lost": found(None, title="Lost"),
    },
    parameters={"study": "other", "district": "0640011", "small_school": 400},
    files={"data/tables/schools.csv": "1", "data/tables/zones.csv": "changed"},
    modules={"src/dme/measures/a.py": "3", "src/dme/text.py": "changed"},
    packages={"numpy": "2.1"},
)


@pytest.fixture(scope="module")
def comparison():
    return compare(BEFORE, AFTER)


def test_figures_go_by_how_far_they_moved_against_their_interval(comparison):
    assert [each.id for each in comparison.moved] == ["far", "near", "bare"]
    far, near, bare = comparison.moved
    assert (far.margins, near.margins, bare.margins) == (1.5, 0.5, None)
    assert (far.share, near.share, bare.share) == (0.3, 0.05, 0.5)


def test_what_differs_is_told_apart(comparison):
    assert {each.id: each.what for each in comparison.differences} == {
        "far": ("value", "interval"),
        "near": ("value", "interval"),
        "bare": ("value",),
        "judged": ("verdict",),
        "departing": ("verdict",),
        "choosing": ("alternatives",),
        "lost": ("value",),
    }
    assert [each.id for each in comparison.flipped] == ["judged"]
    assert [[one.title for one, _ in side] for side in comparison.judged_once] == [
        ["Departing"],
        [],
    ]
    assert (comparison.gone, comparison.new, comparison.same) == (("gone",), ("new",), 1)
    assert not comparison.agree


def test_each_finding_is_explained_by_what_it_goes_through_and_nothing_else(comparison):
    by = {
        each.id: {(cause.kind, cause.name) for cause in each.causes}
        for each in comparison.differences
    }
    numpy = ("package", "numpy")
    assert by["far"] == {("parameter", "small_school"), numpy}
    assert by["bare"] == {("file", "data/tables/zones.csv"), numpy}
    assert by["judged"] == {numpy}
    assert {(cause.kind, cause.name) for cause in comparison.causes} == {
        ("parameter", "small_school"),
        ("file", "data/tables/zones.csv"),
        ("module", "src/dme/text.py"),
        numpy,
    }


def test_statements_modules_python_and_rules_explain_too():
    after = made(
        {"far": found(11.0, 8.0, 12.0, statements="1" * 64, verdict=Verdict.CONSISTENT)},
        modules={"src/dme/measures/a.py": "changed", "src/dme/text.py": "4"},
        files={"data/claims.yml": "b"},
        python="CPython 3.12.1",
    )
    before = made({"far": found(10.0, 8.0, 12.0)}, files={"data/claims.yml": "a"})
    (only,) = compare(before, after).differences
    assert [(cause.kind, cause.name) for cause in only.causes] == [
        ("statements", "operations"),
        ("file", "data/claims.yml"),
        ("module", "src/dme/measures/a.py"),
        ("python", "Python"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Figure(1e6), Figure(1e6 * (1 + 1e-9)), True),  # the tenth digit, rounded the other way
        (Figure(1e6), Figure(1e6 * (1 + 4e-9)), False),
        (Figure(24.0, 1e-4, 50.0), Figure(24.0, 1.0002e-4, 50.0), True),  # 2e-8 beside 50
        (Figure(24.0, 1e-4, 50.0), Figure(24.0, 1.01e-4, 50.0), False),
        (Figure(0.0), Figure(1e-12), True),
        (Figure(0.0), Figure(1e-6), False),
        (Figure(1.0, None, None), Figure(1.0, 0.5, 1.5), False),
        (Figure(None), Figure(None), True),
        (Figure(None), Figure(0.0), False),
    ],
)
def test_the_same_figure_is_so_within_the_tolerance(one, other, same):
    assert agrees(one, other) is same
    assert agrees(other, one) is same


SAID = """\
One verdict differs, one claim has a verdict in old alone, three figures moved and one finding is \
the same.
Of the parameters, small_school is 350 in old and 400 in new.

Claim O1, “Schools are 28 percent smaller on average than in urban peer districts of the state”: \
consistent in old, not reproduced in new.
  old: 20 students. It lies near.
  new: 20 students. It is far.

Claims with a verdict in old alone:
  Claim O2, “Schools with fewer than 350 students and utilization below 85 percent spend about 16 \
percent more per pupil than large schools with higher utilization”: reproduced, with 3 students in \
both.
  In new, no verdict: it departs.

Three figures moved from old to new, the farthest first. A margin is half the width of the \
interval in old; one figure lies outside that interval in new.
  1. Far: from 10 students (8 to 12) to 13 students (11 to 15), 1.5 margins. It reads small_school.
  2. Near: from 100 students (90 to 110) to 95 students (85 to 105), 0.5 margins. It reads \
small_school.
  3. Bare: from 50 students to 75 students, 50 percent.

In one finding other choices give other figures while the figure is the same: Choosing.

Measured in old alone: Lost.

Among the findings of old alone: Gone.

Among the findings of new alone: New.

Tables and other files that differ:
  the table zones

Modules that differ:
  src/dme/text.py

Packages that differ:
  numpy: 2.0 in old, 2.1 in new"""


def test_it_is_told_in_sentences(comparison):
    assert diff_words.told(comparison, NAMES) == SAID


def test_only_some_figures_are_told_one_by_one_unless_all_are_asked_for(comparison):
    short = diff_words.told(comparison, NAMES, most=1)
    assert "  1. Far" in short
    assert "Near" not in short
    assert "And 2 more; --all tells of them." in short


def test_two_of_the_same_say_so():
    told = diff_words.told(compare(BEFORE, BEFORE), NAMES)
    assert told.startswith(
        "old and new have the same findings: 9 with their verdicts, and 1 figure"
    )
    assert told.endswith("Nothing that is recorded of what they are made of differs.")


def test_figures_that_read_alike_are_told_with_more_digits():
    one, other = made({"a": found(24.123456)}), made({"a": found(24.123457)})
    told = diff_words.told(compare(one, other), NAMES)
    assert "from 24.123456 to 24.123457" in told


def test_lists_tell_what_one_has_and_codes_are_named():
    one = made({"a": found(1.0)}, parameters={"peers": ["0150011", "0340011"], "a": 1, "b": 1})
    other = made({"a": found(2.0)}, parameters={"peers": ["0340011"], "a": 2, "b": 2})
    told = diff_words.told(compare(one, other), NAMES)
    assert "three parameters differ; they are listed in the end" in told
    assert "peers: old alone has Bridgeport School District" in told


def test_a_study_of_which_no_claim_speaks_is_said_to_be_one():
    judged = found(1.0, claim="O1", verdict=Verdict.CONSISTENT, reason="Near.")
    told = diff_words.told(compare(made({"a": judged}), made({"a": found(2.0)})), NAMES)
    assert told.startswith("No published claim speaks of new, one figure moved and no finding is")


def test_a_comment_for_a_pull_request_is_short_at_first_and_stands_for_itself():
    mean = {"title": "<script>|`x` @you [a](b)", "claim": None}
    text = diff_words.markdown(
        compare(made({"a": found(1.0, **mean)}), made({"a": found(2.0, **mean)})), NAMES
    )
    first, *rest = text.split("\n\n")
    assert first == "**No verdict differs, one figure moved and no finding is the same.** old → new"
    assert "<script>" not in text
    row = next(line for line in text.splitlines() if "script" in line)
    assert "&lt;script&gt;\\|\\`x\\` @\u2060you \\[a\\](b)" in row
    assert row.replace(r"\|", "").count("|") == 6
    assert text.count("<details>") == text.count("</details>") == len(rest) - 4 + 1


def test_json_holds_all_of_it(comparison):
    told = json.loads(json.dumps(diff.as_json(comparison)))
    assert told["moved"] == ["far", "near", "bare"]
    assert told["flipped"] == ["judged"]
    far = next(each for each in told["differences"] if each["finding"] == "far")
    assert (far["before"]["value"], far["after"]["high"], far["margins"]) == (10, 15, 1.5)
    assert far["causes"][0] == {
        "kind": "parameter",
        "name": "small_school",
        "before": 350,
        "after": 400,
    }
    choosing = next(each for each in told["differences"] if each["finding"] == "choosing")
    assert choosing["alternatives"] == {"one": [[1, None, None], [2, None, None]]}
    assert (told["only_before"], told["only_after"], told["same"]) == (["gone"], ["new"], 1)


# --- the file


def test_a_record_reads_as_it_was_written():
    text = record.text(BEFORE)
    again = record.parsed(text.encode(), "x")
    assert again.model_copy(update={"made_by": ""}) == BEFORE
    assert record.text(again) == text
    assert max(map(len, text.splitlines())) < 120
    assert '\n  "far": {\n' in text


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"value": 10.0', '"value": "10"', "findings.far.value"),
        ('"value": 10.0', '"value": NaN', ""),
        ('"verdict": "reproduced"', '"verdict": "proven"', "findings.departing.verdict"),
        ('"study": "mine"', '"studies": "mine"', "study"),
        ('["one", 1.0, null, null]', '["one", 1.0]', "findings.choosing.alternatives.0.2"),
        ("{", "", ""),
    ],
)
def test_what_is_no_record_is_refused_with_file_and_key(old, new, key):
    text = record.text(BEFORE)
    assert old in text
    with pytest.raises(DmeError) as caught:
        record.parsed(text.replace(old, new, 1).encode(), "data/record/mine.json")
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"data/record/mine.json is no record of a study: {key}")


# --- by name


@pytest.fixture
def history(writing, monkeypatch):
    """Give a project with a history: at the first commit nothing was recorded."""
    (writing / "data").unlink()
    (writing / "data" / "record").mkdir(parents=True)
    (writing / "data" / "datapackage.json").write_text("{}")
    monkeypatch.chdir(writing)

    def commit(message):
        who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "add", "-A"], check=True)
        subprocess.run(["git", *who, "commit", "-q", "-m", message], check=True)

    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    commit("first")
    (writing / "data" / "record" / "mine.json").write_text(record.text(BEFORE))
    commit("recorded")
    (writing / "data" / "record" / "mine.json").write_text(record.text(AFTER))
    commit("recorded anew")
    return writing


def nothing(_):
    raise AssertionError


@pytest.mark.usefixtures("history")
def test_a_record_is_found_by_study_commit_and_path():
    assert sides.found("mine", nothing).findings == AFTER.findings
    assert sides.found("mine@HEAD~1", nothing).findings == BEFORE.findings
    assert sides.found("data/record/mine.json", nothing).findings == AFTER.findings


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("other", 'No study "other" has been run or recorded. There are: mine'),
        ("mine@nowhere", 'There is no commit "nowhere" here'),
        ("mine@--output=x", 'There is no commit "--output=x" here'),
        ("mine@HEAD~2", "neither data/record/mine.json nor params/mine.yml"),
        ("data/other.json", "data/other.json is not there"),
        ("data/record", "There are no results in data/record/"),
    ],
)
@pytest.mark.usefixtures("history")
def test_what_is_no_record_by_its_name_is_told(name, said):
    with pytest.raises(DmeError) as caught:
        sides.found(name, nothing)
    assert said in str(caught.value)


@pytest.mark.usefixtures("history")
def test_where_nothing_was_recorded_the_code_of_then_is_run_and_its_failure_told():
    ran = []
    with pytest.raises(DmeError) as caught:
        sides.found("hartford-2017@HEAD~2", ran.append)
    assert ran == ["hartford-2017 at HEAD~2"]
    assert "Nothing is recorded of hartford-2017 at HEAD~2" in str(caught.value)


@pytest.mark.usefixtures("history")
def test_the_command_ends_with_a_status_only_where_that_is_asked_for(monkeypatch, capsys):
    def status(*words):
        monkeypatch.setattr(sys, "argv", ["dme", "diff", *words])
        try:
            cli.main()
        except SystemExit as ended:
            return ended.code or 0
        return 0

    assert status("mine@HEAD~1", "mine") == 0
    assert "from 10 students (8 to 12) to 13 students" in capsys.readouterr().out
    assert status("mine@HEAD~1", "mine", "--exit-code", "--json") == 1
    assert json.loads(capsys.readouterr().out)["after"] == "mine"
    assert status("mine", "mine", "--exit-code", "--markdown") == 0
    assert capsys.readouterr().out.startswith("**No verdict and no figure differs.**")
