"""Each figure, table and in-text number of a study, with the line of code that made it.

It is the list that data editors of journals ask authors to fill in by hand, read off the executed
notebooks.
"""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from dme import passages
from dme.audit.statements import Statement, declaring, statements
from dme.findings import (
    ANSWER_MIME,
    INPUTS_MIME,
    MIME,
    Finding,
    bundles,
    numbered,
    read_notebook,
)

HEADS = (
    "exhibit", "kind", "page", "heading", "program", "cell", "cell_id", "line", "output", "sha256",
    "claim", "published", "reproduced", "note",
)  # fmt: skip
ANSWER = "The answer"
"""Heading of the words that a page begins with."""
FOLDER = "outputs"
"""Where pictures and tables lie in a crate."""

_PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
_NUMBER = "in-text number"
_NO_CLAIM = "no published figure"
_HEADING = re.compile(r"^#{1,6} +(.+?) *(?:\{.*\})?$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.?!]) |\n")
_SHOWING = re.compile(r"^(@show\b|(forest|show)\()", re.MULTILINE)


@dataclass(frozen=True)
class Exhibit:
    """A figure, table or number of the report.

    Attributes
    ----------
    name : str
        Its id: a finding's, or that of notebook, cell and output.
    kind : str
        ``figure``, ``table`` or ``in-text number``.
    page, heading : str
        Where it stands: the page of the site with its anchor, and the heading above it.
    notebook, cell : str
        The notebook that made it, and the id of the cell.
    number, line : int
        The cell's number, and the line in it of the statement that made it, from 1.
    output : str
        The number as it is shown, or the path of the picture or table in the crate.
    content : bytes
        That file; nothing of a number.
    note : str
        The sentence that the number stands in; what a figure or table shows.
    claim, published, reproduced : str
        The published claim that it is held against, its figure, and whether that was reproduced;
        of a number in an answer: the finding that it is of.
    """

    name: str
    kind: str
    page: str
    heading: str
    notebook: str
    cell: str
    number: int
    line: int
    output: str
    note: str
    content: bytes = b""
    claim: str = ""
    published: str = ""
    reproduced: str = _NO_CLAIM

    @property
    def repeats(self) -> bool:
        """Whether it is a number of an answer, which repeats one of a finding."""
        return self.heading == ANSWER

    @property
    def program(self) -> str:
        """The notebook's path in the project."""
        return f"notebooks/{self.notebook}.ipynb"

    @property
    def sha256(self) -> str:
        """Checksum of the file; "" of a number."""
        return hashlib.sha256(self.content).hexdigest() if self.content else ""

    def row(self) -> tuple[str, ...]:
        """Return the line of the list, under `HEADS`."""
        return (
            self.name, self.kind, self.page, self.heading, self.program, str(self.number),
            self.cell, str(self.line), self.output, self.sha256, self.claim, self.published,
            self.reproduced, self.note,
        )  # fmt: skip


def exhibits(results: Sequence[Path], *, claimed: bool) -> list[Exhibit]:
    """Return what executed notebooks show, in their order and that of their cells.

    Parameters
    ----------
    results : sequence of Path
        The executed notebooks.
    claimed : bool
        Whether the study is one that the claims speak of; see `dme.passages`.

    Raises
    ------
    DmeError
        If one can't be read.
    """
    read = {path.stem: read_notebook(path) for path in results}
    found = {name: list(_of_notebook(name, told, claimed=claimed)) for name, told in read.items()}
    by_name = {one.name: one for every in found.values() for one in every}
    return [
        one for name, told in read.items() for one in (*_answer(name, told, by_name), *found[name])
    ]


def as_csv(found: Sequence[Exhibit]) -> str:
    """Return the list as CSV."""
    return _csv((HEADS, *(one.row() for one in found)))


