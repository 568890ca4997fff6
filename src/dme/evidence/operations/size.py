"""Whether schools are smaller than in peer districts (claim O1)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural

SIZE = ("school-size", "Mean school size against peer districts")
SMALLER = "percent smaller"
_OTHER_LINES = (0, 60, 150)
"""Fewest students that make a school, in the alternatives."""


@dataclass(frozen=True)
class Size:
    """The gap in mean school size, and the schools to draw.

    Attributes
    ----------
    finding : Measured or Lacking
        The gap, with its alternatives.
    choices : tuple of Alternative
        The gap under every specification, the primary one first; empty where there is none.
    schools : DataFrame
        Schools of the district and its peers: ``district`` (name), ``students``.
    means : DataFrame
        ``district``, ``mean``, ``schools``, by mean.
    dots, forest : Picture
        The words of the two figures.
    """

    finding: Result
    choices: tuple[Alternative, ...]
    schools: pd.DataFrame
    means: pd.DataFrame
    dots: Picture
    forest: Picture


def school_size(
    study: Study, place: Place, enrollment: pd.DataFrame, spending: pd.DataFrame
) -> Size:
    """Return by how many percent the district's mean school is smaller than its peers'.

    Parameters
    ----------
    enrollment, spending : DataFrame
        ``school_enrollment``, ``spending_schools`` (an alternative counts its schools).
    """
    schools = school_sizes.schools(enrollment, study.enrollment_year, study.smallest_school)
    urban = school_sizes.of_districts(schools, [study.district, *study.peers])
    own = urban["district_code"] == study.district
    if own.all() or not own.any():
        who = place.own if not own.any() else "its peers"
        lacking = f"no school of {who} has {study.smallest_school} students or more"
        nothing = Picture("", "", "")
        return Size(Lacking(*SIZE, lacking, SMALLER), (), urban, urban, nothing, nothing)
    gap = school_sizes.size_gap(schools, study.district, study.peers, place.resampling)
    ours = school_sizes.of_districts(schools, study.district)
    theirs = school_sizes.of_districts(schools, study.peers)
    mean, others = ours["students"].mean(), theirs["students"].mean()
    found = Measured(
        *SIZE,
        f"A school has {mean:,.0f} students on average in {place.own} and "
        f"{others:,.0f} in its {plural(len(study.peers), 'peer district')}.",
        gap,
        SMALLER,
        claim="O1",
        population=f"{plural(len(ours), 'school')} of {place.own} against {len(theirs)} of the "
        f"peers; {place.counted}",
        year=study.enrollment_year,
        method="One minus the ratio of the two mean enrollments, each school counted once.",
        alternatives=alternatives(
            _row_choices(study, place, enrollment, spending) | _peer_choices(study, place, schools)
        ),
        tables=("school_enrollment",),
    )
    return Size(
        found,
        found.choices,
        urban.assign(district=urban["district_code"].map(place.names)),
        school_sizes.sizes_by_district(urban).assign(
            district=lambda rows: rows["district_code"].map(place.names)
        ),
        _dots(study, place, mean, others),
        _forest(study, place, found),
    )


def _row_choices(
    study: Study, place: Place, enrollment: pd.DataFrame, spending: pd.DataFrame
) -> dict[str, Estimate]:
    """Return the gap where other rows count as schools."""
    year, own, peers = study.enrollment_year, study.district, study.peers
    schools = school_sizes.schools(enrollment, year, study.smallest_school)
    rows_from = {
        f"rows of {line} or more" if line else "every row of the file": school_sizes.schools(
            enrollment, year, line
        )
        for line in _OTHER_LINES
        if line != study.smallest_school
    }
    label = f"the spending report's schools of {study.spending_year}"
    rows_from[label] = school_sizes.schools(spending, study.spending_year, study.smallest_school)
    pooled = "each peer district counts once"
    return {pooled: school_sizes.size_gap_of_means(schools, own, peers, place.resampling)} | {
        label: school_sizes.size_gap(rows, own, peers, place.resampling)
        for label, rows in rows_from.items()
        if len(school_sizes.of_districts(rows, own)) and len(school_sizes.of_districts(rows, peers))
    }


def _peer_choices(study: Study, place: Place, schools: pd.DataFrame) -> dict[str, Estimate]:
    """Return the gap against other peers: more of them, and without the two that move it most."""
    own, peers = study.district, list(study.peers)
    wider = [code for code in study.wider_peers if code not in (own, *peers)]
    others = {"the smaller cities among the peers too": [*peers, *wider]} if wider else {}
    pivotal = school_sizes.without_each_peer(schools, own, peers)
    for code in pivotal.index[[0, -1]] if len(pivotal) else []:
        rest = [peer for peer in peers if peer != code]
        others[f"without {place.names[code]} among the peers"] = rest
    return {
        label: school_sizes.size_gap(schools, own, codes, place.resampling)
        for label, codes in others.items()
    }


def _dots(study: Study, place: Place, mean: float, others: float) -> Picture:
    return Picture(
        f"How large schools are in {place.own} and its peer districts, {study.enrollment_year}",
        "Dot: a school; bar: the district's mean; in brackets the schools. "
        f"{place.counted.capitalize()}. Source: {place.record}, enrollment by school.",
        "Dot plot of every school's enrollment by district, with the mean of each. "
        f"{place.own}: {mean:,.0f}; all peers together: {others:,.0f}.",
    )


def _forest(study: Study, place: Place, found: Measured) -> Picture:
    return Picture(
        f"How much smaller the mean school of {place.own} is, under each choice",
        f"Dot: estimate; bar: {study.confidence:g}% bootstrap interval over schools.",
        "Estimates of the difference in mean school size under each specification: "
        f"{listed(found.alternatives, 'percent')}; primary {found.estimate.value:.1f}%.",
    )
