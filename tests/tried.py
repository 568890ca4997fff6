"""What the tests tried to break, noted for the site's page on it.

A test says with the marker ``tried(kind, what)`` what it attempts; with pytest's own
``record_property("times", n)`` how often, where that is not once a test.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dme import paths

# What is promised, in the page's order.
KINDS = (
    "No false verdict",
    "Every district runs",
    "Another state",
    "Nothing stale",
    "Same bytes",
    "Nothing lost",
    "Bad input",
    "Hostile text",
)
_PROPERTY = "tried"
_seen: dict[tuple[str, str], dict[str, Any]] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "tried(kind, what): what the test tries to break, for the page on it"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("tried"):
            kind, what = mark.args
            if kind not in KINDS:
                message = f"{item.nodeid}: no kind of trial is called {kind!r}; there are {KINDS}"
                raise pytest.UsageError(message)
            item.user_properties.append((_PROPERTY, [kind, what]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a trial where its test ended; a test that a fixture failed counts as failed."""
    properties = dict(report.user_properties)
    if _PROPERTY not in properties or not (report.when == "call" or report.outcome != "passed"):
        return
    kind, what = properties[_PROPERTY]
    told = _seen.setdefault((kind, what), {"times": 0, "tests": set(), "outcomes": set()})
    told["times"] += int(properties.get("times", 1)) if report.outcome != "skipped" else 0
    told["tests"].add(report.nodeid.partition("[")[0])
    told["outcomes"].add(report.outcome)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what a whole run tried; a run of a few tests, or a worker's part, tells nothing."""
    if hasattr(session.config, "workerinput") or not _whole(session.config) or not _seen:
        return
    target = paths.trials()
    target.parent.mkdir(exist_ok=True)
    told = {"ended": datetime.now(UTC).isoformat(timespec="seconds"), "trials": list(_rows())}
    beside = target.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(target)


def _whole(config: pytest.Config) -> bool:
    selected = config.option.keyword or config.option.markexpr or config.getoption("lf", False)
    here = [Path(name).resolve() for name in config.args]
    return not selected and here == [config.rootpath / "tests"]


def _rows() -> Iterator[dict[str, Any]]:
    for kind, what in sorted(_seen, key=lambda key: (KINDS.index(key[0]), key[1])):
        told = _seen[kind, what]
        worst = next(one for one in ("failed", "passed", "skipped") if one in told["outcomes"])
        yield {
            "kind": kind,
            "what": what,
            "times": told["times"],
            "tests": sorted(told["tests"]),
            "outcome": worst,
        }