def _answer(
    name: str, notebook: Mapping[str, Any], known: Mapping[str, Exhibit]
) -> Iterator[Exhibit]:
    """Yield the numbers of a page's first paragraph, each made where its finding is."""
    for number, cell_id, told in bundles(notebook, ANSWER_MIME):
        at_hand = Exhibit("", _NUMBER, "", "", name, cell_id, number, 1, "", "")
        text = told["text"]
        for count, (start, end, finding) in enumerate(told.get("numbers", ()), start=1):
            begins = [mark.end() for mark in _SENTENCE.finditer(text, 0, start)]
            ends = _SENTENCE.search(text, end)
            yield replace(
                known.get(finding, at_hand),
                name=f"{name}-answer-{count}",
                page=f"{name}.html",
                heading=ANSWER,
                output=text[start:end],
                claim="",
                published="",
                reproduced=f"see {finding}",
                note=text[begins[-1] if begins else 0 : ends.start() if ends else None],
            )


def _of_notebook(name: str, notebook: Mapping[str, Any], *, claimed: bool) -> Iterator[Exhibit]:
    told = statements(notebook["cells"])
    heading = ""
    for number, cell in numbered(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            text = passages.told("".join(cell["source"]), claimed=claimed)
            heading = next(reversed(_HEADING.findall(text)), heading)
            continue
        place = {"notebook": name, "heading": heading}
        yield from _of_cell(cell, number, place, told)


def _of_cell(
    cell: Mapping[str, Any],
    number: int,
    place: Mapping[str, str],
    told: Sequence[Statement],
) -> Iterator[Exhibit]:
    """Yield what a cell shows; a chart or table is made by the statement that shows it."""
    own = (one for one in told if one.number == number and _SHOWING.search(one.source))
    showing = [one.line for one in own] or [1]
    cell_id, shown = cell.get("id", str(number)), 0
    for count, output in enumerate(cell.get("outputs", []), start=1):
        data = output.get("data", {})
        if MIME in data:
            at = declaring(told, data[MIME]["id"])
            made = told[at[0]] if at else Statement(cell_id, number, 1, "")
            yield _number(Finding.from_json(data[MIME]), made, place)
            continue
        name = f"{place['notebook']}-{cell_id}-{count}"
        kind, suffix, content, note = _shown(output)
        if content:
            yield Exhibit(
                name=name,
                kind=kind,
                page=f"{place['notebook']}.html#cell-{cell_id}",
                cell=cell_id,
                number=number,
                line=showing[min(shown, len(showing) - 1)],
                output=f"{FOLDER}/{name}.{suffix}",
                note=note,
                content=content,
                **place,
            )
            shown += 1


def _number(found: Finding, made: Statement, place: Mapping[str, str]) -> Exhibit:
    ends = f" ({found.interval_text})" if found.low is not None else ""
    return Exhibit(
        name=found.id,
        kind=_NUMBER,
        page=f"{place['notebook']}.html#{found.id}",
        cell=made.cell,
        number=made.number,
        line=made.line,
        output=f"{found.value_text}{ends}",
        note=found.sentence,
        claim=found.claim or "",
        published=found.published or "",
        reproduced=found.verdict_text if found.claim else _NO_CLAIM,
        **place,
    )


def _shown(output: Mapping[str, Any]) -> tuple[str, str, bytes, str]:
    """Return kind, suffix, bytes and words of the chart or table that a cell displays, if any."""
    data = output.get("data", {})
    for mime, suffix in _PICTURES.items():
        if mime in data:
            alt = output.get("metadata", {}).get("alt") or _joined(data.get("text/plain", ""))
            return "figure", suffix, base64.b64decode(_joined(data[mime])), alt
    if "text/html" in data and INPUTS_MIME not in data:
        table = _Table(_joined(data["text/html"]))
        if table.rows:
            return "table", "csv", _csv(table.rows).encode(), table.label
    return "", "", b"", ""


class _Table(HTMLParser):
    """The rows of a table of HTML as text, and what it is called."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.label = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "table":
            self.label = dict(attrs).get("aria-label") or ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self._inside = self._inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._inside:
            self.rows[-1][-1] += data


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
