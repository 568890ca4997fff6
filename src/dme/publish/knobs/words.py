"""A sweep's choices in words that need no explanation."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dme.publish.knobs.grid import Axis
from dme.study import Study


class _Words(NamedTuple):
    """What a choice asks, and its values: words for each, or one pattern for all."""

    asks: str
    values: Mapping[object, str] | str = "{}"


_KNOWN = {
    "small_school": _Words("A school counts as small below", "{} students"),
    "smallest_school": _Words(
        "What counts as a school", {0: "every row of the state's list", ...: "{} students or more"}
    ),
    "size_year": _Words("The year of the school sizes"),
    "peer_average": _Words(
        "What counts in the peers' average",
        {"schools": "each school alike", "districts": "each district alike"},
    ),
    "peers": _Words("Compared with"),
    "weighting": _Words(
        "What counts in average spending",
        {"students": "each student alike", "schools": "each school alike"},
    ),
    "plant_cost": _Words(
        "The cost of running the buildings", {True: "counts", False: "is left out"}
    ),
    "spending_year": _Words("The year of the spending"),
    "level": _Words(
        "Which schools are compared",
        {"all": "schools of every level", "high": "high schools only", ...: "{} schools only"},
    ),
    "full_utilization": _Words("A school is full above", "{}% of its seats"),
    "enrollment_year": _Words("The students of the school year"),
    "class_sizes": _Words(
        "How large a class may be",
        {
            "contract 2017-2019": "by the contract of 2017 to 2019",
            "union page": "by the list on the union's page",
        },
    ),
    "bus_rule": _Words(
        "Who gets a bus", {"standing": "by the rule of 2013 to 2018", "older": "by the older rule"}
    ),
}


def asked(axis: Axis) -> str:
    """Return what a choice asks, in words."""
    if axis.name in _KNOWN:
        return _KNOWN[axis.name].asks
    field = Study.model_fields.get(axis.name)
    return (
        (field.description or "").rstrip(".") if field else axis.name.replace("_", " ").capitalize()
    )


def answers(axis: Axis) -> list[str]:
    """Return the values that it can take, in words."""
    return [
        _answer(axis, label, dict(sets)) for label, sets in zip(axis.labels, axis.sets, strict=True)
    ]


def _answer(axis: Axis, label: str, sets: Mapping[str, Any]) -> str:
    value = sets.get(axis.name)
    if isinstance(value, list):
        return f"{len(value)} districts" if axis.name == "peers" else label
    if value is None or axis.name not in _KNOWN:
        return label
    words = _KNOWN[axis.name].values
    pattern = words if isinstance(words, str) else words.get(value, words.get(..., "{}"))
    return pattern.format(f"{value:g}" if isinstance(value, float) else value)
