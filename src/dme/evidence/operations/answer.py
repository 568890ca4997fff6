"""The notebook's answer to its question, in plain words made of its findings."""

from dme.evidence.place import Place
from dme.evidence.result import Measured, Result
from dme.findings import Alternative
from dme.study import Study
from dme.text import quantity, span

_Found = dict[str, Measured]


def answer(study: Study, place: Place, *results: Result) -> str:
    """Return what the findings answer, as a list in Markdown.

    What could not be measured is left out.

    Parameters
    ----------
    *results : Measured or Lacking
        The notebook's results, in any order.
    """
    found = {result.name: result for result in results if isinstance(result, Measured)}
    points = [
        _size(place, found),
        _premium(study, found),
        _where(found),
        _yearly(found),
        _fullness(study, found),
        _expected(found),
    ]
    said = [f"- {point}" for point in points if point]
    return "\n".join([*said, "", f"In brackets: {study.confidence:g}% intervals."])


def _reach(result: Measured) -> str:
    """Return a figure's interval in brackets, after a blank; nothing where there is none."""
    estimate = result.estimate
    words = span(estimate.low, estimate.high, result.unit)
    return f" ({words})" if estimate.low is not None else ""


def _clear(result: Measured) -> bool:
    """Whether the interval of a figure excludes zero."""
    low, high = result.estimate.low, result.estimate.high
    return low is not None and high is not None and not low <= 0 <= high


def _signed(value: float, above: str, below: str) -> str:
    """Return a percentage without its sign, and the word for it."""
    return f"{quantity(abs(value), 'percent')} {above if value >= 0 else below}"


def _size(place: Place, found: _Found) -> str:
    size = found.get("school-size")
    if size is None:
        return ""
    gap = _signed(size.estimate.value, "smaller", "larger")
    doubt = "" if _clear(size) or size.estimate.low is None else ", which is not clear of zero"
    text = f"Schools of {place.own} are **{gap}** than its peers'{_reach(size)}{doubt}"
    if like := found.get("school-size-like-levels"):
        text += f"; at like level, {_signed(like.estimate.value, 'smaller', 'larger')}"
        text += _reach(like)
    return f"{text}."


def _premium(study: Study, found: _Found) -> str:
    premium = found.get("small-school-premium")
    if premium is None:
        return ""
    more = _signed(premium.estimate.value, "more", "less")
    text = (
        f"Schools under {study.small_school} students spend **{more}** per pupil than the "
        f"others{_reach(premium)}"
    )
    if adjusted := found.get("small-school-premium-adjusted"):
        text += f"; at like level and need, {_signed(adjusted.estimate.value, 'more', 'less')}"
        text += _reach(adjusted)
    return f"{text}."


def _where(found: _Found) -> str:
    parts = found.get("premium-by-function")
    points = []
    if parts is not None:
        own = Alternative.of("school administration", parts.estimate)
        largest = max((own, *parts.alternatives), key=_value)
        dollars = quantity(round(largest.value), "dollars")
        points.append(f"The largest part of the difference is **{largest.label}**: {dollars} "
                      "per pupil.")  # fmt: skip
    peers = found.get("premium-in-peers")
    if peers is not None:
        law = "So it is elsewhere" if _clear(peers) else "It is no general law"
        more = _signed(peers.estimate.value, "more", "less")
        points.append(
            f"{law}: in the peer districts together small schools spend {more}{_reach(peers)}."
        )
    return " ".join(points)


def _value(choice: Alternative) -> float:
    return choice.value


def _yearly(found: _Found) -> str:
    yearly = found.get("small-school-cost")
    if yearly is None:
        return ""
    cost = quantity(yearly.estimate.value, "dollars")
    text = f"That comes to **{cost} a year**{_reach(yearly)} by size alone"
    if underused := found.get("small-underused-cost"):
        cost = quantity(underused.estimate.value, "dollars")
        text += f", and {cost}{_reach(underused)} in schools that modelled seats show under-used"
    return f"{text}."


def _fullness(study: Study, found: _Found) -> str:
    full, trend = found.get("utilization"), found.get("enrollment-trend")
    points = []
    if full is not None:
        line = f"{study.full_utilization:g}%"
        reached = (full.estimate.high or 0) >= study.full_utilization
        none = f"some zone reached {line}" if reached else f"no zone reached {line}"
        share = quantity(full.estimate.value, "percent")
        points.append(f"**{share} of seats** were in use in {full.year}; {none}.")
    if trend is not None:
        change = quantity(abs(trend.estimate.value), "percent")
        verb = "fell" if trend.estimate.value < 0 else "rose"
        doubt = "" if _clear(trend) else ", which is not clear of zero"
        points.append(f"Enrollment {verb} by {change} a year{_reach(trend)}{doubt}.")
    return " ".join(points)


def _expected(found: _Found) -> str:
    ahead = found.get("enrollment-projection")
    return "" if ahead is None else f"{ahead.sentence}"
