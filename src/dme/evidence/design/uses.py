"""What the released money buys (R1 to R6): each use priced for the whole district."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.plan import reinvestment
from dme.measures.plan.prices import Price, teacher_price
from dme.measures.plan.reinvestment import USES, Scale, Use
from dme.measures.size.school_sizes import of_districts
from dme.measures.staff.teams import fewest_sections, largest_classes
from dme.study import Study
from dme.text import quantity, span

UNIT = "dollars a year"
TABLES = (
    "school_enrollment_by_grade",
    "class_size_maxima",
    "district_staff",
    "district_spending_by_function",
    "consumer_prices",
    "district_smarter_balanced",
)
_ALL = ("six-uses", "All six uses together")


@dataclass(frozen=True)
class Accounts:
    """The tables that uses are priced from.

    Attributes
    ----------
    enrollment, by_grade, maxima : DataFrame
        ``school_enrollment``, ``school_enrollment_by_grade``, ``class_size_maxima``.
    staff, spending, prices, results : DataFrame
        ``district_staff``, ``district_spending_by_function``, ``consumer_prices``,
        ``district_smarter_balanced``.
    """

    enrollment: pd.DataFrame
    by_grade: pd.DataFrame
    maxima: pd.DataFrame
    staff: pd.DataFrame
    spending: pd.DataFrame
    prices: pd.DataFrame
    results: pd.DataFrame


@dataclass(frozen=True)
class Uses:
    """What each use costs.

    Attributes
    ----------
    findings : tuple of Measured or Lacking
        The six uses, then all together.
    table, inputs : DataFrame
        What the money buys of each use; the modelled inputs. Empty where nothing is priced.
    choices : tuple of Alternative
        All of them, to draw; the sum last.
    picture : Picture
        The words of the chart.
    """

    findings: tuple[Result, ...]
    table: pd.DataFrame
    inputs: pd.DataFrame
    choices: tuple[Alternative, ...]
    picture: Picture


@dataclass(frozen=True)
class _Draws:
    """Draws of each use's cost, and what they were drawn from."""

    costs: pd.DataFrame
    scale: Scale
    price: Price


def price_of(study: Study, accounts: Accounts) -> Price | None:
    """Return what a teacher of the district costs a year; None where the tables don't tell."""
    return teacher_price(
        accounts.spending, accounts.staff, accounts.prices, study.district, study.spending_year
    )


def scale_of(study: Study, accounts: Accounts) -> Scale | str:
    """Return the district's size, or what the tables lack of it, in words."""
    own = of_districts(accounts.enrollment, study.district)
    own = own[own["school_year"] == study.enrollment_year]
    rows = accounts.by_grade[accounts.by_grade["school_code"].isin(own["school_code"])]
    rows = rows[rows["school_year"] == study.enrollment_year].dropna(subset=["students"])
    largest = largest_classes(accounts.maxima, study.class_sizes)
    if rows.empty:
        return f"no enrollment by grade in {study.enrollment_year}"
    if largest.empty:
        return "no class-size maxima"
    staff = of_districts(accounts.staff, study.district).dropna(subset=["teachers"])
    if staff.empty:
        return "no staff of the district"
    last = staff.sort_values("school_year").iloc[-1]
    students = rows["students"].astype(float)
    kept = own["students"].ge(study.smallest_school).fillna(False).astype(bool)
    return Scale(
        students=float(students.sum()),
        schools=float(kept.sum()),
        sections=float(fewest_sections(students, rows["grade"].map(largest)).sum()),
        teachers=float(last["teachers"]) + float(last["special_education_teachers"]),
        struggling=_struggling(study, accounts.results),
        upper=float(students[rows["grade"].isin(("11", "12"))].sum()),
    )


def _struggling(study: Study, results: pd.DataFrame) -> tuple[float, float]:
    """Return students at the lowest level in some subject, at least and at most; NaN if unknown."""
    own = of_districts(results, study.district)
    own = own[(own["grade"] == "all") & (own["school_year"] == study.enrollment_year)]
    counts = own["level_1"].dropna().astype(float)
    if len(counts) < 2:
        return float("nan"), float("nan")
    return float(counts.max()), float(counts.sum())


