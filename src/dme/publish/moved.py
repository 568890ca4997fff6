"""What moved between two studies of a site, how far and why, as `dme diff` tells it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from dme.audit import diff_words
from dme.audit.diff import Cause, Comparison, Difference
from dme.audit.diff_words import Names
from dme.audit.record import Figure
from dme.findings.claims import yardstick
from dme.publish.inert import literal
from dme.publish.markup import raw
from dme.tabled import Cell, tabled
from dme.text import plural, quantity, unit_head

_MOST = 8
"""How many figures are told: who looks for more finds every one in the tables below."""
_WIDTH, _ROW, _EDGE = 200, 16, 6
"""Of the picture: its width, the height of a study's line in it, the room at both ends."""
_TALL = 2 * _ROW + 16
"""Its height with the ends of its scale."""


Cells = Callable[[str], tuple[Cell, Sequence[Cell]]]


def moved(comparison: Comparison, names: Names, cells: Cells) -> str:
    """Return the movements between two studies that say most, the largest first, as Markdown.

    Of all figures those come first on which a published claim hangs: they are what the study was
    made to find. What else moved is counted. Between two districts no cause is told.

    Parameters
    ----------
    comparison : Comparison
        The two studies' records, held against each other.
    names : Names
        What the studies are called.
    cells : callable
        Gives, of a finding's id, its title and its figure in each of the two.
    """
    two = _two_districts(comparison)
    heading = " beside ".join(names) if two else f"From {' to '.join(names)}"
    districts = diff_words.district_names()
    rows = []
    for each in _first(comparison):
        title, figures = cells(each.id)
        about = Cell(" ".join(_about(each, names, districts, two=two)))
        rows.append([title._replace(html=title.html + _picture(each)), *figures, about])
    heads = ("Finding", *names, "How far" if two else "How far, and computed with what")
    table = raw(tabled(heads, rows, heading, "stack side moved")) if rows else ""
    lead = raw(f"<p>{escape(' '.join(_lead(comparison, names, two=two)))}</p>")
    return f"## {literal(heading)}\n\n{lead}\n{table}"


def _two_districts(comparison: Comparison) -> bool:
    return any(each.kind == "parameter" and each.name == "district" for each in comparison.causes)


def _first(comparison: Comparison) -> list[Difference]:
    """Return the verdicts that differ, then the largest movements of what claims hang on."""
    judging = {claim.finding for claim in yardstick().claims}
    far = [each for each in comparison.moved if each.id in judging and not each.verdicts]
    return [*comparison.flipped, *far[:_MOST]]


def _lead(comparison: Comparison, names: Names, *, two: bool) -> Iterator[str]:
    """Yield sentences on how much differs."""
    if comparison.agree:
        yield f"Nothing: all figures of {plural(comparison.same, 'finding')} are the same."
        return
    out = sum(map(diff_words.outside, comparison.moved))
    verb, none = ("differ", "are the same") if two else ("moved", "did not")
    yield (
        f"{plural(len(comparison.moved), 'finding')} {verb}, {out:,} of them by more than the "
        f"interval of {names.before} allows; {comparison.same:,} {none}."
    )
    for found, name, other in zip(comparison.judged_once, names, names[::-1], strict=True):
        if any(lacking.reason for _, lacking in found):
            claims = plural(len(found), "claim")
            yield f"On {claims} {name} alone has a verdict: {other} departs from their terms."
    if comparison.moved:
        yield "Here stand those on which a published claim hangs, the largest movement first."
    if two:
        yield "Two districts differ in more than tables tell, so no cause is named."


def _about(
    each: Difference, names: Names, districts: Mapping[str, str], *, two: bool
) -> Iterator[str]:
    """Yield sentences on how far a figure moved, and on what that is known to rest."""
    if each.measured:
        yield f"{_by(each)}."
    if each.verdicts:
        yield f"The verdict: {each.before.verdict}, then {each.after.verdict}."
    if each.margins is not None:
        where = "Outside" if diff_words.outside(each) else "Inside"
        yield f"{where} the interval of {escape(names.before)}."
    causes = [_cause(one, names, districts) for one in each.causes if _counts(one, two=two)]
    if causes:
        listed = "; ".join(causes)
        lead = "Besides the district differ" if two else "Computed with"
        yield f'<span class="place">{lead}: {listed}.</span>'


def _by(each: Difference) -> str:
    """Return by how much a figure moved, with its sign, in points where it is a percentage."""
    change = (each.after.value or 0) - (each.before.value or 0)
    unit = unit_head(each.after.unit)
    words = quantity(abs(change), "points" if unit == "percent" else unit)
    return f"<b>{'−' if change < 0 else '+'}{words}</b>"


def _counts(one: Cause, *, two: bool) -> bool:
    """Whether a cause is worth its words: of another district, not what follows from it."""
    if one.kind not in {"parameter", "file", "statements"}:
        return False
    return not two or (one.name != "district" and list not in {type(one.before), type(one.after)})


def _cause(one: Cause, names: Names, districts: Mapping[str, str]) -> str:
    words = escape(diff_words.changed(one, names, districts))
    if one.kind != "parameter":
        return words
    return words.replace(one.name, one.name.replace("_", " "), 1)


def _picture(each: Difference) -> str:
    """Return both figures, one below the other, on one scale; "" where neither has an interval."""
    sides = (each.before.figure, each.after.figure)
    known = [end for one in sides for end in one if end is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if not each.measured or each.before.low is each.after.low is None or low == high:
        return ""

    def at(value: float) -> str:
        return f"{_EDGE + (value - low) / (high - low) * (_WIDTH - 2 * _EDGE):.1f}"

    zero = f'<path class="zero" d="M{at(0)} 0V{2 * _ROW}"/>' if low < 0 < high else ""
    rows = "".join(_line(one, row, at) for row, one in enumerate(sides))
    unit = unit_head(each.before.unit)
    ends = "".join(
        f'<text x="{x}" y="{_TALL - 3}" text-anchor="{anchor}">{escape(quantity(end, unit))}</text>'
        for end, x, anchor in ((low, 0, "start"), (high, _WIDTH, "end"))
    )
    return (
        f'<svg class="strip" viewBox="0 0 {_WIDTH} {_TALL}" width="{_WIDTH}" '
        f'height="{_TALL}" aria-hidden="true">{zero}{rows}{ends}</svg>'
    )


def _line(one: Figure, row: int, at: Callable[[float], str]) -> str:
    """Return a figure's dot, on the line of its interval."""
    middle, kind = _ROW * row + _ROW // 2, ("before", "after")[row]
    ends = ""
    if one.low is not None and one.high is not None:
        ends = f'<path d="M{at(one.low)} {middle}H{at(one.high)}"/>'
    dot = "" if one.value is None else f'<circle cx="{at(one.value)}" cy="{middle}" r="4.5"/>'
    return f'<g class="{kind}">{ends}{dot}</g>'
