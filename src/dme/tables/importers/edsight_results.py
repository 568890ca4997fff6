"""EdSight's reports on results: Smarter Balanced, and growth from one year's test to the next's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import RACES, STATE, STATE_NAME, SUPPRESSED, export
from dme.tables.importers.sheet import Sheet, across, below
from dme.text import school_year

ALL = "all"
COUNTS = (
    "students",
    "tested",
    "scored",
    "level_1",
    "level_2",
    "level_3",
    "level_4",
    "level_3_4",
)


@dataclass(frozen=True)
class Part:
    """Which of the files of one report and year it is.

    Attributes
    ----------
    area : {"school", "district", "state"}
        What has a row.
    group_kind : {"all", "high_needs", "race"}
        Which groups of students have rows of their own.
    by_grade : bool
        Whether each grade has rows of its own, with average scores.
    """

    area: str
    group_kind: str = ALL
    by_grade: bool = False

    @property
    def place(self) -> str:
        """How the second line of the file begins."""
        return STATE_NAME if self.area == "state" else "All Districts"


@dataclass(frozen=True)
class Groups:
    """The groups that have rows of their own: the scope that names them, their column, its words.

    All students together have no column.
    """

    scope: str
    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


_STUDENTS, _TESTED = "Total Numberof Students", "Total NumberTested"
_PARTICIPATION = "Smarter BalancedParticipationRate"
_SCORED, _AVERAGE = "Total Number with Scored Tests", "AverageVSS"
# The heading of each level's count, and of its percentage.
_LEVELS = {
    "level_1": ("Level 1 Not Met  Count", "Level 1Not Met: %"),
    "level_2": ("Level 2 Approaching  Count", "Level 2Approaching: %"),
    "level_3": ("Level 3 Met  Count", "Level 3Met: %"),
    "level_4": ("Level 4 Exceeded  Count", "Level 4Exceeded: %"),
    "level_3_4": ("Level 3&4 Met or Exceeded Count", "Level 3&4Met or Exceeded: %"),
}
_TEST_GRADES = {f"{grade:02d}": str(grade) for grade in (*range(3, 9), 11)}

_GROWTH_GRADES = {str(grade): str(grade) for grade in range(4, 9)}
_GROWTH_GROUPS = {
    ALL: Groups("All Students"),
    "high_needs": Groups(
        "High Needs (F, R, ELL or SWD)",
        "High Needs (F/R, EL or SWD)",
        {"High Needs": "high_needs", "Non-High Needs": "not_high_needs"},
    ),
    "race": Groups("Race", "Race/Ethnicity", RACES),
}
_MATCHED = "Number ofMatched Students"
_RATE, _TARGET = "Growth Rate", "Average Percentageof Target Achieved"

# Half of the last digit printed, and a little for the binary fraction.
_ROUNDING = 0.0501


def smarter_balanced(path: Path, year: str, part: Part) -> pd.DataFrame:
    """Read one file of Smarter Balanced results, of districts or of the state.

    Returns
    -------
    DataFrame
        ``line``, ``school_year``, ``district_code`` (the state's is 0000000), ``grade``,
        ``subject``, ``group_kind``, ``group``, the `COUNTS`, ``average_score``. What is withheld
        is missing. The percentages are checked against their counts and left out.
    """
    grades = "All Grades" if part.by_grade else "All Grades Combined"
    columns = (
        *(("District", "District Code") if part.area == "district" else ("District",)),
        *(("Grade",) if part.by_grade else ()),
        *("Subject", _STUDENTS, _TESTED, _PARTICIPATION, _SCORED),
        *(label for pair in _LEVELS.values() for label in pair),
        *((_AVERAGE,) if part.by_grade else ()),
    )
    read = export(
        path,
        columns,
        title="Smarter Balanced Assessments",
        year=year,
        scope=f"{part.place}, ELA and Math, {grades}, All Students",
    )
    counts = {_STUDENTS: "students", _TESTED: "tested", _SCORED: "scored"}
    counts |= {count: level for level, (count, _) in _LEVELS.items()}
    found = read.counts(counts, SUPPRESSED)
    _no_more(read, _TESTED, found["tested"], found["students"])
    _no_more(read, _SCORED, found["scored"], found["tested"])
    _is_share(read, _PARTICIPATION, found["tested"], found["students"])
    levels = found[[f"level_{level}" for level in range(1, 5)]]
    read.add_up(_SCORED, found["scored"], across(levels))
    passing = across(found[["level_3", "level_4"]])
    read.add_up(_LEVELS["level_3_4"][0], found["level_3_4"], passing)
    for level, (_, share) in _LEVELS.items():
        _is_share(read, share, found[level], found["scored"])
    found["average_score"] = _maybe(read, _AVERAGE, part)
    about = _about(read, part, _TEST_GRADES, Groups("All Students"))
    return _framed(about.join(found), year)


def growth(path: Path, year: str, part: Part) -> pd.DataFrame:
    """Read one file of the growth report.

    Returns
    -------
    DataFrame
        ``line``, ``school_year``, ``district_code`` (the state's is 0000000), for schools also
        ``school_code`` and ``school``; ``grade``, ``subject``, ``group_kind``, ``group``,
        ``students``, ``growth_rate_percent``, ``target_achieved_percent``,
        ``average_score_before``, ``average_score``, ``average_gain``. What is withheld is
        missing, and so are the scores of all grades together, which have none.
    """
    groups = _GROWTH_GROUPS[part.group_kind]
    before = school_year(int(year[:4]) - 1)
    columns = (
        *("District Code", "District"),
        *(("School Code", "School") if part.area == "school" else ()),
        *(("Grade",) if part.by_grade else ()),
        *(("Subject", groups.column) if groups.column else ("Subject",)),
        _MATCHED,
        *((before, year, "Gain") if part.by_grade else ()),
        *(_RATE, _TARGET),
    )
    read = export(
        path,
        columns,
        title="Smarter Balanced Growth Report",
        year=year,
        scope=f"{part.place}, {groups.scope}",
    )
    about = _about(read, part, _GROWTH_GRADES, groups)
    scores = {name: _maybe(read, column, part) for name, column in (("b", before), ("a", year))}
    gain = _maybe(read, "Gain", part, signed=True)
    made = scores["a"] - scores["b"]
    # Two averages and their difference are each rounded to a point.
    problem = "A gain is not the difference of its two averages."
    expected = made.astype("str") + ", give or take 1"
    read.refuse((gain - made).abs() > 1, problem, "Gain", expected)
    found = about.assign(
        students=read.count(_MATCHED, SUPPRESSED),
        growth_rate_percent=read.percent(_RATE, SUPPRESSED, "%"),
        target_achieved_percent=read.percent(_TARGET, SUPPRESSED, "%"),
        average_score_before=scores["b"],
        average_score=scores["a"],
        average_gain=gain,
    )
    return _framed(found, year)


def check_parts(
    whole: tuple[Path, pd.DataFrame],
    parts: tuple[Path, pd.DataFrame],
    keys: Sequence[str],
    columns: Sequence[str],
    *,
    complete: bool = True,
) -> None:
    """Refuse totals that their parts, printed in another file, contradict.

    A withheld part leaves room above the sum of the others; a withheld total is not checked.

    Parameters
    ----------
    whole, parts : tuple of Path and DataFrame
        A file and its rows, with the columns ``line``, `keys` and `columns`.
    keys : sequence of str
        What tells one total from another.
    columns : sequence of str
        The counts to compare.
    complete : bool, optional
        Whether the parts are all of the whole; otherwise they may fall short of it.
    """
    advice = "Fetch it and {} anew from their publisher; one of them is not what was printed."
    total, part = (
        Sheet(file, frame.set_index("line"), advice.format(other.name))
        for (file, frame), (other, _) in ((whole, parts), (parts, whole))
    )
    _known(part, total, keys)
    if complete:
        _known(total, part, keys)
    for column in columns:
        added = below(part.cells, column, [*keys], total.cells)
        if not complete:
            added["hidden"] += 1
        total.add_up(column, total[column], added)


def _about(read: Sheet, part: Part, grades: Mapping[str, str], groups: Groups) -> pd.DataFrame:
    """Return what each row is about; refuse a result that stands twice."""
    about: dict[str, object] = {"district_code": STATE}
    if "District Code" in read.cells:
        about["district_code"] = codes = read.code("District Code")
        if part.area == "state":
            read.refuse(codes != STATE, "A row is not the state's.", "District Code", STATE)
    if part.area == "school":
        about |= {"school_code": read.code("School Code"), "school": read.text("School")}
    unknown = "A category is unknown."
    about |= {
        "grade": read.word("Grade", grades, unknown) if part.by_grade else ALL,
        "subject": read.word("Subject", ("ELA", "Math"), unknown),
        "group_kind": part.group_kind,
        "group": read.word(groups.column, groups.words, unknown) if groups.column else ALL,
    }
    found = pd.DataFrame(about, index=read.cells.index)
    read.once(found.drop(columns="school", errors="ignore"), "Subject", "result")
    return found


def _framed(found: pd.DataFrame, year: str) -> pd.DataFrame:
    return found.assign(line=found.index, school_year=year).reset_index(drop=True)


def _maybe(read: Sheet, column: str, part: Part, *, signed: bool = False) -> pd.Series:
    """Return whole numbers of a file by grade; other files have no such column."""
    if not part.by_grade:
        return pd.Series(pd.NA, read.cells.index, dtype="Int64")
    if not signed:
        return read.count(column, SUPPRESSED)
    found = read.number(column, SUPPRESSED)
    read.refuse(found.abs() % 1 > 0, "A cell is no whole number.", column, "such as 73 or -73")
    return found.astype("Int64")


def _no_more(read: Sheet, column: str, part: pd.Series, total: pd.Series) -> None:
    problem = "A count is larger than what it is counted from."
    read.refuse(part > total, problem, column, total.map("{} or fewer".format))


def _is_share(read: Sheet, column: str, part: pd.Series, total: pd.Series) -> None:
    """Refuse a printed percentage that the counts printed beside it contradict."""
    share = (100 * part / total.mask(total == 0)).astype("float64")
    expected = share.map("{:.1f}, ".format) + part.astype("str") + " of " + total.astype("str")
    wrong = (read.percent(column, SUPPRESSED) - share).abs() > _ROUNDING
    read.refuse(wrong, "A printed percentage differs from its counts.", column, expected)


def _known(read: Sheet, other: Sheet, keys: Sequence[str]) -> None:
    """Refuse rows whose keys no row of the other file has."""
    here, there = (pd.MultiIndex.from_frame(sheet.cells[[*keys]]) for sheet in (read, other))
    told = pd.Series([" / ".join(key) for key in here], read.cells.index)
    problem = "A row has no counterpart in another file of the report."
    lost = pd.Series(~here.isin(there), read.cells.index)
    read.refuse(lost, problem, " + ".join(keys), f"rows of it in {other.file.name}", told)
