"""What small schools cost by size alone: per pupil, at like level and need, a year (O2, O3)."""

from dataclasses import dataclass

from dme.errors import DmeError
from dme.evidence.operations.groups import Groups
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.findings import Alternative
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate
from dme.measures.spending import cost
from dme.measures.spending.cost import Contrast
from dme.study import Study
from dme.text import plural, quantity

PREMIUM = ("small-school-premium", "Spending per pupil of small schools, by size alone")
ADJUSTED = (
    "small-school-premium-adjusted",
    "Spending per pupil of small schools, at like level and need",
)
YEARLY = ("small-school-cost", "Yearly cost of small schools, by size alone")
MORE = "percent more per pupil"
A_YEAR = "dollars a year"


@dataclass(frozen=True)
class Drawn:
    """What the figures of this section draw.

    Attributes
    ----------
    means : tuple of float
        Dollars per pupil of the small schools and of the others.
    premium, yearly : tuple of Alternative
        The premium and the yearly cost under every specification, the primary one first.
    scatter, premium_forest, yearly_forest : Picture
        The figures' words.
    """

    means: tuple[float, float]
    premium: tuple[Alternative, ...]
    yearly: tuple[Alternative, ...]
    scatter: Picture
    premium_forest: Picture
    yearly_forest: Picture


@dataclass(frozen=True)
class Cost:
    """What small schools cost by size alone, under every specification.

    Attributes
    ----------
    premium, adjusted, yearly : Measured or Lacking
        Percent more per pupil, the same at like level and need, and dollars a year.
    drawn : Drawn or None
        What the figures draw; None where one of the two groups is empty.
    """

    premium: Result
    adjusted: Result
    yearly: Result
    drawn: Drawn | None


def small_school_cost(study: Study, place: Place, groups: Groups) -> Cost:
    """Compare the spending of the district's small schools with that of its others.

    Parameters
    ----------
    groups : Groups
        See `dme.evidence.operations.groups.by_size`.
    """
    if groups.lacking:
        claims = ("O2", "O3") if groups.tested else (None, None)
        return Cost(
            Lacking(*PREMIUM, groups.lacking, MORE, claims[0]),
            Lacking(*ADJUSTED, groups.lacking, MORE),
            Lacking(*YEARLY, groups.lacking, A_YEAR, claims[1]),
            None,
        )
    compared = cost.by_size(groups.rows, study.small_school, study.weighting, place.resampling)
    variants = _variants(study, place, groups)
    premium = _premium(study, groups, compared, variants)
    adjusted = _adjusted(study, groups)
    yearly = _yearly(study, groups, compared, variants, adjusted)
    first, *others = premium.choices
    like = (
        [Alternative.of("adjusted for level and need", adjusted.estimate)]
        if isinstance(adjusted, Measured)
        else []
    )
    choices = (first, *like, *others)
    return Cost(
        premium,
        adjusted,
        yearly,
        Drawn(
            (compared.small_mean, compared.rest_mean),
            choices,
            yearly.choices,
            _scatter(study, place, compared),
            _premium_forest(study, place, choices),
            _yearly_forest(study, place, yearly),
        ),
    )


def _variants(study: Study, place: Place, groups: Groups) -> dict[str, Contrast]:
    """Return the comparison under each other specification that leaves no group empty."""
    other_way, label = {
        "students": ("schools", "each school counts once"),
        "schools": ("students", "each pupil counts once"),
    }[study.weighting]
    cut, how = study.small_school, study.weighting
    wanted = {
        label: (groups.rows, cut, other_way),
        f"small means under {cut - 50}": (groups.rows, cut - 50, how),
        f"small means under {cut + 50}": (groups.rows, cut + 50, how),
    }
    if groups.other_plant is not None:
        label = f"{'without' if study.plant_cost else 'with'} operation of plant"
        wanted[label] = (groups.other_plant, cut, how)
    if len(groups.every_row) > len(groups.rows):
        wanted["every row of the report"] = (groups.every_row, cut, how)
    return {
        label: cost.by_size(rows, line, weighting, place.resampling)
        for label, (rows, line, weighting) in wanted.items()
        if rows.dropna(subset=["dollars_per_pupil"])["students"].lt(line).nunique() == 2
    }


