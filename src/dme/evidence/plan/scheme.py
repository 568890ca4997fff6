"""The plan as the model reads it: what closes, what each school then teaches, who goes where."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.measures.plan import actions as acts
from dme.measures.plan import displacement, outcomes
from dme.measures.plan.displacement import grades_of
from dme.measures.size import school_sizes
from dme.study import Study

PROPOSAL, APPROVAL = "proposal 2017-12", "approval 2018-01"
OWN_PLAN = "own"
UNDER_THE_RULE = "PK-5"
"""What a PK-8 school becomes that the plan's list reconfigures and the record shows unchanged."""
BEFORE = "2020-02"
"""The copy of the directory that lists the schools of 2017-18, before the plan."""


@dataclass(frozen=True)
class Tables:
    """The tables behind the plan.

    Attributes
    ----------
    actions, places : DataFrame
        ``plan_actions`` and ``plan_places``.
    enrollment, by_grade : DataFrame
        ``school_enrollment`` and ``school_enrollment_by_grade``.
    spending, directory : DataFrame
        ``spending_schools`` and ``school_directory``: grade spans; places and magnets.
    zones : DataFrame
        ``school_zones``: places of 2014-15.
    own : DataFrame or None
        The district's own list of actions, which then takes the place of the tables'.
    """

    actions: pd.DataFrame
    places: pd.DataFrame
    enrollment: pd.DataFrame
    by_grade: pd.DataFrame
    spending: pd.DataFrame
    directory: pd.DataFrame
    zones: pd.DataFrame
    own: pd.DataFrame | None = None


@dataclass(frozen=True)
class Scheme:
    """A plan on the enrollment of one year.

    Attributes
    ----------
    listed : DataFrame
        The plan's actions, of its one version.
    places : DataFrame
        What kind of place each is.
    closing : tuple of str
        Codes of the schools that close.
    spans : dict of str to str
        Grade span after the plan of each school that changes its grades.
    assumed : tuple of str
        Codes of those whose span is assumed, since neither list nor record tells it.
    students : DataFrame
        ``school_code``, ``grade``, ``students``, ``stays``, ``why``.
    moved : DataFrame
        See `dme.measures.plan.displacement.destinations`.
    after : DataFrame
        ``school_code``, ``grade``, ``students`` once all have gone where the model sends them.
    serving : DataFrame
        ``school_code``, ``grade`` after the plan, of neighborhood schools.
    names : Series
        Names by school code.
    told : bool
        Whether the tables' plan, and the facts published about it, are of this district.
    """

    listed: pd.DataFrame
    places: pd.DataFrame
    closing: tuple[str, ...]
    spans: dict[str, str]
    assumed: tuple[str, ...]
    students: pd.DataFrame
    moved: pd.DataFrame
    after: pd.DataFrame
    serving: pd.DataFrame
    names: pd.Series
    told: bool

    @property
    def own(self) -> bool:
        """Whether it is the district's own list, not that of the tables."""
        return bool((self.listed["version"] == OWN_PLAN).all())

    @property
    def unplaced(self) -> pd.DataFrame:
        """The displaced whom no school takes in the model: ``school_code``, ``grade``, students."""
        keys = ["school_code", "grade"]
        leaving = self.students[~self.students["stays"] & (self.students["students"] > 0)]
        taken = pd.MultiIndex.from_frame(self.moved[keys])
        return leaving[~pd.MultiIndex.from_frame(leaving[keys]).isin(taken)][[*keys, "students"]]


