"""The published claims, and the rule by which a recomputed figure answers one.

The claims stand in ``data/claims.yml``; nothing here knows what any of them says.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from dme import paths
from dme.errors import DmeError
from dme.text import quantity, span

# The same loader, written in C: seven times as fast where it is there.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CLAIMS = "data/claims.yml"
"""Their file in the project."""
Basis = Literal["measured", "proxy", "modelled"]


class Verdict(StrEnum):
    """The four things that a finding may say of a claim."""

    REPRODUCED = "reproduced"
    SAME_DIRECTION = "same direction"
    NOT_REPRODUCED = "not reproduced"
    NOT_TESTABLE = "not testable with public data"


class Judgement(NamedTuple):
    """A verdict and the sentence that gives its reason."""

    verdict: Verdict
    reason: str


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return " and ".join(map(_plain, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


class Tolerance(NamedTuple):
    """How far from the published figure still reproduces it: a share of it, or a number."""

    size: float
    relative: bool

    def around(self, published: float) -> float:
        """Return the tolerance in the unit of `published`."""
        return abs(published) * self.size if self.relative else self.size

    def reach(self, published: "Published") -> tuple[float, float]:
        """Return the ends between which a figure reproduces the published one."""
        bottom, top = published.ends
        return bottom - self.around(bottom), top + self.around(top)


def _tolerance(raw: object) -> Tolerance:
    text = str(raw)
    return (
        Tolerance(float(text.removesuffix("%")) / 100, relative=True)
        if text.endswith("%")
        else Tolerance(float(text), relative=False)
    )


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Published(_Strict):
    """A published figure: a value, or a range, in a unit."""

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    about: bool = False
    up_to: bool = False

    @model_validator(mode="after")
    def _value_or_range(self) -> "Published":
        has_range = self.low is not None and self.high is not None
        if has_range == (self.value is not None):
            message = "give either a value or both low and high"
            raise ValueError(message)
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest published value (equal for a single value)."""
        if self.value is not None:
            return self.value, self.value
        return float(self.low or 0), float(self.high or 0)

    def __str__(self) -> str:
        """Return the figure as the study prints it, in words."""
        words = (
            quantity(self.value, self.unit)
            if self.value is not None
            else span(self.low, self.high, self.unit)
        )
        return ("about " if self.about else "up to " if self.up_to else "") + words


class Source(_Strict):
    """Where a claim was published."""

    title: str
    publisher: str
    address: str


class Claim(_Strict):
    """One claim of the study; see the head of ``data/claims.yml`` for the meaning of each key."""

    id: str = Field(pattern=r"^[A-Z]\d+$")
    area: str
    statement: str
    data: Literal["public", "modelled", "not public"]
    source: str
    published: Published | None = None
    contrast: bool = False
    terms: dict[str, tuple[str | float | tuple[str, ...], ...]] = {}
    criteria: tuple[str, ...] = ()
    needs: str | None = None
    tolerance: Annotated[Tolerance, BeforeValidator(_tolerance)] | None = None

    @model_validator(mode="after")
    def _testable(self) -> "Claim":
        if (self.published is None) == (not self.criteria):
            message = "a claim has either a published figure or criteria"
            raise ValueError(message)
        return self

    def departures(self, parameters: Mapping[str, object]) -> list[str]:
        """Return in words where a study's parameters depart from the claim's own terms."""
        return [
            f"{key} is {_plain(parameters[key])} here, "
            f"{' or '.join(_plain(value) for value in fitting)} in the claim"
            for key, fitting in self.terms.items()
            if parameters[key] not in fitting
        ]

    @property
    def published_text(self) -> str:
        """The published figure in words; a dash for a statement."""
        return str(self.published) if self.published else "–"


class Yardstick(_Strict):
    """All claims, the district they speak of, and their sources."""

    district: str
    tolerance: Annotated[Tolerance, BeforeValidator(_tolerance)]
    sources: dict[str, Source]
    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Yardstick":
        ids = [claim.id for claim in self.claims]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            message = f"claims given twice: {', '.join(repeated)}"
            raise ValueError(message)
        if strangers := {claim.source for claim in self.claims} - set(self.sources):
            message = f"sources that are not listed: {', '.join(sorted(strangers))}"
            raise ValueError(message)
        return self

    def __getitem__(self, claim_id: str) -> Claim:
        """Return the claim of that id.

        Raises
        ------
        DmeError
            If there is none; the message names those there are.
        """
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        known = ", ".join(claim.id for claim in self.claims)
        message = f'No claim "{claim_id}" in data/claims.yml. It holds: {known}.'
        raise DmeError(message)

    def tolerance_of(self, claim: Claim) -> Tolerance:
        """Return the claim's own tolerance, or the one that all share."""
        return claim.tolerance or self.tolerance

    def agreeing(self, claim: Claim) -> tuple[float, float, int] | None:
        """Return what agrees with a claim's published figure; None for a statement.

        Returns
        -------
        tuple of float, float and int, or None
            The ends between which a figure reproduces it, and the sign with which one outside goes
            the same direction; 0 where none does.
        """
        if claim.published is None:
            return None
        bottom, _ = claim.published.ends
        sign = (bottom > 0) - (bottom < 0) if claim.contrast else 0
        return *self.tolerance_of(claim).reach(claim.published), sign


