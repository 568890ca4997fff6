"""Chronic absenteeism: the district, its peers and the state over the years, and its schools."""

from collections.abc import Mapping

import pandas as pd

from dme.evidence.culture.rates import Rates, Source, Words, rates
from dme.evidence.place import Place
from dme.measures.climate import absence_and_suspension
from dme.study import Study

TABLES = (
    "district_chronic_absenteeism",
    "school_chronic_absenteeism",
    "school_enrollment",
    "school_enrollment_by_grade",
    "district_enrollment",
)

_WORDS = Words(
    slug="chronic-absenteeism",
    noun="Chronic absenteeism",
    did="were chronically absent",
    method="Students who missed at least a tenth of the days they were enrolled, kindergarten to "
    "grade 12.",
    district_table="district_chronic_absenteeism",
    school_table="school_chronic_absenteeism",
    bounded="A suppressed percentage may be anything from 0 to 100, as its rule is not printed.",
)


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Rates:
    """Return the district's chronic absenteeism; see `dme.evidence.culture.rates.rates`.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    """
    by_school, enrollment = tables["school_chronic_absenteeism"], tables["school_enrollment"]
    source = Source(
        absence_and_suspension.of_all(tables["district_chronic_absenteeism"]),
        lambda year: absence_and_suspension.absent_by_school(
            by_school, enrollment, study.district, year
        ),
        tuple(by_school["school_year"].unique()),
        tables["district_enrollment"],
        tables["school_enrollment_by_grade"],
    )
    return rates(_WORDS, source, study, place)