def uses(study: Study, place: Place, accounts: Accounts, price: Price | None) -> Uses:
    """Return the six uses priced for the district.

    Parameters
    ----------
    study, place : Study, Place
        The parameters; the district in words.
    accounts : Accounts
        The tables.
    price : Price or None
        What a teacher costs.
    """
    words = Picture(
        title=f"What the six uses of {_money(study)} would cost in {place.own}",
        note=f"Dot: median; bar: {study.confidence:g} in 100 draws of the stated inputs. Each is "
        "the use's smallest program for the whole district. Blue: the whole bar lies within the "
        "sum. Modelled.",
        alt="",
    )
    scale = scale_of(study, accounts)
    if price is None or isinstance(scale, str):
        lacks = scale if isinstance(scale, str) else "no spending on instructional staff"
        lacking = f"the tables hold {lacks} of {place.own}".replace("of the district of", "of")
        blank = tuple(
            Lacking(use.key + "-use", use.title, lacking, UNIT, use.claim) for use in USES
        )
        return Uses(
            (*blank, Lacking(*_ALL, lacking, UNIT)), pd.DataFrame(), pd.DataFrame(), (), words
        )
    drawn = reinvestment.draw(scale, price, study.resamples, study.seed)
    draws = _Draws(drawn, scale, price)
    found = [_use(study, place, use, draws) for use in USES]
    together = _together(study, place, draws)
    choices = tuple(Alternative.of(one.title, one.estimate) for one in (*found, together)
                    if isinstance(one, Measured))  # fmt: skip
    told = "; ".join(f"{c.label} {quantity(c.value, UNIT)}" for c in choices)
    return Uses(
        (*found, together),
        _table(study, found),
        _inputs(scale, price),
        choices,
        Picture(words.title, words.note, f"Cost of each use: {told}."),
    )


def _money(study: Study) -> str:
    return quantity(float(study.reinvestment), "dollars")


def _population(place: Place, scale: Scale) -> str:
    return (
        f"{scale.students:,.0f} students in {scale.sections:,.0f} classes of {place.own}, "
        f"suppressed grades left out; {scale.schools:,.0f} schools ({place.counted})"
    )


def _use(study: Study, place: Place, use: Use, draws: _Draws) -> Result:
    name = f"{use.key}-use"
    column = draws.costs[use.key].dropna()
    if column.empty:
        lacking = f"the tables hold no test results of {place.own} in {study.enrollment_year}"
        return Lacking(name, use.title, lacking, UNIT, use.claim)
    if use.key == "college" and not draws.scale.upper:
        lacking = f"no school of {place.own} has juniors or seniors"
        return Lacking(name, use.title, lacking, UNIT)
    estimate = reinvestment.summary(column, study.confidence)
    within = 100 * float(column.le(study.reinvestment).mean())
    share = study.reinvestment / estimate.value
    bought = f"is {share:.1f} times that" if share >= 1 else f"would buy {100 * share:.0f}% of it"
    return Measured(
        name=name,
        title=use.title,
        sentence=f"The smallest district-wide program ({use.program}) costs "
        f"{quantity(estimate.value, UNIT)}; {_money(study)} {bought}, and covers it in "
        f"{within:.0f} of 100 draws.",
        estimate=estimate,
        unit=UNIT,
        claim=use.claim,
        holds=reinvestment.fits(column, study.reinvestment),
        basis="modelled",
        caveat="Ranges of the inputs are stated below; what no table holds is assumed.",
        population=_population(place, draws.scale),
        year=f"{study.enrollment_year}, dollars of {draws.price.year}",
        method=f"{study.resamples:,} draws of the stated inputs, each value of a range equally "
        f"likely. A teacher's cost: {draws.price.words}.",
        tables=TABLES,
    )


def _together(study: Study, place: Place, draws: _Draws) -> Measured:
    estimate = reinvestment.summary(
        draws.costs.dropna(axis=1, how="all").sum(axis=1), study.confidence
    )
    times = estimate.value / study.reinvestment
    return Measured(
        name=_ALL[0],
        title=_ALL[1],
        sentence=f"All uses that could be priced cost {quantity(estimate.value, UNIT)} together, "
        f"{times:.1f} times {_money(study)}.",
        estimate=estimate,
        unit=UNIT,
        basis="modelled",
        caveat="The sum leaves out what one program saves another, such as adults who lead both.",
        population=_population(place, draws.scale),
        year=f"{study.enrollment_year}, dollars of {draws.price.year}",
        method="Sum of the six programs, draw by draw.",
        tables=TABLES,
    )


def _table(study: Study, found: list[Result]) -> pd.DataFrame:
    equal = study.reinvestment / len(USES)
    rows = []
    for use, one in zip(USES, found, strict=True):
        if not isinstance(one, Measured):
            continue
        cost = one.estimate
        rows.append(
            {
                "Use": use.title,
                "Smallest program": use.program,
                "Cost a year": quantity(cost.value, "dollars"),
                f"{study.confidence:g} in 100 draws": span(cost.low, cost.high, "dollars"),
                "$1 million buys": f"{min(100, 100e6 / cost.value):.0f}%",
                f"An equal sixth ({quantity(equal, 'dollars')}) buys": (
                    f"{min(100, 100 * equal / cost.value):.0f}%"
                ),
            }
        )
    return pd.DataFrame(rows)


def _inputs(scale: Scale, price: Price) -> pd.DataFrame:
    table = reinvestment.input_table(scale, price).dropna()
    for end in ("low", "high"):
        table[end] = [f"{value:,.0f}" if value >= 10 else f"{value:g}" for value in table[end]]
    return table.rename(columns=str.capitalize)