@cache
def yardstick() -> Yardstick:
    """Read ``data/claims.yml``.

    Raises
    ------
    DmeError
        If the file is absent, or does not have the form described at its head.
    """
    path = paths.home() / CLAIMS
    try:
        with path.open(encoding="utf-8") as file:
            return Yardstick.model_validate(yaml.load(file, Loader=_Loader))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        message = f"{paths.relative(path)} can't be read as the list of claims:\n{error}"
        raise DmeError(message) from error


def judge(
    claim: Claim,
    tolerance: Tolerance,
    value: float,
    low: float | None,
    high: float | None,
    *,
    holds: Sequence[bool] = (),
    basis: Basis = "measured",
) -> Judgement:
    """Hold a recomputed figure against a claim.

    A value within the tolerance of the published figure (or range) reproduces it. Outside, a
    contrast whose sign agrees and whose interval excludes zero goes the same direction.
    A statement is judged by its criteria: it is reproduced if all hold, and goes the same
    direction if some do. A proxy leaves out a part of the claim's own
    definition, so it can agree in direction at best.

    Parameters
    ----------
    claim, tolerance : Claim, Tolerance
        What is answered and how closely (`Yardstick.tolerance_of`).
    value, low, high : float or None
        The recomputed figure and its interval (None where it has none), in the claim's unit.
    holds : sequence of bool
        For a statement: whether each of its criteria holds.
    basis : {"measured", "proxy", "modelled"}
        What the figure rests on.
    """
    if claim.published is None:
        return _weigh(claim, holds, basis)
    return _compare(claim.published, claim.contrast, tolerance, (value, low, high), basis)


def _weigh(claim: Claim, holds: Sequence[bool], basis: Basis) -> Judgement:
    if len(holds) != len(claim.criteria):
        message = (
            f"Claim {claim.id} has {len(claim.criteria)} criteria in data/claims.yml; the finding "
            f"says of {len(holds)} whether they hold."
        )
        raise DmeError(message)
    words = " ".join(
        f"{'Holds' if held else 'Does not hold'}: {criterion}"
        for held, criterion in zip(holds, claim.criteria, strict=True)
    )
    if all(holds) and basis != "proxy":
        return Judgement(Verdict.REPRODUCED, words)
    return Judgement(Verdict.SAME_DIRECTION if any(holds) else Verdict.NOT_REPRODUCED, words)


def _compare(
    published: Published,
    contrast: bool,
    tolerance: Tolerance,
    figure: tuple[float, float | None, float | None],
    basis: Basis,
) -> Judgement:
    value, low, high = figure
    bottom, top = published.ends
    lowest, highest = tolerance.reach(published)
    shown, reach = quantity(value, published.unit), span(lowest, highest, published.unit)
    inside = lowest <= value <= highest
    first = f"{shown} lies {'within' if inside else 'outside'} the tolerance ({reach})"
    covered = ""
    if low is not None and high is not None and low < high:
        met = low <= top and bottom <= high
        covered = f" The published figure lies {'inside' if met else 'outside'} its interval."
    if inside and basis == "proxy":
        words = "but leaves out a part of the claim's definition, so it can only agree in direction"
        return Judgement(Verdict.SAME_DIRECTION, f"{first}, {words}.{covered}")
    if inside:
        return Judgement(Verdict.REPRODUCED, f"{first}.{covered}")
    if not contrast:
        return Judgement(Verdict.NOT_REPRODUCED, f"{first}.{covered}")
    if value * bottom <= 0:
        return Judgement(Verdict.NOT_REPRODUCED, f"{first}, and the sign differs.{covered}")
    if low is not None and high is not None and low <= 0 <= high:
        words = "and its interval includes zero"
        return Judgement(Verdict.NOT_REPRODUCED, f"{first}, {words}.{covered}")
    return Judgement(Verdict.SAME_DIRECTION, f"{first}; the sign agrees.{covered}")
