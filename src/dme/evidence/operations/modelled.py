"""The claim's line of full utilization, by seats that are modelled for each school (O2, O3)."""

from dataclasses import dataclass
from typing import TypedDict

import pandas as pd

from dme.claims import Basis
from dme.evidence.operations.cost import A_YEAR, MORE
from dme.evidence.operations.groups import Groups
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.evidence.seats import ZoneSeats
from dme.measures.size import utilization
from dme.measures.spending import cost
from dme.measures.spending.cost import Contrast
from dme.study import Study
from dme.text import plural, quantity

PREMIUM = ("small-underused-premium", "Spending per pupil of small, under-utilized schools")
YEARLY = ("small-underused-cost", "Yearly cost of small, under-utilized schools")
TABLES = (
    "spending_schools",
    "zone_capacity",
    "school_zones",
    "school_enrollment",
    "nces_enrollment",
    "school_crosswalk",
)
_PRINTED = ("0640611", 573)
"""The one school whose study capacity is printed (Burns Latino Studies Academy), and its seats."""


@dataclass(frozen=True)
class Model:
    """Seats by school, shared out of the zones' by peak enrollment.

    Attributes
    ----------
    seats : ZoneSeats
        The public record that it rests on.
    panel, crosswalk : DataFrame
        ``nces_enrollment``, ``school_crosswalk``.
    open_then : DataFrame
        The district's schools in the year of the published seats.
    peaks : Series
        See `dme.measures.size.utilization.peak_enrollment`.
    schools : DataFrame
        See `dme.measures.size.utilization.modelled_capacity`.
    """

    seats: ZoneSeats
    panel: pd.DataFrame
    crosswalk: pd.DataFrame
    open_then: pd.DataFrame
    peaks: pd.Series
    schools: pd.DataFrame

    @property
    def by_zone(self) -> pd.DataFrame:
        """Modelled against published totals, to be shown: one row a zone."""
        checked = utilization.check_by_zone(self.schools, self.seats.capacity)
        numbers = {
            "students_modelled": "Students, state's file",
            "students_published": "Students, published",
            "students_gap_percent": "Gap",
            "seats_modelled": "Seats, modelled",
            "seats_published": "Seats, published",
        }
        shown = {"Zone": checked["zone"]}
        for name, heading in numbers.items():
            pattern = "{:+.1f}%" if name.endswith("percent") else "{:,.0f}"
            shown[heading] = checked[name].map(pattern.format)
        order = ["Zone", *(numbers[name] for name in checked.columns if name in numbers)]
        return pd.DataFrame(shown)[order]

    @property
    def worst_gap(self) -> float:
        """How many percent a zone's students differ at most from its published count."""
        checked = utilization.check_by_zone(self.schools, self.seats.capacity)
        return float(checked["students_gap_percent"].abs().max())

    @property
    def printed(self) -> pd.DataFrame:
        """The one school whose seats are printed, beside its modelled ones; maybe without rows."""
        code, seats = _PRINTED
        found = self.schools[self.schools["school_code"] == code]
        return pd.DataFrame(
            {
                "School": found["school"],
                f"Students {self.seats.year}": found["students"],
                "Seats, printed": f"{seats:,}",
                "Seats, modelled": found["seats"].map("{:,.0f}".format),
            }
        )


def seats_by_school(
    study: Study, seats: ZoneSeats, panel: pd.DataFrame, crosswalk: pd.DataFrame
) -> Model | None:
    """Return the model of seats by school; None where the district has no published seats.

    Parameters
    ----------
    seats : ZoneSeats
        The public record on seats.
    panel, crosswalk : DataFrame
        ``nces_enrollment``, ``school_crosswalk``.
    """
    if not seats.of(study):
        return None
    peaks = utilization.peak_enrollment(panel, crosswalk, study.enrollment_year)
    open_then = seats.open_then(study)
    schools = utilization.modelled_capacity(open_then, seats.zones, peaks, seats.capacity)
    return Model(seats, panel, crosswalk, open_then, peaks, schools)


@dataclass(frozen=True)
class Underused:
    """What small, under-utilized schools cost, by modelled seats.

    Attributes
    ----------
    results : tuple of Measured or Lacking
        The premium and the yearly cost; empty where the study has no seats or no spending.
    grouped : DataFrame or None
        See `dme.measures.size.utilization.grouped`.
    picture : Picture or None
        The figure's words.
    """

    results: tuple[Result, ...]
    grouped: pd.DataFrame | None
    picture: Picture | None


