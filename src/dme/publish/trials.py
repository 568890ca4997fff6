"""What the tests tried to break, as a part of a page: what, how often, with what result."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Any

from dme import paths
from dme.publish.markup import raw
from dme.tabled import Cell, grouped

NOT_TRIED = (
    "The tests have not been run on the machine that built these pages; `make test` runs them, and "
    "the next `dme site` shows here what they tried.\n"
)
_UNREADABLE = "What was tried was noted by another version of this program; `make test` anew.\n"
_HEADS = ("What was tried", "How often", "Result", "Test")
_RESULTS = {"passed": "withstood", "failed": "broken", "skipped": "not run here"}


def trials() -> str:
    """Return what the last whole run of the tests tried, as Markdown; a sentence without one."""
    try:
        return _trials(json.loads(paths.trials().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return NOT_TRIED
    except (ValueError, LookupError, TypeError, AttributeError):
        return _UNREADABLE


def _trials(told: Mapping[str, Any]) -> str:
    ended = datetime.fromisoformat(told["ended"])
    tried = told["trials"]
    broken = sum(one["outcome"] == "failed" for one in tried)
    text = (
        f"The tests that ended on {ended.day} {ended:%B %Y} at {ended:%H:%M} {ended.tzname()} made "
        f"{sum(one['times'] for one in tried):,} attempts of {len(tried)} kinds; "
        f"{f'{broken} of these kinds broke something' if broken else 'all were withstood'}."
    )
    groups = [
        (escape(kind), [*map(_row, its)]) for kind, its in groupby(tried, lambda o: o["kind"])
    ]
    return raw(f"<p>{escape(text)}</p>{grouped(_HEADS, groups, 'What was tried')}")


def _row(one: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(escape(one["what"])),
        Cell(f"{one['times']:,}"),
        Cell(escape(_RESULTS[one["outcome"]])),
        Cell("<br>".join(_tests(one["tests"]))),
    ]


def _tests(names: list[str]) -> Iterator[str]:
    for name in names:
        path, _, test = name.partition("::")
        yield f"<code>{escape(path)}</code> {escape(test.removeprefix('test_').replace('_', ' '))}"
