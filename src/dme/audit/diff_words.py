"""A comparison of two records in words: for a terminal, to be read aloud, and as Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from dme.audit.diff import ABSENT, Cause, Comparison, Difference, Kind
from dme.audit.record import Figure, Record, Recorded
from dme.errors import DmeError
from dme.findings.claims import in_words, yardstick
from dme.tables import load
from dme.text import plural, quantity, span

_COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_MOST, _SHORT = 6, 12
_FAR = 100
_FEW = (1, 2)
"""How many parameters can be kept in mind from the first sentence on."""
_HEADS: dict[Kind, str] = {
    "parameter": "Parameters that differ",
    "file": "Tables and other files that differ",
    "module": "Modules that differ",
    "package": "Packages that differ",
    "python": "The interpreter",
}


class Names(NamedTuple):
    """What the two records are called."""

    before: str
    after: str


def told(comparison: Comparison, names: Names, most: int | None = 15) -> str:
    """Return what differs between two records in sentences: verdicts, figures, what explains them.

    Parameters
    ----------
    comparison : Comparison
        The two.
    names : Names
        What they are called.
    most : int or None, optional
        How many of the figures that moved are told one by one; all of them if None.
    """
    if comparison.agree:
        return "\n\n".join([_alike(comparison, names), *_explained(comparison, names, None)])
    parts = [
        _first(comparison, names),
        *_verdicts(comparison, names),
        *_figures(comparison, names, most),
        *_elsewhere(comparison, names),
        *_explained(comparison, names, most and _SHORT),
    ]
    return "\n\n".join(filter(None, parts))


def markdown(comparison: Comparison, names: Names) -> str:
    """Return the same for a pull request: a short first line, the verdicts, the rest folded."""
    parts = [f"**{headline(comparison, names)}** {_inert(names.before)} → {_inert(names.after)}"]
    heads = [names.before, names.after]
    if comparison.flipped:
        rows = [
            [
                _claim(each.before),
                *(f"{one.verdict}: {figure(one.figure, one.unit)}" for one in _sides(each)),
                each.after.reason,
            ]
            for each in comparison.flipped
        ]
        parts.append(_table(["Claim", *heads, "Why"], rows))
    for found, name in zip(comparison.judged_once, names, strict=True):
        rows = [[_claim(one), one.verdict or "", other.reason] for one, other in found]
        if any(reason for *_, reason in rows):
            table = _table(["Claim", f"Verdict in {name}", "Why none in the other"], rows)
            parts.append(
                _folded(f"{plural(len(rows), 'claim')} with a verdict in {name} alone", table)
            )
    if comparison.moved:
        rows = [
            [
                each.before.title,
                figure(each.before.figure, each.before.unit, each.after.figure),
                figure(each.after.figure, each.after.unit, each.before.figure),
                _how_far(each).removeprefix(", "),
                ", ".join(_read(each)),
            ]
            for each in comparison.moved
        ]
        table = _table(["Finding", *heads, "Moved by", "Reads"], rows)
        note = f"A margin is half the width of the interval in {_inert(names.before)}."
        parts.append(_folded(f"{plural(len(rows), 'figure')} moved", f"{table}\n\n{note}"))
    if elsewhere := list(_elsewhere(comparison, names)):
        listed = "\n".join(f"- {_inert(one)}" for one in elsewhere)
        parts.append(_folded("What else differs", listed))
    if made_of := _made_of(comparison, names):
        listed = "\n".join(
            f"- {head}\n" + "\n".join(f"  - {_inert(one)}" for one in each)
            for head, each in made_of.items()
        )
        parts.append(_folded("What they are made of that differs", listed))
    return "\n\n".join(parts) + "\n"


def _sides(each: Difference) -> tuple[Recorded, Recorded]:
    return each.before, each.after


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_inert, line))} |" for line in lines)


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{_inert(summary)}</summary>\n\n{body}\n\n</details>"


def _inert(words: str) -> str:
    """Return text that stands for itself in Markdown, in tables too, and calls nobody by name."""
    marked = re.sub(r"([\\`*_\[\]|~])", r"\\\1", escape(" ".join(words.split()), quote=False))
    return re.sub("([@#])", "\\1\u2060", marked)


def headline(comparison: Comparison, names: Names) -> str:
    """Return in one sentence how much differs."""
    if comparison.agree:
        return "No verdict and no figure differs."
    moved = _counted(len(comparison.moved), "figure", "moved", "moved")
    same = _counted(comparison.same, "finding", "is the same", "are the same")
    alone = [
        f"{_counted(len(found), 'claim', 'has', 'have')} a verdict in {name} alone"
        if any(lacking.reason for _, lacking in found)
        else f"no published claim speaks of {other}"
        for found, name, other in zip(comparison.judged_once, names, names[::-1], strict=True)
        if found
    ]
    flipped = _counted(len(comparison.flipped), "verdict", "differs", "differ")
    parts = [*([flipped] if comparison.flipped or not alone else []), *alone, moved, same]
    return f"{_capital(_listed(parts))}."


def cause(one: Cause, names: Names, districts: Mapping[str, str]) -> str:
    """Return in words what differs."""
    if isinstance(one.before, list) and isinstance(one.after, list):
        return f"{one.name}: {_lists(one.before, one.after, names, districts)}"
    if one.kind in {"parameter", "package", "python"}:
        before, after = (_value(value, districts) for value in (one.before, one.after))
        return f"{one.name}: {before} in {names.before}, {after} in {names.after}"
    if one.kind == "statements":
        return f"its statements in the notebook {one.name}"
    gone = [name for name, sha in zip(names, (one.before, one.after), strict=True) if sha == ABSENT]
    return f"{file_in_words(one.name)}{f', which {gone[0]} lacks' if gone else ''}"


def changed(one: Cause, names: Names, districts: Mapping[str, str]) -> str:
    """Return in few words what a parameter was and is; of anything else, what differs."""
    if one.kind != "parameter" or isinstance(one.before, list):
        return cause(one, names, districts)
    return f"{one.name} {_value(one.before, districts)} → {_value(one.after, districts)}"


def figure(found: Figure, unit: str, other: Figure | None = None) -> str:
    """Return a figure with its interval as the site has it.

    With more digits where it would read like another figure that it stands against.
    """
    words = _figure(found, unit)
    if other is None or found == other or words != _figure(other, unit):
        return words
    ends = "" if found.low is None else f" ({found.low:.10g} to {found.high:.10g})"
    return f"{found.value:.10g}{ends}" if found.value is not None else words


def _figure(found: Figure, unit: str) -> str:
    if found.value is None:
        return "not measured"
    ends = "" if found.low is None else f" ({span(found.low, found.high, unit, found.value)})"
    return f"{quantity(found.value, unit)}{ends}"


def _alike(comparison: Comparison, names: Names) -> str:
    choices = plural(comparison.choices, "figure")
    return (
        f"{names.before} and {names.after} have the same findings: {comparison.same:,} with their "
        f"verdicts, and {choices} under other choices."
    )


def _first(comparison: Comparison, names: Names) -> str:
    """Return the first sentences: how much differs, and what is compared."""
    apart = _parameters(comparison)
    if len(apart) in _FEW:
        districts = district_names()
        listed = _listed(
            [
                f"{each.name} is {_value(each.before, districts)} in {names.before} and "
                f"{_value(each.after, districts)} in {names.after}"
                for each in apart
            ]
        )
        return f"{headline(comparison, names)}\nOf the parameters, {listed}."
    number = _counted(len(apart), "parameter", "differs", "differ")
    listed = "; they are listed in the end" if apart else ""
    compared = f"{names.before} is held against {names.after}: {number}{listed}."
    return f"{headline(comparison, names)}\n{compared}"


def _parameters(comparison: Comparison) -> list[Cause]:
    return [each for each in comparison.causes if each.kind == "parameter"]


def _verdicts(comparison: Comparison, names: Names) -> Iterator[str]:
    """Yield the claims whose verdict is another one, then those that have one in one alone."""
    for each in comparison.flipped:
        sides = zip(names, (each.before, each.after), strict=True)
        told = [f"  {name}: {figure(one.figure, one.unit)}. {one.reason}" for name, one in sides]
        verdicts = (
            f"{each.before.verdict} in {names.before}, {each.after.verdict} in {names.after}."
        )
        yield "\n".join([f"{_claim(each.before)}: {verdicts}", *told])
    for found, name, other in zip(comparison.judged_once, names, names[::-1], strict=True):
        if not any(lacking.reason for _, lacking in found):
            continue
        lines = [f"Claims with a verdict in {name} alone:"]
        for reason in dict.fromkeys(lacking.reason for _, lacking in found):
            lines += [
                f"  {_claim(one)}: {one.verdict}, with {_both(one, lacking, other)}."
                for one, lacking in found
                if lacking.reason == reason
            ]
            lines.append(f"  In {other}, {reason[:1].lower()}{reason[1:]}")
        yield "\n".join(lines)


def _both(one: Recorded, lacking: Recorded, other: str) -> str:
    words, beside = figure(one.figure, one.unit), figure(lacking.figure, lacking.unit)
    return f"{words} in both" if words == beside else f"{words}; in {other} {beside}"


def _figures(comparison: Comparison, names: Names, most: int | None) -> Iterator[str]:
    """Yield how far figures moved, those beside the verdicts above too."""
    moved = comparison.moved
    if not moved:
        return
    lead = f"{_capital(_counted(len(moved), 'figure', 'moved', 'moved'))} from {names.before} to "
    lead += f"{names.after}"
    if any(each.margins is not None for each in moved):
        out = _counted(sum(map(outside, moved)), "figure", "lies", "lie")
        lead += (
            f"{', the farthest first' if len(moved) > 1 else ''}. A margin is half the width of "
            f"the interval in {names.before}; {out} outside that interval in {names.after}"
        )
    read = [_read(each) for each in moved]
    shared = [name for name in read[0] if all(name in names for names in read)]
    if shared and len(moved) > 1:
        lead += f". All of them read {_listed(shared)}"
    lines = [
        f"  {number}. {_moved(each, [name for name in _read(each) if name not in shared])}"
        for number, each in enumerate(moved[:most], start=1)
    ]
    left = len(moved) - len(lines)
    more = [f"  And {left:,} more; --all tells of them."] if left else []
    yield "\n".join([f"{lead}.", *lines, *more])


def _read(each: Difference) -> list[str]:
    """Return which of the parameters that differ a finding reads."""
    return [cause.name for cause in each.causes if cause.kind == "parameter"]


def _moved(each: Difference, read: Sequence[str]) -> str:
    """Return how far a figure moved, and which parameters it reads."""
    one, other = each.before, each.after
    return (
        f"{one.title}: from {figure(one.figure, one.unit, other.figure)} to "
        f"{figure(other.figure, other.unit, one.figure)}{_how_far(each)}."
        f"{f' It reads {_listed(read)}.' if read else ''}"
    )


def _how_far(each: Difference) -> str:
    """Return how far a figure moved, as the end of a sentence."""
    if each.margins is not None:
        far = each.margins >= _FAR
        return ", far outside the interval" if far else f", {each.margins:.2g} margins"
    if each.share is not None:
        return f", {100 * each.share:.2g} percent"
    return ""


def outside(each: Difference) -> bool:
    """Whether a figure moved out of the interval that it had."""
    low, high, value = each.before.low, each.before.high, each.after.value
    return low is not None and high is not None and value is not None and not low <= value <= high


def _elsewhere(comparison: Comparison, names: Names) -> Iterator[str]:
    """Yield what differs besides verdicts and figures, and what only one record has."""
    rest = [e for e in comparison.differences if not {"value", "unit"} & {*e.what}]
    for words, found in (
        ("the interval differs", [e for e in rest if "interval" in e.what]),
        ("other choices give other figures", [e for e in rest if {*e.what} == {"alternatives"}]),
    ):
        if found:
            number = _number(len(found), "finding")
            yield f"In {number} {words} while the figure is the same: {_titles(found)}."
    for name, which, lacking in (
        (names.before, "before", "after"),
        (names.after, "after", "before"),
    ):
        alone = [
            getattr(e, which)
            for e in comparison.differences
            if getattr(e, lacking).value is None and getattr(e, which).value is not None
        ]
        if alone:
            yield f"Measured in {name} alone: {_short(one.title for one in alone)}."
    units = [e for e in comparison.differences if "unit" in e.what]
    if units:
        yield f"Told in other units, and so not compared: {_titles(units)}."
    for name, ids, record in (
        (names.before, comparison.gone, comparison.before),
        (names.after, comparison.new, comparison.after),
    ):
        if ids:
            yield f"Among the findings of {name} alone: {_short(_title(record, i) for i in ids)}."


def _made_of(comparison: Comparison, names: Names) -> dict[str, list[str]]:
    """Return in words what findings are made of that differs, by its sort."""
    districts = district_names()
    found: dict[str, list[str]] = {}
    for each in comparison.causes:
        found.setdefault(_HEADS[each.kind], []).append(cause(each, names, districts))
    written = [e.id for e in comparison.differences if any(_is_code(c) for c in e.causes)]
    if written:
        found["Findings whose statements in the notebook differ"] = written
    return found


def _is_code(one: Cause) -> bool:
    return one.kind == "statements"


def _explained(comparison: Comparison, names: Names, most: int | None) -> list[str]:
    """Return a paragraph for each sort of what differs, less what the first sentences told.

    Of each sort no more than `most` are told, where that is given.
    """
    made_of = _made_of(comparison, names)
    if not made_of:
        return ["Nothing that is recorded of what they are made of differs."]
    if len(_parameters(comparison)) in _FEW:
        del made_of[_HEADS["parameter"]]
    told = []
    for head, each in made_of.items():
        left = len(each) - len(each[:most])
        more = [f"and {left:,} more; --all tells of them"] if left else []
        told.append("\n".join([f"{head}:", *(f"  {line}" for line in (*each[:most], *more))]))
    return told or ["Nothing else that is recorded of what they are made of differs."]


def _lists(
    before: Sequence[object], after: Sequence[object], names: Names, districts: Mapping[str, str]
) -> str:
    """Return in words what each of two lists has that the other lacks."""
    alone = (
        (names.before, [each for each in before if each not in after]),
        (names.after, [each for each in after if each not in before]),
    )
    parts = [
        f"{name} alone has {_short((_value(each, districts) for each in those), _MOST)}"
        for name, those in alone
        if those
    ]
    return "; ".join(parts) or "in another order"


def _value(value: object, districts: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return _short((_value(each, districts) for each in value), _MOST) or "none"
    if isinstance(value, str) and value in districts:
        return districts[value]
    return "none" if value is None else in_words(value)


def district_names() -> dict[str, str]:
    """Return the names of districts by code; none where the table can't be read."""
    try:
        rows = load("districts")
    except DmeError:
        return {}
    return dict(rows.set_index("district_code")["district"])


def file_in_words(name: str) -> str:
    """Return a file that a notebook read, in words."""
    path = Path(name)
    return f"the table {path.stem}" if name.startswith("data/tables/") else name


def _claim(one: Recorded) -> str:
    """Return a claim with its statement, as far as it is on the list of today."""
    name = one.claim or ""
    try:
        return f"Claim {name}, “{yardstick()[name].statement.rstrip('.')}”"
    except DmeError:
        return f"Claim {name} ({one.title})"


def _title(record: Record, name: str) -> str:
    return record.findings[name].title


def _titles(found: Iterable[Difference]) -> str:
    return _short(each.before.title for each in found)


def _short(words: Iterable[str], most: int = _SHORT) -> str:
    """Return words as a list, the first of them in full."""
    told = list(words)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return "; ".join(told[:most]) + more


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _counted(count: int, noun: str, one: str, many: str) -> str:
    """Return ``one verdict differs``, ``two verdicts differ``, ``no figure moved``."""
    return f"{_number(count, noun)} {one if count < 2 else many}"


def _number(count: int, noun: str) -> str:
    word = _COUNTS[count] if count < len(_COUNTS) else f"{count:,}"
    return f"{word} {noun}{'' if count < 2 else 's'}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