def scheme(study: Study, place: Place, tables: Tables) -> Scheme | str:
    """Return the plan of the study's district; or, in words, what there is none of.

    Parameters
    ----------
    tables : Tables
        The tables behind it.
    """
    rows = school_sizes.of_districts(
        school_sizes.schools(tables.enrollment, study.enrollment_year), study.district
    )
    listed, places = _listed(tables, set(rows["school_code"]))
    if listed.empty:
        return (
            f"no plan of {place.own} with dated actions on its schools is in the tables, and the "
            "study names no file of its own (dme template plan_actions)"
        )
    year = tables.by_grade["school_year"] == study.enrollment_year
    grades = tables.by_grade[year & tables.by_grade["school_code"].isin(rows["school_code"])]
    students = displacement.filled(grades, rows.set_index("school_code")["students"])
    closing = tuple(acts.schools(listed, acts.CLOSE))
    spans, assumed = _spans(study, tables, listed)
    planned = displacement.under_plan(students, closing, spans)
    serving = _serving(study, tables.directory, rows, planned, spans)
    moved = displacement.destinations(planned, _located(tables.zones, tables.directory), serving)
    return Scheme(
        listed,
        places,
        closing,
        spans,
        assumed,
        planned,
        moved,
        displacement.enrolled_after(planned, moved),
        serving,
        rows.set_index("school_code")["school"],
        _is_told(tables, set(rows["school_code"])),
    )


def _is_told(tables: Tables, ours: set[str]) -> bool:
    return bool(tables.actions["school_code"].isin(ours).any())


def _listed(tables: Tables, ours: set[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the actions of the plan with its places: the district's own, or the tables'."""
    if tables.own is not None:
        kinds = tables.own["school_code"].notna().map({True: acts.SCHOOL, False: "building"})
        places = tables.own.assign(kind=kinds)[["place", "kind"]].drop_duplicates("place")
        return tables.own.assign(version=OWN_PLAN), places
    if not _is_told(tables, ours):
        return tables.actions.iloc[:0], tables.places.iloc[:0]
    return acts.of_version(tables.actions, PROPOSAL), tables.places


def _spans(
    study: Study, tables: Tables, listed: pd.DataFrame
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the spans after the plan, and the codes of those that are assumed.

    The proposal does not print them: they are read off what came of it. A school that the record
    shows unchanged is taken to have been meant for the plan's own rule.
    """
    if tables.own is not None:
        told = listed[listed["action"] == acts.RECONFIGURE].dropna(subset=["school_code", "grades"])
        return dict(zip(told["school_code"], told["grades"], strict=True)), ()
    shown = outcomes.regradings(
        outcomes.named(listed, acts.RECONFIGURE, PROPOSAL),
        outcomes.grade_spans(tables.spending, study.district),
        study.before_plan,
    ).set_index("school_code")
    spans = dict(shown.loc[shown["changed_since"], "latest"])
    assumed = tuple(code for code in acts.schools(listed, acts.RECONFIGURE) if code not in spans)
    return spans | dict.fromkeys(assumed, UNDER_THE_RULE), assumed


def _serving(
    study: Study,
    directory: pd.DataFrame,
    rows: pd.DataFrame,
    planned: pd.DataFrame,
    spans: dict[str, str],
) -> pd.DataFrame:
    """Return which neighborhood school takes which grade after the plan.

    Magnets take by lottery and programs are inside other schools: neither takes the displaced.
    """
    copy = directory[directory["edition"] == BEFORE]
    magnets = set(copy.loc[copy["interdistrict_magnet"] == "yes", "school_code"])
    large = set(
        school_sizes.schools(rows, study.enrollment_year, study.smallest_school)["school_code"]
    )
    taught = planned[planned["stays"] & planned["school_code"].isin(large - magnets - set(spans))]
    changed = [
        (code, grade)
        for code in sorted((large - magnets) & set(spans))
        for grade in grades_of(spans[code])
    ]
    parts = [
        taught[["school_code", "grade"]],
        pd.DataFrame(changed, columns=["school_code", "grade"]),
    ]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _located(zones: pd.DataFrame, directory: pd.DataFrame) -> pd.DataFrame:
    """Return the places of schools before the plan.

    Those of 2014-15 where they are known: some addresses in the later copy are already new.
    """
    copy = directory[directory["edition"] == BEFORE]
    columns = ["longitude", "latitude"]
    rows = [part[["school_code", *columns]].dropna() for part in (zones, copy)]
    known = pd.concat([part for part in rows if len(part)] or rows[:1])
    return known.drop_duplicates("school_code").astype(dict.fromkeys(columns, float))
