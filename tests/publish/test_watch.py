"""A site that is shown here is built again once what it is made of has changed."""

import os
from collections.abc import Iterable

import pytest

from dme.publish.watch import follow, stamps


class Ended(Exception):
    """Stands for Ctrl-C."""


def rebuilds(states: Iterable[str], built: str = "a") -> list[str]:
    """Return the states in which a site was built again, of those that were seen one by one."""
    left, done, now = iter(states), [], [built]

    def wait() -> None:
        try:
            now[0] = next(left)
        except StopIteration:
            raise Ended from None

    with pytest.raises(Ended):
        follow(built, lambda: now[0], lambda: done.append(now[0]), wait)
    return done


@pytest.mark.parametrize(
    ("states", "done"),
    [
        ("aaaa", ""),
        ("abbb", "b"),
        ("bcdd", "d"),  # a run that is still moving its results in
        ("bbcc", "bc"),  # what changed while it was built
        ("bbaa", "ba"),
        ("baaa", ""),  # changed back before anything was built
        ("abcd", ""),
    ],
)
def test_it_is_built_once_things_are_at_rest(states, done):
    assert "".join(rebuilds(states)) == done


def test_what_fails_to_build_is_not_tried_again_until_something_changes():
    assert rebuilds("bbbbbb") == ["b"]


def test_pages_settings_results_and_code_count_and_nothing_else(home):
    def changed(path: str) -> bool:
        before = stamps(["sample"])
        file = home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, ns=(1, len(before)))
        return stamps(["sample"]) != before

    counted = ["pages/index.qmd", "pages/style/new.css", "_quarto.yml", "results/sample/study.yml"]
    assert [path for path in counted if not changed(path)] == []
    rest = ["results/other/study.yml", "pages/.index.qmd.swp", "pages/__pycache__/x.pyc", "_site/a"]
    assert [path for path in rest if changed(path)] == []
    assert any(path.endswith("publish/site.py") for path, *_ in stamps([]))
