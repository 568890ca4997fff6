"""Whether what the plan names was done (claim W1), and what no table tells (W3, W4)."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dme.evidence.outcomes.schools import FULL_COUNT, Since
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import outcomes
from dme.study import Study
from dme.text import plural

PROPOSAL = "proposal 2017-12"
_COPIES = {"2020-02": "about 2018", "2022": "2021-22"}
"""Copies of the directory, and the years whose addresses they hold."""
_LISTED = ("2014-15", *_COPIES.values())
"""The years of the lists of places: that of the zones' schools, then the directory's."""
MADE = (
    "plan-carried-out",
    "Closures, changes of grades and moves that were made",
    "percent of actions",
)


@dataclass(frozen=True)
class Record:
    """What tells of grades and places: three tables.

    Attributes
    ----------
    spending : DataFrame
        ``spending_schools``: grade spans by year.
    zones, directory : DataFrame
        ``school_zones`` and ``school_directory``: places of 2014-15, of about 2018 and of
        2021-22.
    """

    spending: pd.DataFrame
    zones: pd.DataFrame
    directory: pd.DataFrame

    @property
    def places(self) -> list[pd.DataFrame]:
        """The three lists of places, in order of time."""
        copies = (self.directory[self.directory["edition"] == copy] for copy in _COPIES)
        return [self.zones, *copies]


@dataclass(frozen=True)
class Made:
    """What became of each school that the plan names.

    Attributes
    ----------
    finding : Measured or Lacking
        The share of the named closures, changes of grades and moves that the record shows.
    table : DataFrame
        A row for each named school, in words.
    picture : Picture
        Words of the table.
    done, named : int
        The actions made, and all of them.
    """

    finding: Result
    table: pd.DataFrame
    picture: Picture
    done: int
    named: int


def made(
    study: Study,
    place: Place,
    actions: pd.DataFrame,
    record: Record,
    schools: Since,
) -> Made:
    """Return which of the schools that the plan names closed, changed their grades, and moved.

    Parameters
    ----------
    actions : DataFrame
        ``plan_actions``.
    record : Record
        Where grades and places are read.
    schools : Since
        The district's schools year by year.
    """
    picture = Picture("", "", "Each school that the plan names, and what the record shows of it.")
    ours = actions[actions["school_code"].isin(schools.everything["school_code"])]
    if ours.empty or not schools.measurable:
        lacking = f"no plan of {place.own} with dated actions on its schools is in the tables"
        return Made(Lacking(*_named(lacking)), pd.DataFrame(), picture, 0, 0)
    closed = outcomes.closings(outcomes.named(ours, "close", PROPOSAL), schools.everything)
    spans = outcomes.grade_spans(record.spending, study.district)
    regraded = outcomes.regradings(
        outcomes.named(ours, "reconfigure", PROPOSAL), spans, study.before_plan
    )
    moved = outcomes.relocations(outcomes.named(ours, "relocate", PROPOSAL), record.places)
    done = int(closed["gone"].sum() + regraded["changed"].sum() + moved["moved"].sum())
    return Made(
        _finding(place, closed, regraded, moved),
        _table(closed, regraded, moved, schools.everything),
        picture,
        done,
        len(closed) + len(regraded) + len(moved),
    )


def _named(lacking: str) -> tuple[str, str, str, str, str]:
    name, title, unit = MADE
    return name, title, lacking, unit, "W1"


def _finding(
    place: Place, closed: pd.DataFrame, regraded: pd.DataFrame, moved: pd.DataFrame
) -> Measured:
    gone, changed, away = (
        int(done.sum()) for done in (closed["gone"], regraded["changed"], moved["moved"])
    )
    same = regraded.loc[~regraded["changed"], "place"]
    kept = f" Still with its former grades: {', '.join(same)}." if len(same) else ""
    name, title, unit = MADE
    parts = (closed, regraded, moved)
    everything = sum(map(len, parts))
    return Measured(
        name,
        title,
        f"{gone} of {plural(len(closed), 'school')} named to close are no longer counted; "
        f"{changed} of {len(regraded)} named to change their grades had others by the year in "
        f"which it was due; {away} of {len(moved)} named to move were listed at another place."
        f"{kept}",
        Estimate(100 * (gone + changed + away) / everything, None, None, FULL_COUNT),
        unit,
        claim="W1",
        holds=tuple(
            bool(done.all()) for done in (closed["gone"], regraded["changed"], moved["moved"])
        ),
        caveat="What a school's code can show. A code may end because a school was joined to "
        "another, as two that were to move to Weaver's campus; a part of a school that moves "
        "leaves no trace; a move before the plan, after "
        f"{_LISTED[0]}, would be taken for the plan's.",
        population=f"schools of {place.own} that the proposal of December 2017 names to close, to "
        "change grades or to move, each once for each",
        year=f"{min(part['due'].min() for part in parts if len(part))} to {_LISTED[-1]}",
        method="A closure is made where the school's code has no count in the school year in "
        "which it was due to be gone, or later; a change of grades where the printed grade span "
        "in the year in which it was due differs from that before the plan; a move where the last "
        f"of the lists of places ({', '.join(_LISTED)}) has the school, and two of them put it "
        f"more than {outcomes.GROUNDS:.0f} meters apart.",
        alternatives=_other_counts(gone, changed, away, parts),
        tables=(
            "plan_actions",
            "spending_schools",
            "school_enrollment",
            "school_zones",
            "school_directory",
        ),
    )


def _other_counts(
    gone: int, changed: int, away: int, parts: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
) -> tuple[Alternative, ...]:
    closed, regraded, moved = parts
    everything = len(closed) + len(regraded) + len(moved)
    earlier = int(moved["moved_before"].sum())
    since = int(regraded["changed_since"].sum())
    return (
        Alternative(
            "a school that moved and is no longer listed has moved",
            100 * (gone + changed + away + earlier) / everything,
        ),
        Alternative(
            "grades changed by the last year on record, not by the year due",
            100 * (gone + since + away) / everything,
        ),
    )


def _table(
    closed: pd.DataFrame, regraded: pd.DataFrame, moved: pd.DataFrame, rows: pd.DataFrame
) -> pd.DataFrame:
    names = rows.groupby("school_code")["school"].last()
    parts = [
        closed.assign(
            action="close",
            seen=[f"last counted {year}" for year in closed["last_year"]],
            made=closed["gone"],
        ),
        regraded.assign(
            action="change grades",
            seen=[_regraded(row) for row in regraded.itertuples()],
            made=regraded["changed"],
        ),
        moved.assign(
            action="move",
            seen=[_moved(row) for row in moved.itertuples()],
            made=moved["moved"],
        ),
    ]
    table = pd.concat(parts).assign(
        school=lambda d: d["school_code"].map(names),
        made=lambda d: d["made"].map({True: "yes", False: "no"}),
    )
    heads = {
        "place": "Named in the plan",
        "school": "Latest name",
        "action": "To",
        "due": "Due",
        "seen": "What the record shows",
        "made": "Made",
    }
    return table.rename(columns=heads)[list(heads.values())]


def _regraded(row: Any) -> str:
    last = "" if row.after == row.latest else f"; {row.latest} at last"
    return f"{row.before} before, {row.after} when due{last}"


def _moved(row: Any) -> str:
    if row.moved_before:
        return "listed at another place, then no longer listed"
    if pd.isna(row.meters):
        return "no longer listed"
    return f"two places {row.meters / 1000:.1f} km apart" if row.moved else "at the same place"


def untold(study: Study, place: Place) -> tuple[Lacking, Lacking]:
    """Return the two statements on the years since that no table can settle (W3, W4)."""
    years = f"before and after {study.before_plan}"
    return (
        Lacking(
            "planning-and-budgeting",
            "Planning and budgeting redesigned",
            f"the budget procedures of {place.own} {years} are not in the tables",
            "percent",
            "W3",
        ),
        Lacking(
            "superintendent",
            "The superintendent's contract",
            f"no dated record of a vote of the board of {place.own} on it is in the tables; the "
            "study's own page is the only source that was read",
            "percent",
            "W4",
        ),
    )
