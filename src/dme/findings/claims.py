"""The published claims, and the rules by which a recomputed figure answers one.

The claims stand in ``data/claims.yml``; nothing here knows what any of them says.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, reduce
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from dme import paths, strict_yaml
from dme.errors import DmeError
from dme.measures.estimates.yard import Yard
from dme.study import Study
from dme.text import quantity, span

CLAIMS = "data/claims.yml"
"""Their file in the project."""
_TIME = "enrollment_year"
OF_CLAIMS = ("district", _TIME)
"""The parameters that say whether a study is one of which there are claims."""
_LARGEST = 1e15


def in_words(value: object) -> str:
    """Return a parameter's value in words."""
    if isinstance(value, tuple):
        return " and ".join(map(in_words, value))
    if value == "":
        return "none"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.12g}" if number else str(value)


def either(values: Iterable[object]) -> str:
    """Return the values of a parameter that fit, in words."""
    return " or ".join(map(in_words, values))


def _same(value: object, other: object) -> bool:
    """Whether two values of a parameter are one; the order of a list means nothing."""
    if isinstance(value, tuple) and isinstance(other, tuple):
        return sorted(value) == sorted(other)
    return value == other


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

    def __str__(self) -> str:
        """Return the tolerance as ``data/claims.yml`` writes it."""
        return f"{100 * self.size:g}%" if self.relative else f"{self.size:g}"


def _tolerance(raw: object) -> Tolerance:
    text = str(raw)
    size, relative = float(text.removesuffix("%")), text.endswith("%")
    if not 0 <= size <= _LARGEST:
        message = "a tolerance is zero or more: a share such as 10%, or a number"
        raise ValueError(message)
    return Tolerance(size / 100 if relative else size, relative)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Published(_Strict):
    """A published figure: a value, or a range, in a unit."""

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    about: bool = False
    up_to: bool = False

    @model_validator(mode="after")
    def _value_or_range(self) -> Self:
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


Fit = dict[str, tuple[bool | str | float | tuple[str, ...], ...]]
"""The values that fit, by parameter of a study."""


class _Dated(_Strict):
    """An entry of a history: from when on it stands, and whether the figure was known then."""

    date: Annotated[str, BeforeValidator(str)] = Field(pattern=r"^\d{4}-\d\d-\d\d( \d\d:\d\d)?$")
    figure: Literal["unseen", "together", "seen"]


class Terms(_Dated):
    """What a study must have to be held against any claim; see the head of ``data/claims.yml``."""

    why: str
    fit: Fit = {}
    free: dict[str, str] = {}

    @model_validator(mode="after")
    def _either(self) -> Self:
        if both := sorted(self.fit.keys() & self.free.keys()):
            message = f"values that fit, or free: {', '.join(both)} is both"
            raise ValueError(message)
        return self


class Rule(_Dated):
    """How a finding answers a claim, from a date on; see the head of ``data/claims.yml``."""

    why: str = ""
    tolerance: Annotated[Tolerance, BeforeValidator(_tolerance)] | None = None
    contrast: bool | None = None
    bound: bool | None = None
    criteria: tuple[str, ...] = ()
    by_construction: dict[int, str] = {}
    method: str = ""
    terms: Fit = {}

    @property
    def sets(self) -> dict[str, Any]:
        """What the entry sets, by name."""
        return {
            name: getattr(self, name) for name in self.model_fields_set - {"date", "figure", "why"}
        }

    def told(self) -> Iterator[str]:
        """Yield what the entry sets, in words."""
        if self.tolerance is not None:
            of = " of the figure" if self.tolerance.relative else ""
            yield f"Tolerance: {self.tolerance}{of}."
        if self.contrast is not None:
            words = (
                "could have been otherwise" if self.contrast else "could not have been otherwise"
            )
            yield f"The sign {words}."
        if self.bound:
            yield "The published figure is a bound: no more than that, and within reach."
        for number, criterion in enumerate(self.criteria, 1):
            yield f"{number}. {criterion}"
        for number, why in self.by_construction.items():
            yield f"Criterion {number} is true by construction: {why}"
        if self.method:
            yield self.method
        if self.terms:
            shown = (f"{name}: {either(fit)}" for name, fit in self.terms.items())
            yield f"Terms: {'; '.join(shown)}."

    def then(self, later: "Rule") -> "Rule":
        """Return the rule as a later entry leaves it."""
        # Reasons that some criteria hold by construction speak of those very criteria.
        kept = {"by_construction"} if later.criteria else set()
        inherited = {name: value for name, value in self.sets.items() if name not in kept}
        return later.model_copy(update=inherited | later.sets)