def _premium(
    study: Study, groups: Groups, compared: Contrast, variants: dict[str, Contrast]
) -> Measured:
    return Measured(
        *PREMIUM,
        f"Schools under {study.small_school} students spend "
        f"{quantity(compared.small_mean, 'dollars')} per pupil, the others "
        f"{quantity(compared.rest_mean, 'dollars')}.",
        compared.premium,
        MORE,
        claim="O2",
        basis="proxy",
        caveat="By size alone: seats by school are not in the tables, so no school is left out "
        "of either group for its fullness.",
        population=groups.words,
        year=study.spending_year,
        method=f"Ratio of mean spending per pupil, weighted by {study.weighting}, minus one.",
        alternatives=alternatives({label: c.premium for label, c in variants.items()}),
        tables=("spending_schools",),
    )


def _adjusted(study: Study, groups: Groups) -> Result:
    marked = groups.priced.assign(small=groups.priced["students"] < study.small_school)
    try:
        adjusted = cost.adjusted_premium(marked, study.confidence)
        plain = cost.adjusted_premium(marked, study.confidence, controls=False)
    except DmeError:
        few = f"fewer than {FEWEST} schools of a group have a printed share of high needs"
        return Lacking(*ADJUSTED, few, MORE)
    return Measured(
        *ADJUSTED,
        f"The difference is {quantity(plain.value, 'percent')} between the two groups and "
        f"{quantity(adjusted.value, 'percent')} among schools of like level and share of high "
        "needs, each school counted once.",
        adjusted,
        MORE,
        claim="O2",
        basis="proxy",
        caveat="By size alone; level and need are held constant by a linear model.",
        population=groups.words,
        year=study.spending_year,
        method="Ordinary least squares of log dollars per pupil on small, level and share of high "
        "needs; the coefficient as a percentage; HC3 errors.",
        alternatives=alternatives({"the same regression without level and need": plain}),
        tables=("spending_schools",),
    )


def _yearly(
    study: Study,
    groups: Groups,
    compared: Contrast,
    variants: dict[str, Contrast],
    adjusted: Result,
) -> Measured:
    others: dict[str, Estimate] = {}
    if isinstance(adjusted, Measured):
        label = "at the premium adjusted for level and need"
        others[label] = cost.cost_of_premium(compared, adjusted.estimate)
    others |= {label: c.yearly_cost for label, c in variants.items()}
    pupils = int(compared.small["students"].sum())
    return Measured(
        *YEARLY,
        f"{pupils:,} pupils in {plural(len(compared.small), 'small school')}, with a difference "
        f"of {quantity(compared.small_mean - compared.rest_mean, 'dollars')} per pupil from the "
        "others.",
        compared.yearly_cost,
        A_YEAR,
        claim="O3",
        basis="proxy",
        caveat="By size alone: the claim counts only small schools that are also under-utilized.",
        population=groups.words,
        year=study.spending_year,
        method="Difference of the groups' mean spending per pupil, times the small schools' "
        "pupils.",
        alternatives=alternatives(others),
        tables=("spending_schools",),
    )


def _scatter(study: Study, place: Place, compared: Contrast) -> Picture:
    return Picture(
        f"Spending per pupil and school size, {place.own} {study.spending_year}",
        f"Each dot a school; {place.counted}. Lines: group means, weighted by {study.weighting}. "
        f"Source: {place.record}, per pupil expenditures by school.",
        f"Scatter of spending per pupil against enrollment. Mean under {study.small_school} "
        f"students ${compared.small_mean:,.0f}, above ${compared.rest_mean:,.0f}.",
    )


def _premium_forest(study: Study, place: Place, choices: tuple[Alternative, ...]) -> Picture:
    return Picture(
        "How much more small schools spend per pupil, under each choice",
        _forest_note(study, place),
        "Estimates of the small schools' premium under each specification: "
        f"{listed(choices, 'percent')}.",
    )


def _yearly_forest(study: Study, place: Place, yearly: Measured) -> Picture:
    return Picture(
        "What small schools cost a year, under each choice",
        _forest_note(study, place),
        f"Estimates of the yearly cost under each specification: "
        f"{listed(yearly.alternatives, 'dollars')}; primary "
        f"{quantity(yearly.estimate.value, 'dollars')}.",
    )


def _forest_note(study: Study, place: Place) -> str:
    return (
        f"{place.own} {study.spending_year}, by size alone. Dot: estimate; bar: "
        f"{study.confidence:g}% interval."
    )
