"""Which of a district's schools are above the state's growth."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.access import student_growth
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.text import plural

TABLES = ("school_growth", "district_growth", "school_enrollment", "schools", "school_zones")
MEASURE = "target_achieved_percent"

_NAME, _TITLE = "growth-above-state", "Schools at or above the state's growth"
_UNIT = "schools"


@dataclass(frozen=True)
class Growth:
    """The schools with their growth, and what is told of them.

    Attributes
    ----------
    schools : DataFrame
        Indexed by ``school_code``, best first: ``school``, ``zone`` (missing outside Hartford),
        the columns of `dme.measures.access.student_growth.against_state`, ``above`` (the primary
        rule), ``both`` and ``either``, and ``number`` of those that are above in either subject.
    others : mapping of str to Series
        By the label of another rule, whether each school is above by it.
    result : Measured or Lacking
        The finding.
    picture : Picture
        The words of `dme.figures.growth_plane`.
    """

    schools: pd.DataFrame
    others: Mapping[str, pd.Series]
    result: Result
    picture: Picture

    @property
    def measured(self) -> bool:
        """Whether any school of the district has a growth."""
        return isinstance(self.result, Measured)

    @property
    def listed(self) -> pd.DataFrame:
        """The schools at or above the state in at least one subject, for a table."""
        rows = self.schools[self.schools["either"]]
        return pd.DataFrame(
            {
                "No.": rows["number"],
                "School": rows["school"],
                "Zone": rows["zone"].fillna("–"),
                "ELA": rows["ELA_gap"].map("{:+.1f}".format),
                "Math": rows["Math_gap"].map("{:+.1f}".format),
                "Mean": rows["gap"].map("{:+.1f}".format),
                "Margin": rows["margin"].map("±{:.1f}".format),
                "Pupils": rows["Math_students"].map("{:.0f}".format),
            }
        )


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Growth:
    """Return the district's schools against the state's growth.

    The primary rule takes the mean of both subjects: the claim speaks of growth and of no
    subject, each subject counts the same, and the rule lies between the strict one (both) and
    the lenient one (either), which stand beside it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    study : Study
        Its district and ``growth_year``.
    place : Place
        The district in words, and the level of the margins.
    """
    year, confidence = study.growth_year, place.resampling.confidence
    enrolled = tables["school_enrollment"]
    own = set(
        enrolled.loc[
            (enrolled["school_year"] == year) & (enrolled["district_code"] == study.district),
            "school_code",
        ]
    )
    schools, state = _compared(tables, own, year, confidence)
    if schools.empty:
        lacking = f"the tables hold no growth by school of {place.own} in {year}"
        nothing = Lacking(_NAME, _TITLE, lacking, _UNIT)
        return Growth(schools, {}, nothing, Picture("", "", ""))
    schools["above"] = student_growth.above(schools)
    schools["both"], schools["either"] = (
        student_growth.above(schools, r) for r in ("both", "either")
    )
    schools["school"] = tables["schools"].set_index("school_code")["school"].reindex(schools.index)
    zones = tables["school_zones"].set_index("school_code")["zone"]
    schools["zone"] = zones.reindex(schools.index)
    schools = schools.sort_values("gap", ascending=False)
    schools["number"] = schools["either"].cumsum()
    others = _others(tables, schools, year)
    result = _result(schools, state, year, confidence, others)
    return Growth(schools, others, result, _picture(schools, year, place.own))


def _compared(
    tables: Mapping[str, pd.DataFrame],
    own: set[str],
    year: str,
    confidence: float,
    measure: str = MEASURE,
    *,
    group: str = "all",
) -> tuple[pd.DataFrame, float]:
    """Return the given schools against the state, and the state's own growth."""
    schools = student_growth.by_subject(tables["school_growth"], year, measure, group)
    schools = schools[schools.index.isin(own)]
    states = student_growth.by_subject(tables["district_growth"], year, measure, group)
    if schools.empty or student_growth.STATE not in states.index:
        return schools.iloc[:0], float("nan")
    state = states.loc[student_growth.STATE]
    return student_growth.against_state(schools, state, measure, confidence), float(state["mean"])


def _others(
    tables: Mapping[str, pd.DataFrame], schools: pd.DataFrame, year: str
) -> dict[str, pd.Series]:
    codes = set(schools.index)
    level = 95.0  # of margins that are not used here
    rate, _ = _compared(tables, codes, year, level, "growth_rate_percent")
    needy, _ = _compared(tables, codes, year, level, group="high_needs")
    graded = student_growth.same_grades(tables["school_growth"], tables["district_growth"], year)
    return {
        "above in both subjects": schools["both"],
        "above in at least one subject": schools["either"],
        "above by the share of pupils who reached their target": rate["gap"] >= 0,
        "above the state in the same grades": graded[graded.index.isin(codes)] >= 0,
        "pupils with high needs above the state's": needy["gap"] >= 0,
    }


def _result(
    schools: pd.DataFrame,
    state: float,
    year: str,
    confidence: float,
    others: Mapping[str, pd.Series],
) -> Measured:
    held = schools["standing"].value_counts()
    clearly, perhaps = held.get("clearly above", 0), len(schools) - held.get("clearly below", 0)
    count = int(schools["above"].sum())
    words = (
        f"from the schools that lie above by more than their {confidence:g}% margin to those that "
        "do not lie below by more"
    )
    lead = schools.iloc[0]
    sentence = (
        f"{count} of {plural(len(schools), 'school')} with a printed growth are at or above the "
        f"state's, {clearly} of them by more than the margin. The state's pupils achieved "
        f"{state:.1f}% of their targets on average; the best school here, {lead['school']}, "
        f"{lead['mean']:.1f}%."
    )
    return Measured(
        name=_NAME,
        title=_TITLE,
        sentence=sentence,
        estimate=Estimate(float(count), float(clearly), float(perhaps), words),
        unit=_UNIT,
        population=f"{plural(len(schools), 'school')} with 20 or more pupils of grades 4 to 8 "
        "tested in both springs, in both subjects",
        year=year,
        method="Average share of their growth target that pupils achieved, mean of English and "
        "mathematics, against the state's. The margin rests on the largest variance that pupils' "
        "figures can have, so it is on the safe side.",
        caveat="One year of growth. Growth is measured in grades 4 to 8 only, so nothing is said "
        "of high schools or of the early grades.",
        alternatives=tuple(Alternative(label, float(held.sum())) for label, held in others.items()),
        tables=("school_growth", "district_growth"),
    )


def _picture(schools: pd.DataFrame, year: str, own: str) -> Picture:
    count = int(schools["above"].sum())
    names = ", ".join(schools.loc[schools["either"], "school"]) or "none"
    return Picture(
        title=f"{own}: {count} of {len(schools)} schools grew at least as fast as the state",
        note=f"Dot: a school with 20 or more pupils of grades 4 to 8 tested in both springs, "
        f"{year}. Lines: the state. Right of the upright line a school grew faster in mathematics, "
        "above the level one in English; the mean of both is above the state's beyond the dashed "
        "line. Numbers: the table below. Source: EdSight.",
        alt=f"Scatter plot of {len(schools)} schools' growth less the state's in mathematics and "
        f"English. At or above the state in at least one subject: {names}.",
    )