def underused_cost(study: Study, place: Place, groups: Groups, model: Model | None) -> Underused:
    """Compare small, under-utilized schools with large, fuller ones.

    Parameters
    ----------
    groups : Groups
        The schools whose spending is compared.
    model : Model or None
        Their seats; see `seats_by_school`.
    """
    if model is None or groups.lacking:
        return Underused((), None, None)
    grouped = utilization.grouped(
        groups.rows, model.schools, study.small_school, study.full_utilization
    )
    small, large = _two(grouped)
    picture = _picture(study, place, small, large)
    if small.empty or large.empty:
        nobody = "with these parameters no school falls into one of the two groups"
        lacking = (Lacking(*PREMIUM, nobody, MORE), Lacking(*YEARLY, nobody, A_YEAR))
        return Underused(lacking, grouped, picture)
    both = cost.contrast(small, large, study.weighting, place.resampling)
    others = _remodelled(study, place, groups, model)
    words = _words(study, place, groups, model, grouped)
    return Underused(
        (_premium(study, both, others, words), _yearly(both, others, words)), grouped, picture
    )


def _two(grouped: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return grouped[grouped["group"] == "small"], grouped[grouped["group"] == "large"]


def _remodelled(study: Study, place: Place, groups: Groups, model: Model) -> dict[str, Contrast]:
    """Return the comparison under each other model of the seats that leaves no group empty."""
    rows, seats = groups.rows, model.seats
    lines = study.small_school, study.full_utilization
    federal = seats.zones.assign(zone=seats.zones["zone_by_nces"]).dropna(subset=["zone"])
    recent = model.panel[model.panel["school_year"] >= study.trend_start]
    late = utilization.peak_enrollment(recent, model.crosswalk, study.enrollment_year)
    other_models = {
        "schools in zones by their federal places": (federal, model.peaks),
        f"peak enrollment since {study.trend_start} only": (seats.zones, late),
    }
    regrouped = {
        label: utilization.grouped(
            rows,
            utilization.modelled_capacity(model.open_then, zones, peaks, seats.capacity),
            *lines,
        )
        for label, (zones, peaks) in other_models.items()
    }
    regrouped["without the seats of students not in the state's file"] = utilization.grouped(
        rows, utilization.scaled_to_students(model.schools, seats.capacity), *lines
    )
    regrouped[f"utilization by the students of {seats.year}"] = utilization.grouped(
        rows, model.schools, *lines, students_of_seats=True
    )
    return {
        label: cost.contrast(*_two(some), study.weighting, place.resampling)
        for label, some in regrouped.items()
        if {"small", "large"} <= set(some["group"])
    }


class _Words(TypedDict):
    """What the two findings say alike."""

    basis: Basis
    caveat: str
    population: str
    year: str
    tables: tuple[str, ...]


def _words(
    study: Study, place: Place, groups: Groups, model: Model, grouped: pd.DataFrame
) -> _Words:
    small, large = (len(group) for group in _two(grouped))
    return {
        "basis": "modelled",
        "caveat": "Seats by school are modelled: zone totals shared out by peak enrollment. The "
        f"state's file gives a zone's schools up to {model.worst_gap:.0f}% fewer students than "
        "the zone's published count, so the model reads them too empty. The interval takes the "
        "model as given.",
        "population": f"{place.own}: {plural(small, 'school')} with fewer than "
        f"{study.small_school} students and modelled utilization below "
        f"{study.full_utilization:g}%, against {large} with neither; "
        f"{len(grouped) - small - large} fall into neither group, and "
        f"{len(groups.priced) - len(grouped)} have no modelled seats; {place.counted}",
        "year": f"{study.spending_year} (seats: {model.seats.year})",
        "tables": TABLES,
    }


def _premium(study: Study, both: Contrast, others: dict[str, Contrast], words: _Words) -> Measured:
    return Measured(
        *PREMIUM,
        f"Small schools with modelled utilization below {study.full_utilization:g}% spend "
        f"{quantity(both.small_mean, 'dollars')} per pupil, large and fuller ones "
        f"{quantity(both.rest_mean, 'dollars')}.",
        both.premium,
        MORE,
        claim="O2",
        method=f"Ratio of mean spending per pupil, weighted by {study.weighting}, minus one.",
        alternatives=alternatives({label: c.premium for label, c in others.items()}),
        **words,
    )


def _yearly(both: Contrast, others: dict[str, Contrast], words: _Words) -> Measured:
    return Measured(
        *YEARLY,
        f"{int(both.small['students'].sum()):,} pupils in {plural(len(both.small), 'school')}, "
        f"with a difference of {quantity(both.small_mean - both.rest_mean, 'dollars')} per "
        "pupil.",
        both.yearly_cost,
        A_YEAR,
        claim="O3",
        method="Difference of the groups' mean spending per pupil, times the small schools' "
        "pupils.",
        alternatives=alternatives({label: c.yearly_cost for label, c in others.items()}),
        **words,
    )


def _picture(study: Study, place: Place, small: pd.DataFrame, large: pd.DataFrame) -> Picture:
    return Picture(
        f"Size and modelled utilization of the schools of {place.own}, {study.spending_year}",
        "Modelled: each zone's published seats shared out by peak enrollment. Schools outside "
        "the zones have no modelled seats and are not shown.",
        f"Scatter of modelled utilization against enrollment: {len(small)} schools are small "
        f"and under-utilized, {len(large)} large and fuller.",
    )
