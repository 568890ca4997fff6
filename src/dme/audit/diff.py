"""What differs between two records of studies, and what of that may explain a figure.

Nothing here is said in words: `dme.audit.told` does that for people, the site in its own way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from dme.audit.record import Figure, Record, Recorded

TOLERANCE = 2e-9
"""How far two computations of one figure may lie apart, as a share of the largest of the figure,
its interval's ends and 1. Figures are stored to ten digits; another processor may round the last
one the other way, which is a billionth at most, and that at both ends of a difference."""
ABSENT = "absent"
"""What stands in place of a value that one record has and the other lacks."""
CLAIMS = "data/claims.yml"

Kind = Literal["parameter", "file", "statements", "module", "package", "python"]
What = Literal["value", "interval", "unit", "claim", "verdict", "basis", "alternatives"]


@dataclass(frozen=True)
class Cause:
    """Something that findings are made of and that differs: what it is, before and after."""

    kind: Kind
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """A finding that both records have, and that is not the same in both.

    Attributes
    ----------
    id : str
        Its id.
    before, after : Recorded
        What the records hold of it.
    what : tuple of str
        Which of it differs.
    choices : tuple of str
        The labels of the other choices whose figures differ, or which one record lacks.
    causes : tuple of Cause
        What it is known to go through that differs.
    """

    id: str
    before: Recorded
    after: Recorded
    what: tuple[What, ...]
    choices: tuple[str, ...]
    causes: tuple[Cause, ...]

    @property
    def verdicts(self) -> bool:
        """Whether both give a verdict, and not the same one."""
        return "verdict" in self.what and None not in {self.before.verdict, self.after.verdict}

    @property
    def measured(self) -> bool:
        """Whether both have a figure, in the same unit."""
        figures = (self.before.value, self.after.value)
        return None not in figures and "unit" not in self.what

    @property
    def margins(self) -> float | None:
        """How far the figure moved, in halves of the width of its interval before."""
        low, high = self.before.low, self.before.high
        if not self.measured or low is None or high is None or low == high:
            return None
        return abs(self.after.value - self.before.value) / ((high - low) / 2)  # type: ignore[operator]

    @property
    def share(self) -> float | None:
        """How far the figure moved, as a share of what it was; None where that was nothing."""
        if not self.measured or not self.before.value:
            return None
        return abs((self.after.value - self.before.value) / self.before.value)  # type: ignore[operator]


@dataclass(frozen=True)
class Comparison:
    """Two records held against each other.

    Attributes
    ----------
    before, after : Record
        The two.
    differences : tuple of Difference
        The findings that both have and that differ.
    causes : tuple of Cause
        All that differs of what findings are made of, whether it moved anything or not.
    same, choices : int
        How many findings are the same in both, and how many figures under other choices are.
    """

    before: Record
    after: Record
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]
    same: int
    choices: int

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """The findings that the first alone has."""
        return tuple(name for name in self.before.findings if name not in self.after.findings)

    @cached_property
    def new(self) -> tuple[str, ...]:
        """The findings that the second alone has."""
        return tuple(name for name in self.after.findings if name not in self.before.findings)

    @property
    def agree(self) -> bool:
        """Whether both hold the same findings, and each is the same."""
        return not (self.differences or self.gone or self.new)

    @cached_property
    def flipped(self) -> tuple[Difference, ...]:
        """The claims on which both give a verdict, and not the same one."""
        found = (each for each in self.differences if each.verdicts)
        return tuple(sorted(found, key=lambda each: _in_order(each.before.claim)))

    @cached_property
    def judged_once(self) -> tuple[list[tuple[Recorded, Recorded]], ...]:
        """The claims on which the first alone gives a verdict, and those on which the second does.

        Each as the finding with the verdict and the one without.
        """
        pairs = [(each.before, each.after) for each in self.differences]
        sides = (pairs, [(after, before) for before, after in pairs])
        return tuple(
            sorted(
                (pair for pair in side if pair[0].verdict and not pair[1].verdict),
                key=lambda pair: _in_order(pair[0].claim),
            )
            for side in sides
        )

    @cached_property
    def moved(self) -> tuple[Difference, ...]:
        """The figures that moved: by their intervals, the farthest first; then those without."""
        moved = [each for each in self.differences if each.measured and "value" in each.what]
        inf = float("inf")
        return tuple(
            sorted(
                moved,
                key=lambda each: (
                    each.margins is None,
                    -(each.margins or 0.0),
                    -(inf if each.share is None else each.share),
                ),
            )
        )


def compare(before: Record, after: Record, tolerance: float = TOLERANCE) -> Comparison:
    """Hold two records against each other.

    Parameters
    ----------
    before, after : Record
        Those of two studies, or of one study at two times.
    tolerance : float, optional
        See `TOLERANCE`.
    """
    causes = tuple(_causes(before, after))
    both = [name for name in before.findings if name in after.findings]
    found = [_difference(name, before, after, causes, tolerance) for name in both]
    differences = tuple(each for each in found if each is not None)
    choices = sum(
        agrees(figure, other, tolerance)
        for name in both
        for label, figure in before.findings[name].choices.items()
        if (other := after.findings[name].choices.get(label)) is not None
    )
    return Comparison(before, after, differences, causes, len(both) - len(differences), choices)


def _in_order(claim: str | None) -> tuple[str, int]:
    """Return what sorts claims: T2 before T10."""
    name = claim or ""
    digits = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return name.removesuffix(digits), int(digits) if digits.isdigit() else 0


def agrees(one: Figure, other: Figure, tolerance: float = TOLERANCE) -> bool:
    """Whether two figures with their intervals are the same within a tolerance."""
    most = _scale(one, other) * tolerance
    return all(_near(*pair, most) for pair in zip(one, other, strict=True))


def _near(one: float | None, other: float | None, most: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= most


def _scale(*figures: Figure) -> float:
    return max([1.0, *(abs(each) for one in figures for each in one if each is not None)])


def _difference(
    name: str,
    before: Record,
    after: Record,
    causes: tuple[Cause, ...],
    tolerance: float,
) -> Difference | None:
    """Return what differs of a finding; None where nothing does."""
    one, other = before.findings[name], after.findings[name]
    most = _scale(one.figure, other.figure) * tolerance
    labels = dict.fromkeys((*one.choices, *other.choices))
    choices = tuple(
        label
        for label in labels
        if not (label in one.choices and label in other.choices)
        or not agrees(one.choices[label], other.choices[label], tolerance)
    )
    apart: dict[What, bool] = {
        "value": not _near(one.value, other.value, most),
        "interval": not (_near(one.low, other.low, most) and _near(one.high, other.high, most)),
        "unit": one.unit != other.unit,
        "claim": one.claim != other.claim,
        "verdict": one.verdict != other.verdict,
        "basis": one.basis != other.basis,
        "alternatives": bool(choices),
    }
    what = tuple(each for each, differs in apart.items() if differs)
    if not what:
        return None
    difference = Difference(name, one, other, what, choices, ())
    mine = tuple(_of_finding(difference, before, after, causes))
    return Difference(name, one, other, what, choices, mine)


def _causes(before: Record, after: Record) -> Iterator[Cause]:
    """Yield all that differs of what findings are made of."""
    kinds: dict[Kind, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        "parameter": (before.parameters, after.parameters),
        "file": (before.files, after.files),
        "module": (before.modules, after.modules),
        "package": (before.packages, after.packages),
    }
    for kind, (one, other) in kinds.items():
        for name in sorted(dict.fromkeys((*one, *other)), key=_machinery):
            # A file, module or package of one alone follows from something else that differs.
            alone = kind != "parameter" and not (name in one and name in other)
            if name == "study" or alone:
                continue
            pair = one.get(name, ABSENT), other.get(name, ABSENT)
            if pair[0] != pair[1]:
                yield Cause(kind, name, *pair)
    if before.python and after.python and before.python != after.python:
        yield Cause("python", "Python", before.python, after.python)


def _machinery(name: str) -> bool:
    """Whether a module is one that all findings go through: what measures comes before it."""
    return name.startswith("src/dme/") and not name.startswith("src/dme/measures/")


def _of_finding(
    difference: Difference, before: Record, after: Record, causes: tuple[Cause, ...]
) -> Iterator[Cause]:
    """Yield those causes that a finding goes through, its own statements first."""
    one, other = difference.before, difference.after
    if one.statements != other.statements:
        yield Cause("statements", one.notebook, one.statements, other.statements)
    pages = before.notebooks.get(one.notebook), after.notebooks.get(other.notebook)
    reached = {
        "parameter": {*one.parameters, *other.parameters},
        "module": _reached("modules", difference, pages),
        "package": _reached("packages", difference, pages),
    }
    tables = {*one.tables, *other.tables}
    for cause in causes:
        if cause.kind == "file":
            judged = cause.name == CLAIMS and {"verdict", "claim"} & {*difference.what}
            mine = bool(judged) or Path(cause.name).stem in tables
        else:
            mine = cause.name in reached.get(cause.kind, {cause.name})
        if mine:
            yield cause


def _reached(what: str, difference: Difference, pages: tuple[Any, Any]) -> set[str]:
    """Return the modules or packages that a finding reaches, or its notebook where that is known.

    A record read from its file tells no more than the latter; one that is made of results does.
    """
    own = [getattr(one, what) for one in (difference.before, difference.after)]
    known = [names for names in own if names is not None]
    return {
        name
        for names in known or [getattr(page, what) for page in pages if page is not None]
        for name in names
    }


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain objects."""
    return {
        "agree": comparison.agree,
        "same": comparison.same,
        "same_alternatives": comparison.choices,
        "flipped": [each.id for each in comparison.flipped],
        "moved": [each.id for each in comparison.moved],
        "differences": [_plain(each) for each in comparison.differences],
        "only_before": list(comparison.gone),
        "only_after": list(comparison.new),
        "causes": [asdict(each) for each in comparison.causes],
    }


def _plain(each: Difference) -> dict[str, Any]:
    told = ("value", "low", "high", "unit", "claim", "verdict", "reason", "basis")
    sides = (each.before, each.after)
    before, after = ({name: getattr(one, name) for name in told} for one in sides)
    choices = {
        label: [list(one.choices[label]) if label in one.choices else None for one in sides]
        for label in each.choices
    }
    return {
        "finding": each.id,
        "title": each.before.title,
        "notebook": each.before.notebook,
        "cell": each.before.cell,
        "what": list(each.what),
        "before": before,
        "after": after,
        "margins": each.margins,
        "share": each.share,
        "alternatives": choices,
        "causes": [asdict(one) for one in each.causes],
    }
