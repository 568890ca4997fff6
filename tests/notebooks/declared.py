"""The findings that a notebook declares, for tests that evaluate them under other studies."""

import functools
from typing import Any

from dme import paths
from dme.findings.declared import FindingFunction
from dme.findings.definitions import namespace_of
from dme.findings.functions import StudyFunction, with_parameters
from dme.measures.estimates.estimate import Estimate
from dme.study import Study


@functools.cache
def declared(notebook: str) -> dict[str, StudyFunction[Any]]:
    """Return a notebook's functions of the study by their names, findings by their ids too."""
    space = namespace_of(paths.home() / "notebooks" / f"{notebook}.ipynb")
    named = {name: value for name, value in space.items() if isinstance(value, StudyFunction)}
    return named | {one.id: one for one in named.values() if isinstance(one, FindingFunction)}


def of(notebook: str, name: str, **parameters: Any) -> Estimate:
    """Return what a notebook's finding gives of the Hartford study with other parameters."""
    return declared(notebook)[name](with_parameters(Study(), parameters))