class Claim(_Strict):
    """One claim of the study; see the head of ``data/claims.yml`` for the meaning of each key."""

    id: str = Field(pattern=r"^[A-Z]\d+$")
    area: str
    statement: str
    data: Literal["public", "modelled", "not public"]
    source: str
    finding: str
    rules: tuple[Rule, ...] = Field(min_length=1)
    published: Published | None = None
    needs: str | None = None

    @model_validator(mode="after")
    def _testable(self) -> Self:
        for rule in self.standing:
            if (self.published is None) == (not rule.criteria):
                message = f"rule of {rule.date}: a claim has a published figure or criteria"
                raise ValueError(message)
            if strangers := set(rule.by_construction) - set(range(1, len(rule.criteria) + 1)):
                message = f"rule of {rule.date}: no criterion {min(strangers)}"
                raise ValueError(message)
        dates = [rule.date for rule in self.rules]
        if dates != sorted(set(dates)):
            message = f"rules in the order of their dates, each once: {', '.join(dates)}"
            raise ValueError(message)
        return self

    @property
    def standing(self) -> tuple[Rule, ...]:
        """The whole rule that stood from each date on, the present one last."""
        whole = [self.rules[0]]
        for entry in self.rules[1:]:
            whole.append(whole[-1].then(entry))
        return tuple(whole)

    @property
    def rule(self) -> Rule:
        """The rule that stands."""
        return reduce(Rule.then, self.rules)

    @property
    def published_text(self) -> str:
        """The published figure in words; a dash for a statement."""
        return str(self.published) if self.published else "–"


class Yardstick(_Strict):
    """All claims, the district they speak of, and their sources."""

    district: str
    tolerance: Annotated[Tolerance, BeforeValidator(_tolerance)]
    terms: tuple[Terms, ...]
    sources: dict[str, Source]
    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [claim.id for claim in self.claims]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            message = f"claims given twice: {', '.join(repeated)}"
            raise ValueError(message)
        if strangers := {claim.source for claim in self.claims} - set(self.sources):
            message = f"sources that are not listed: {', '.join(sorted(strangers))}"
            raise ValueError(message)
        return self

    def speak_of(self, study: Study) -> bool:
        """Whether a study is one that the claims are about: of their district, at their time.

        A study of the district at another time has no claims; one that departs in anything else
        gets no verdict on those claims that fix it (`departures`).
        """
        years = [entry.fit[_TIME] for entry in self.terms if _TIME in entry.fit]
        timely = not years or getattr(study, _TIME) in years[-1]
        return study.district == self.district and timely

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

    def fitting(self, claim: Claim) -> Fit:
        """Return the values that fit a claim: its own terms, and those of every claim."""
        shared = {name: fit for entry in self.terms for name, fit in entry.fit.items()}
        return shared | claim.rule.terms

    @property
    def free(self) -> dict[str, str]:
        """The parameters that no claim has a word on, each with why any value fits."""
        return {name: why for entry in self.terms for name, why in entry.free.items()}

    def departures(self, claim: Claim, read: Mapping[str, object]) -> list[str]:
        """Return in words where a study departs from a claim's terms.

        Parameters
        ----------
        claim : Claim
            One of these.
        read : mapping of str to object
            The parameters that the figure rests on, with the study's values. One that neither
            terms nor `free` name is a departure: nothing says that the claim is of such a study.
        """
        fitting, anything = self.fitting(claim), self.free.keys() | {"district"}
        departures = []
        for name in sorted(read.keys() - (anything - fitting.keys())):
            value = read[name]
            if name not in fitting:
                departures.append(f"nothing says which {name} the claim is of")
            elif not any(_same(value, each) for each in fitting[name]):
                wanted = " or ".join(in_words(each) for each in fitting[name])
                departures.append(f"{name} is {in_words(value)} here, {wanted} in the claim")
        return departures

    def yard(self, claim: Claim, rule: Rule | None = None) -> Yard | None:
        """Return what agrees with a claim's published figure; None for a statement.

        Parameters
        ----------
        claim : Claim
            One of these.
        rule : Rule, optional
            One of those that stood (`Claim.standing`); by default the one that stands.
        """
        if claim.published is None:
            return None
        rule = rule or claim.rule
        bottom, top = claim.published.ends
        sign = (bottom > 0) - (bottom < 0) if rule.contrast else 0
        lowest, highest = (rule.tolerance or self.tolerance).reach(claim.published)
        return Yard(lowest, highest, bottom, top, sign, bool(rule.bound))


@cache
def yardstick() -> Yardstick:
    """Read ``data/claims.yml``.

    Raises
    ------
    DmeError
        If the file is absent, or does not have the form described at its head.
    """
    return read_claims(paths.home() / CLAIMS)


def read_claims(path: Path) -> Yardstick:
    """Read a list of claims; see `yardstick`."""
    try:
        document = strict_yaml.read(path)
    except FileNotFoundError as error:
        message = f"There is no list of claims, {paths.relative(path)}."
        raise DmeError(message) from error
    try:
        return Yardstick.model_validate(document.typed())
    except ValidationError as error:
        message = (
            f"{document.where} can't be read as the list of claims:\n{document.faults(error)}\n"
            "Its head says what stands where."
        )
        raise DmeError(message) from error
