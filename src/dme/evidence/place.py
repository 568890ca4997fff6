"""The district of a study in words, and how its intervals are resampled."""

from dataclasses import dataclass

import pandas as pd

from dme.measures.estimates.bootstrap import Resampling
from dme.study import Study


@dataclass(frozen=True)
class Place:
    """What every section says of the study's district.

    Attributes
    ----------
    own : str
        The district's name, without "School District".
    names : Series
        The same of every district of the tables, by its code.
    record : str
        Where the figures stand: EdSight, or another state's federal files.
    counted : str
        Which rows count as schools, in words.
    resampling : Resampling
        Level, resamples and seed of the study's intervals.
    """

    own: str
    names: pd.Series
    record: str
    counted: str
    resampling: Resampling


def place(study: Study, districts: pd.DataFrame) -> Place:
    """Return the study's district in words.

    Parameters
    ----------
    study : Study
        The parameters.
    districts : DataFrame
        The table ``districts``.
    """
    names = districts.set_index("district_code")["district"].str.removesuffix(" School District")
    return Place(
        own=names[study.district],
        names=names,
        record="EdSight" if study.tables == "data/tables" else "the federal files",
        counted=f"rows of the file with {study.smallest_school} or more students",
        resampling=Resampling(study.confidence, study.resamples, study.seed),
    )
