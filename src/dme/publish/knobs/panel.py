"""A panel as it stands without a script: each figure under the study's own choices, among all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dme import cards
from dme.publish.knobs.data import PATH, place
from dme.publish.knobs.grid import Grid
from dme.publish.knobs.strip import published, svg
from dme.publish.markup import link, raw
from dme.study import Study
from dme.sweeps import Sweep

HEADING = "## Try other choices {#knobs}"
_WHAT = (
    "Each figure here rests on choices that could be made otherwise. Make others, and see what it "
    "becomes. Every dot is one combination of choices, computed beforehand by the study's own "
    "program; the large marker is yours, the bar beside it its interval{published}."
)
_PUBLISHED = ", the dashed line what was published"
_DOTS = (
    "**Not what suits.** Among so many combinations one gives almost any answer that one may wish "
    "for. Look at where most of the dots lie, and not at the one that you like best."
)
_APART = (
    " Pale dots depart from the claim's own terms, such as its line of what is small: the claim "
    "says nothing of those, and they get no verdict."
)
_ROUGH = (
    " The study's own intervals rest on {own:,} random draws, all others on {others:,}: their ends "
    "are a little rougher."
)


@dataclass(frozen=True)
class Panel:
    """What a page gets: Markdown, and the files that stand beside it, by path."""

    markdown: str
    files: Mapping[str, bytes]


def markdown(page: str, grids: Sequence[Grid], sweep: Sweep, ran: Study, more: str = "") -> str:
    """Return a page's panel as Markdown.

    Parameters
    ----------
    page : str
        Its name.
    grids : sequence of Grid
        The findings of the page that the sweep tried.
    sweep : Sweep
        The sweep.
    ran : Study
        The study's own choices.
    more : str
        The address of the page that says how firm the figures are; "" where there is none.
    """
    dots = _DOTS
    if any(grid.apart.any() for grid in grids):
        dots += _APART
    draws = _draws(sweep, ran)
    if draws != ran.resamples:
        dots += _ROUGH.format(own=ran.resamples, others=draws)
    if more:
        dots += f" [How firm is it?]({more}) weighs all of them."
    groups = "".join(map(_group, grouped(grids)))
    told = (
        f'<div class="knobs" data-choices="{escape(PATH.format(page))}">'
        '<noscript><p class="knobs-note">The figures below are those of the study\'s own choices, '
        "each among all that were tried. To make others, JavaScript must be allowed.</p></noscript>"
        f"{groups}</div>"
    )
    what = _WHAT.format(published=_PUBLISHED if any(map(published, grids)) else "")
    return f"\n{HEADING}\n\n{what}\n\n{raw(told)}\n{dots}\n"


def grouped(grids: Sequence[Grid]) -> list[list[Grid]]:
    """Return findings with those that hang on the same choices, or on some of these."""
    names = [{axis.name for axis in grid.axes} for grid in grids]
    groups: dict[int, list[Grid]] = {}
    for grid, own in zip(grids, names, strict=True):
        # Sets are compared by what they hold: of those that hold all of it, the largest.
        widest = max(
            (n for n, other in enumerate(names) if own <= other), key=lambda n: len(names[n])
        )
        groups.setdefault(widest, []).append(grid)
    return list(groups.values())


def _draws(sweep: Sweep, ran: Study) -> int:
    """Return how many draws an interval of the sweep rests on."""
    sets = next(iter(sweep.axes.get("resamples", {}).values()), {})
    return int(sets.get("resamples", sweep.shared.get("resamples", ran.resamples)))


def _group(grids: Sequence[Grid]) -> str:
    widest = max(grids, key=lambda grid: len(grid.axes))
    names = " ".join(axis.name for axis in widest.movers)
    figures = "".join(map(_figure, grids))
    return (
        f'<div class="knobs-group" data-axes="{escape(names)}"><div class="knobs-choices"></div>'
        f'<div class="knobs-figures">{figures}</div></div>'
    )


def _figure(grid: Grid) -> str:
    found = grid.finding
    chip = cards.chip(cards.verdict_class(found), found.verdict_text)
    interval = escape(found.interval_text) if found.low is not None else ""
    value = f'<b>{escape(found.value_text)}</b> <span class="finding-interval">{interval}</span>'
    return (
        f'<div class="knob" role="group" data-finding="{escape(found.id)}" '
        f'aria-label="{escape(found.title)}">'
        f'<p class="knob-head">{link(f"#{found.id}", found.title)}</p>'
        f'<p class="knob-value">{value} <span class="knob-chips">{chip if grid.judged else ""}'
        f"{cards.basis_chip(found)}</span></p>{svg(grid)}"
        f'<p class="knob-place">{escape(place(grid, found.value))}</p></div>'
    )
