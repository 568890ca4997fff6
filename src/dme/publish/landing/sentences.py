"""What it comes to, in sentences that ask nothing of a reader but to know what a school is.

They are composed of the findings' own figures; what was not measured is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dme.findings import Entry, Finding
from dme.findings.judging import Verdict
from dme.linked import in_html, numbers_linked
from dme.publish.markup import raw
from dme.text import quantity, span, unit_head

_HOLDS = {
    Verdict.REPRODUCED: "and that holds",
    Verdict.CONSISTENT: "and that may well be right",
    Verdict.SAME_DIRECTION: "which points the right way, though its size is another",
    Verdict.NOT_REPRODUCED: "which public data do not bear out",
    Verdict.NOT_TESTABLE: "which no public record can tell",
}


@dataclass(frozen=True)
class Figures:
    """The findings of a study that were measured, as words whose numbers lead to them."""

    found: Mapping[str, Finding]

    def __contains__(self, name: str) -> bool:
        """Whether a figure was measured."""
        return name in self.found

    def value(self, name: str, unit: str = "") -> str:
        """Return a figure in words, in its own unit or another: ``24.1% smaller``."""
        found = self.found[name]
        return numbers_linked(quantity(found.value, unit or found.unit), name)

    def clear(self, name: str) -> bool:
        """Whether its interval lies on one side of zero; what has none is as it was counted."""
        found = self.found[name]
        return found.low is None or not found.low <= 0 <= found.high

    def above(self, name: str) -> bool:
        """Whether it is clearly above zero."""
        return self.clear(name) and self.found[name].value > 0

    def reach(self, name: str, unit: str = "") -> str:
        """Return in words how far off a figure may be; "" where it was counted."""
        found = self.found[name]
        if found.low is None:
            return ""
        if not self.clear(name):
            ends = span(found.low, found.high, unit or found.unit, found.value)
            words = numbers_linked(ends, name)
            return f"; the record allows anything from {words}, so it can't tell which"
        head = unit_head(unit or found.unit)
        least, most = (
            numbers_linked(quantity(end, head), name)
            for end in sorted((abs(found.low), abs(found.high)))
        )
        return f"; it may be as little as {least} or as much as {most}"

    def holds(self, name: str) -> str:
        """Return in words whether what was published holds."""
        return _HOLDS.get(self.found[name].verdict, "which is not judged here")

    def said(self, name: str) -> str:
        """Return what was published, and whether it holds, as a sentence; "" where nothing was."""
        found = self.found[name]
        if not found.verdict or not found.published or found.published == "–":
            return ""
        published = numbers_linked(found.published, name)
        return f" The study said {published}, {self.holds(name)}."


def sentences(entries: Sequence[Entry], place: str, *, claimed: bool) -> str:
    """Return what a study comes to as Markdown; "" where nothing that they tell was measured.

    Parameters
    ----------
    entries : sequence of Entry
        Its ledger.
    place : str
        The name of its district.
    claimed : bool
        Whether the claims speak of it.
    """
    figures = Figures({e.finding.id: e.finding for e in entries if e.finding.value is not None})
    ways = {entry.finding.id: entry.link for entry in entries}
    told = [*_always(figures, place), *(_of_plan if claimed else _of_today)(figures, place)]
    items = "\n".join(
        f"<li><strong>{head}.</strong> {in_html(escape(words, quote=False), ways.__getitem__)}</li>"
        for head, words in told
    )
    heading = '<h2 id="in-five-sentences">What it comes to</h2>'
    return raw(f'{heading}\n<ul class="sentences">{items}</ul>') if told else ""


Told = Iterator[tuple[str, str]]


def _always(figures: Figures, place: str) -> Told:
    """Yield what is told of every study: the size of schools, and what small ones cost."""
    if "school-size" in figures:
        yield (
            "Size",
            f"The average school of {place} is {figures.value('school-size')} than those of its "
            f"peer districts{figures.reach('school-size')}.{figures.said('school-size')}",
        )
    if "small-school-premium" in figures:
        yield "Small schools", " ".join(_cost(figures))


def _cost(figures: Figures) -> Iterator[str]:
    yield (
        f"Small schools spend {figures.value('small-school-premium')} than the others"
        f"{figures.reach('small-school-premium')}."
    )
    if not figures.above("small-school-premium"):
        return
    if "small-school-cost" in figures and figures.above("small-school-cost"):
        yield f"In all that makes about {figures.value('small-school-cost')}."
    if "small-underused-cost" in figures and figures.above("small-underused-cost"):
        yield (
            "The study spoke of those among them that also have many empty seats: by a model of "
            f"their seats, these cost about {figures.value('small-underused-cost')} more"
            f"{figures.reach('small-underused-cost')}.{figures.said('small-underused-cost')}"
        )
    if "premium-in-peers" in figures and not figures.clear("premium-in-peers"):
        yield "It need not be so: in the peer districts small schools do not clearly cost more."


def _of_plan(figures: Figures, _: str) -> Told:
    """Yield what is told of the study that the claims speak of."""
    if choice := " ".join(_choice(figures)):
        yield "Choice and travel", choice
    if plan := " ".join(_plan(figures)):
        yield "The plan", plan
    if since := " ".join(_became(figures)):
        yield "What became of it", since


def _choice(figures: Figures) -> Iterator[str]:
    if "growth-reach-neighborhoods" in figures:
        yield (
            f"In {figures.value('growth-reach-neighborhoods')} most young children could go to no "
            "school with above-average growth unless they won a seat in a lottery"
            f"{figures.reach('growth-reach-neighborhoods')}. The study said that many families "
            f"could reach none, {figures.holds('growth-reach-neighborhoods')}."
        )
    if "high-school-distance" in figures:
        yield (
            f"The nearest high school is {figures.value('high-school-distance')} than elsewhere"
            f"{figures.reach('high-school-distance')}. The study spoke of a long way, "
            f"{figures.holds('high-school-distance')}."
        )


def _plan(figures: Figures) -> Iterator[str]:
    if "released-together" in figures:
        yield (
            f"By a model, the plan would free about {figures.value('released-together')}"
            f"{figures.reach('released-together')}.{figures.said('released-together')}"
        )
    if "students-who-stay" in figures:
        yield (
            f"About {figures.value('students-who-stay')} would stay in their program."
            f"{figures.said('students-who-stay')}"
        )


def _became(figures: Figures) -> Iterator[str]:
    if "plan-carried-out" in figures:
        yield (
            "Of what the plan was to close, to move or to give other grades, "
            f"{figures.value('plan-carried-out', 'percent')} was done."
        )
    if "size-gap-now" in figures:
        yield (
            f"In {figures.found['size-gap-now'].year} the average school was "
            f"{figures.value('size-gap-now')} than those of the peer districts."
        )
    if "plan-carried-out" in figures:
        yield "What of this the plan brought about, no public record can tell."


def _of_today(figures: Figures, place: str) -> Told:
    """Yield what is told of a study that no claims speak of."""
    if "teachers-per-grade" in figures:
        unit = "teachers more|fewer"
        yield (
            "Teams",
            f"In each grade small schools have {figures.value('teachers-per-grade', unit)} than "
            f"the others{figures.reach('teachers-per-grade', unit)}.",
        )
    if learning := " ".join(_learning(figures)):
        yield "Learning", learning
    if "enrollment-trend" in figures:
        unit = "percent more|fewer"
        yield (
            "Students",
            f"Each year there were {figures.value('enrollment-trend', unit)} students in the "
            f"schools of {place} ({figures.found['enrollment-trend'].year})"
            f"{figures.reach('enrollment-trend', unit)}.",
        )


def _learning(figures: Figures) -> Iterator[str]:
    if "growth-now" in figures:
        yield (
            f"Pupils reach {figures.value('growth-now')} of their growth targets than those of "
            f"the peer districts{figures.reach('growth-now')}."
        )
    if "absence-now" in figures:
        yield (
            f"Of the students {figures.value('absence-now')} miss a tenth of their school days or "
            f"more{figures.reach('absence-now')}."
        )
