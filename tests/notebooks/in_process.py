"""Notebooks whose cells run in this process as `dme run` runs them, without a kernel and a page."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import dme.notebook
from dme import findings
from dme.findings import Finding, session
from dme.findings.constants import definitions
from dme.findings.declared import FindingFunction
from dme.findings.definitions import namespace_of
from dme.findings.ledger import read_notebook
from dme.study import Study

Bundle = Mapping[str, Any]


class Notebook:
    """A notebook whose definitions have run once, and whose other statements run for any study."""

    def __init__(self, path: Path) -> None:
        self.name, self.space = path.stem, namespace_of(path)
        self.cells: list[tuple[str, Any]] = []
        self.charts: list[tuple[str, Any]] = []
        known = set(dir(builtins))
        for number, cell in enumerate(read_notebook(path)["cells"], start=1):
            if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", ()):
                continue
            source, where = "".join(cell["source"]), f"<{path.name}, cell {number}>"
            defined = [one.lineno for one in definitions([source], known)]
            for some, into in ((False, self.cells), (True, self.charts)):
                body = [
                    one
                    for one in ast.parse(source).body
                    if (one.lineno in defined) == some and (not some or is_chart(one))
                ]
                into.append((cell["id"], compile(ast.Module(body, []), where, "exec")))
        self.defined = frozenset(self.space)

    def shown(self, study: Study, *, draw: bool = False, others: bool = True) -> list[Bundle]:
        """Run the cells for a study, with or without charts and other choices, to what they display.

        Nothing is remembered. A cell that fails is told with its name.
        """
        bundles: list[Bundle] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dme.notebook, "_display", lambda bundle, *_: bundles.append(bundle))
            patch.setenv("DME_MEMORY", "no")
            patch.setenv("DME_DRAW", "yes" if draw else "no")
            if not others:
                patch.setattr(FindingFunction, "alternatives", property(lambda _: ()))
            self._run(study.model_dump(mode="json"), draw=draw)
        return bundles

    def _run(self, parameters: Mapping[str, Any], *, draw: bool) -> None:
        for one in self.space.values():
            if isinstance(one, FindingFunction):
                one.choices_declared = {}
        # A notebook may define, after it begins, what has a parameter's name.
        self.space |= {name: parameters[name] for name in parameters if name not in self.defined}
        self.space |= {"begin": lambda _: session.begin(parameters), "inputs": lambda: None}
        for name, block in self.cells + self.charts * draw:
            try:
                exec(block, self.space)
            except Exception as error:
                error.add_note(f"{self.name}, cell {name}")
                raise


def is_chart(one: ast.stmt) -> bool:
    """Whether a statement defines what is shown."""
    return isinstance(one, ast.FunctionDef) and any(
        isinstance(each, ast.Name) and each.id == "show" for each in one.decorator_list
    )


def recorded(bundles: Iterable[Bundle]) -> dict[str, Finding]:
    """Return the findings among what was displayed, by id."""
    raw = [bundle[findings.MIME] for bundle in bundles if findings.MIME in bundle]
    return {one["id"]: Finding.from_json(one) for one in raw}


def told(bundle: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each sentence of a finding or an answer, and the words of a chart."""
    found = bundle.get(findings.MIME) or bundle.get(findings.ANSWER_MIME) or {}
    where = found.get("id", "answer")
    for name in ("sentence", "population", "year", "method", "caveat", "reason", "text"):
        if isinstance(text := found.get(name), str):
            yield f"{where}, {name}", text
    if picture := bundle.get("image/svg+xml"):
        yield "chart, alternative", bundle["text/plain"]
        yield "chart, words", unescape(" ".join(re.findall(r">([^<]+)<", picture)))
