"""A verification in words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dme import paths
from dme.audit import diff
from dme.audit.diff import ABSENT, TOLERANCE, Cause, Comparison, Difference
from dme.audit.diff_words import figure, file_in_words
from dme.audit.record import Figure, Record, place
from dme.audit.verify import Verified
from dme.text import duration, plural

MEANT = (
    "the same means within 2e-9 of the largest of a figure, the ends of its interval, and 1: "
    "figures are stored to ten digits, and another processor may round the last one otherwise"
)
"""What counts as the same figure; the number is `dme.audit.diff.TOLERANCE`."""
_SHOWN = 6


def told(done: Verified) -> str:
    """Return what was verified, and whether what came out is what is recorded."""
    comparison, where = done.comparison, paths.relative(place(done.study))
    lines = [
        f"{done.study}: every notebook run again, from nothing, in ordinary kernels",
        _of(done),
    ]
    if comparison is None:
        return "\n".join([*lines, f"  recorded: {_counts(done.found)} → {where}"])
    lines += [
        "",
        *(_agreeing(comparison, where) if comparison.agree else _apart(comparison, where)),
    ]
    if done.recorded:
        lines.append(f"  → {where} holds what came out now.")
    return "\n".join(lines)


def as_json(done: Verified) -> dict[str, Any]:
    """Return a verification as plain objects."""
    return {
        "study": done.study,
        "commit": done.commit,
        "changed": done.changed,
        "python": done.found.python,
        "cores": done.cores,
        "seconds": round(done.seconds, 1),
        "tolerance": TOLERANCE,
        "findings": len(done.found.findings),
        "comparison": done.comparison and diff.as_json(done.comparison),
    }


def _of(done: Verified) -> str:
    """Return of what, on what and for how long."""
    if not done.commit:
        commit = "no commit: the folder has no history"
    elif done.changed:
        commit = f"commit {done.commit[:10]}, but for {_short(done.changed)}"
    else:
        commit = f"commit {done.commit[:10]}, as it was committed"
    parts = (
        commit,
        done.found.python,
        plural(done.cores, "core"),
        f"{duration(done.seconds)}, without drawing charts",
    )
    return f"  {'; '.join(filter(None, parts))}"


def _counts(record: Record) -> str:
    choices = sum(len(one.alternatives) for one in record.findings.values())
    found = plural(len(record.findings), "finding")
    return f"{found} and {plural(choices, 'figure')} under other choices"


def _agreeing(comparison: Comparison, where: str) -> Iterator[str]:
    yield f"✓ {_counts(comparison.after)} are what {where} holds, with verdict and claim"
    yield f"  {MEANT}"
    if comparison.causes:
        yield f"  Changed since it was recorded, and moves nothing: {_causes(comparison.causes)}"


def _apart(comparison: Comparison, where: str) -> Iterator[str]:
    differing = len(comparison.differences) + len(comparison.gone) + len(comparison.new)
    yield (
        f"✗ {plural(differing, 'finding')} {'is' if differing == 1 else 'are'} not what {where} "
        f"holds; {plural(comparison.same, 'finding')} and {plural(comparison.choices, 'figure')} "
        "under other choices are"
    )
    yield f"  {MEANT}"
    for each in comparison.differences:
        yield ""
        yield from _difference(each, comparison.causes)
    for words, names in (
        ("Recorded, and not found now", comparison.gone),
        ("Found now, and not recorded", comparison.new),
    ):
        if names:
            yield ""
            yield f"  {words}: {', '.join(names)}"
    left = [one for one in comparison.causes if not _explains(one, comparison.differences)]
    if left:
        yield ""
        yield f"  Changed too since it was recorded: {_causes(left)}"


def _difference(each: Difference, every: Sequence[Cause]) -> Iterator[str]:
    """Yield what differs of a finding, and why, among every cause that there is."""
    before, after = each.before, each.after
    yield f"  {each.id} ({before.title}; {after.notebook}, cell {after.cell})"
    if {"value", "interval", "unit"} & {*each.what}:
        pair = (before.figure, before.unit), (after.figure, after.unit)
        what = "value" if "value" in each.what else "interval"
        yield _pair(what, *(figure(*one, other[0]) for one, other in (pair, pair[::-1])))
    for what in ("verdict", "claim", "basis"):
        if what in each.what:
            yield _pair(what, *(getattr(one, what) or "none" for one in (before, after)))
    for label in each.choices:
        sides = [one.choices.get(label) for one in (before, after)]
        yield _pair(f"under “{label}”", *_choices(sides, before.unit))
    if each.causes:
        causes = _causes(each.causes)
    elif every:
        causes = f"nothing that it is known to go through; in all, {_causes(every)}"
    else:
        causes = "nothing that is recorded: is it the machine's arithmetic, or the record itself?"
    yield f"    what differs of what it is made of: {causes}"


def _pair(what: str, before: str, after: str) -> str:
    return f"    {what}: recorded {before}; now {after}"


def _choices(sides: Sequence[Figure | None], unit: str) -> Iterator[str]:
    for one, other in (sides, sides[::-1]):
        yield "nothing" if one is None else figure(one, unit, other)


def _explains(one: Cause, differences: Iterable[Difference]) -> bool:
    return any(one in each.causes for each in differences)


def _causes(causes: Iterable[Cause]) -> str:
    return _short([_cause(one) for one in causes], "; ")


def _cause(one: Cause) -> str:
    """Return something that is no longer what was recorded."""
    if one.kind == "statements":
        return f"its statements in notebooks/{one.name}.ipynb changed"
    if one.kind in {"parameter", "package", "python"}:
        return f"{one.name} was {one.before}, and is {one.after}"
    gone = {one.before: " is new", one.after: " is gone"}.get(ABSENT, " changed")
    return f"{file_in_words(one.name)}{gone}"


def _short(words: Sequence[str], between: str = ", ") -> str:
    more = f"{between}and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return between.join(words[:_SHOWN]) + more
