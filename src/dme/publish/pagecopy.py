"""An executed notebook becomes a page: Markdown, its figures, and a clean copy to download."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise, takewhile
from pathlib import Path

import nbformat
import yaml

from dme import cards, passages, paths, strict_yaml
from dme.audit.statements import Statement
from dme.errors import DmeError
from dme.findings import (
    ANSWER_MIME,
    INPUTS_MIME,
    MIME,
    Finding,
    entries,
    marked_answer_of,
    numbered,
    read_notebook,
)
from dme.publish import charts, folds, scoreboard
from dme.publish.computation import Computations
from dme.publish.inert import prose, tame
from dme.publish.knobs import Panel
from dme.publish.markup import fence, folded, raw
from dme.publish.pandoc import html
from dme.text import plural, shown

_HIDDEN = {"hide-cell", "remove-cell"}
_NO_CODE = {"hide-code", "hide-input", "remove-input"}
_NO_OUTPUT = {"hide-output", "remove-output"}
_PARAMETERS = {
    "parameters": "Parameters",
    "injected-parameters": "Parameters of this study",
}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FRONT_MATTER = {"title", "description"}
_CHART = ("image/svg+xml", "text/csv", "text/plain")
_HEADING = re.compile(r"#+(?= )")
_DEEPEST = 7
_SHOWING = re.compile(r"^(@show\b|(answer|forest|record|recorded|show)\()", re.MULTILINE)
_NAME = re.compile(r"<code>(\w+)</code>")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class PageCopy:
    """A notebook as a page.

    Attributes
    ----------
    name : str
        Name of the page, without suffix.
    markdown : str
        The page.
    files : mapping of str to bytes
        What stands beside it: figures and the notebook itself, by path.
    """

    name: str
    markdown: str
    files: Mapping[str, bytes]


def page_copy(
    path: Path,
    *,
    claimed: bool = True,
    panel: Panel | None = None,
    tables: Mapping[str, str] | None = None,
) -> PageCopy:
    """Return the page of an executed notebook.

    The first cell, a raw one with YAML, gives title and description; Markdown stays as it is;
    each output is shown in its richest form that a page can hold. What a finding goes through is
    folded into its card, the code of a chart or table below it; code that only imports, or words
    sentences, is left to the notebook. The notebook's answer and its findings in short come after
    its first Markdown cell, its question. Findings that the study lacks the data for stand in a
    list at the end, and sections that show nothing for want of data are left out. What would differ
    between two runs of the same study (timings, temporary paths, warnings on stderr) is left out.

    Parameters
    ----------
    path : Path
        The executed notebook.
    claimed : bool
        Whether the study is one that the claims speak of; see `passages`.
    panel : Panel, optional
        Other choices for the reader to make, which come after the findings in short.
    tables : mapping of str to str, optional
        Where the pages of tables are, by their names.

    Raises
    ------
    DmeError
        If the notebook can't be read, has no title, was not run to its end, or holds an error.
    """
    where = paths.relative(path)
    notebook = _read(path, where)
    _refuse_unfinished(notebook, where)
    copy = clean(notebook)
    for cell in copy.cells:
        if cell.cell_type != "code":
            cell.source = passages.told(cell.source, claimed=claimed).strip("\n")
    front = _front_matter(copy, where)
    files: dict[str, bytes] = dict(panel.files) if panel else {}
    all_of_it = entries(path)
    told = [entry for entry in all_of_it if entry.finding.told]
    known = {entry.finding.id for entry in all_of_it}
    in_short = _answer(marked_answer_of(copy), known) + scoreboard.in_short(told, claimed=claimed)
    in_short += panel.markdown if panel else ""
    code = _Code(copy.cells, [entry.finding.id for entry in told], tables or {}, claimed=claimed)
    # The defaults are those of the study that has claims.
    hidden = _HIDDEN if claimed else _HIDDEN | {"parameters"}
    parts = [
        _Part(cell, list(_cell(cell, number, path.stem, code, files)))
        for number, cell in numbered(copy.cells)
        if number > 1 and not _tags(cell) & hidden
    ]
    if all_of_it and not told:
        # The question, and why there is no answer: there is nothing to read between them.
        parts = parts[:1]
    blocks = [f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1000)}---\n"]
    shown = list(_fruitful(parts))
    # The question, and what came of it, before everything else.
    ends = [number for number, part in enumerate(shown, 1) if part.cell.cell_type == "markdown"]
    opening = shown[: ends[0] if ends else 0]
    pieces = [
        folds.Piece(part.blocks, part.heading, part.findings)
        for part in _parameters_last(shown[len(opening) :])
    ]
    blocks += [block for part in opening for block in part.blocks]
    blocks += [in_short] if opening and in_short else []
    long = len(told) >= folds.MANY
    blocks += folds.fold(pieces) if long else [block for piece in pieces for block in piece.blocks]
    blocks.append(scoreboard.lacking(all_of_it))
    download = f"{path.stem}.ipynb"
    files[download] = nbformat.writes(copy).encode() + b"\n"
    blocks.append(
        raw(
            f'<p class="download"><a href="{escape(download)}" download>Download this notebook'
            "</a>, as it ran: the code of every cell, outputs and findings.</p>"
        )
    )
    return PageCopy(path.stem, "\n".join(blocks), files)


@dataclass(frozen=True)
class _Part:
    """A cell, and what the page shows of it."""

    cell: nbformat.NotebookNode
    blocks: Sequence[str]

    @property
    def depth(self) -> int:
        """The level of the heading that it begins with; a text without one lies below all."""
        return len(self.heading) or _DEEPEST

    @property
    def heading(self) -> str:
        """The marks of that heading; "" where there is none."""
        found = _HEADING.match(self.cell.source) if self.cell.cell_type == "markdown" else None
        return found[0] if found else ""

    @property
    def findings(self) -> list[Finding]:
        """The findings whose cards it shows."""
        outputs = self.cell.get("outputs", [])
        found = [Finding.from_json(o.data[MIME]) for o in outputs if MIME in o.get("data", {})]
        return [finding for finding in found if finding.told]

    @property
    def barren(self) -> bool:
        """Whether it is made to show something, and has nothing to show."""
        code = self.cell.cell_type == "code"
        return code and not self.blocks and bool(_SHOWING.search(self.cell.source))


def _fruitful(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the parts of a page, without the texts over what shows nothing for want of data.

    Of a section whose subsections have something to show, the heading stays.
    """
    for number, part in enumerate(parts):
        if part.cell.cell_type == "code":
            yield part
            continue
        rest = parts[number + 1 :]
        own = list(takewhile(lambda other: other.cell.cell_type == "code", rest))
        if any(one.blocks for one in own) or not any(one.barren for one in own):
            yield part
        elif part.heading and _bears(rest, part.depth):
            heading = part.cell.source.partition("\n")[0]
            yield _Part(part.cell, (*part.blocks[:1], f"{heading}\n"))


def _parameters_last(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts of a page, the section on the parameters behind all others."""
    starts = [number for number, part in enumerate(parts) if part.heading]
    first, *sections = [parts[a:b] for a, b in pairwise([0, *starts, len(parts)])]
    # Sorted by this alone, the others stay in their order.
    sections.sort(key=lambda one: any(_tags(part.cell) & _PARAMETERS.keys() for part in one))
    return [part for section in (first, *sections) for part in section]


def _bears(parts: Iterable[_Part], depth: int) -> bool:
    """Whether the subsections that parts begin with, below a depth, have something to show."""
    below = takewhile(lambda other: other.depth > depth, parts)
    return any(one.cell.cell_type == "code" and one.blocks for one in below)


def _read(path: Path, where: str) -> nbformat.NotebookNode:
    told = read_notebook(path)
    try:
        nbformat.validate(told)
    except nbformat.ValidationError as error:
        said = shown(error.message, most=200, bare=True)
        message = f"{where} can't be read as a notebook: {said}"
        raise DmeError(message) from error
    return nbformat.reads(json.dumps(told), as_version=4)


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy without what differs between two runs of the same study.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook; it stays as it is.
    """
    copy = nbformat.from_dict(notebook)
    # A kernel may be called after its user's own environment.
    known = {"kernelspec": _KERNEL, "language_info": copy.metadata.get("language_info", {})}
    copy.metadata = nbformat.from_dict({name: told for name, told in known.items() if told})
    for cell in copy.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
    return copy


def _tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _refuse_unfinished(notebook: nbformat.NotebookNode, where: str) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                message = (
                    f"{where}, cell {number}, ended in an error and can't be published:\n"
                    f"  {output.ename}: {output.evalue}\n"
                    "Mend the cause and run the study again."
                )
                raise DmeError(message)
        status = cell.metadata.get("papermill", {}).get("status", "completed")
        if status != "completed":
            message = (
                f"{where} did not run to its end: cell {number} is {status}.\nRun the study again."
            )
            raise DmeError(message)


def _front_matter(notebook: nbformat.NotebookNode, where: str) -> dict[str, str]:
    first = notebook.cells[0] if notebook.cells else None
    expected = (
        f"{where}: expected a first cell of the type raw that holds\n"
        "  ---\n  title: What the page is called\n"
        "  description: What it shows, in a sentence\n  ---"
    )
    if first is None or first.cell_type != "raw":
        raise DmeError(expected)
    try:
        text = first.source.strip().removeprefix("---").removesuffix("---")
        front = strict_yaml.parsed(text, where).typed()
    except DmeError as error:
        message = f"{expected}\nfound: {error}"
        raise DmeError(message) from error
    if not isinstance(front, dict) or not front.get("title") or set(front) - _FRONT_MATTER:
        message = f"{expected}\nfound: {first.source.strip()}"
        raise DmeError(message)
    return {key: str(value) for key, value in front.items()}


def described(path: Path, *, claimed: bool) -> str:
    """Return what an executed notebook says that its page shows; "" where it says nothing.

    Raises
    ------
    DmeError
        If it has no title.
    """
    where = paths.relative(path)
    notebook = _read(path, where)
    for first in notebook.cells[:1]:
        first.source = passages.told(first.source, claimed=claimed)
    return _front_matter(notebook, where).get("description", "")


class _Code:
    """What a page shows of the code, as Markdown."""

    def __init__(
        self,
        cells: Sequence[nbformat.NotebookNode],
        recorded: Sequence[str],
        tables: Mapping[str, str],
        *,
        claimed: bool,
    ) -> None:
        self.claimed, self.tables = claimed, tables
        self._computations = Computations(cells, recorded)
        self._anchors: set[str] = set()

    def of_finding(self, finding: str, cell: nbformat.NotebookNode) -> str:
        """Return the computation of a finding; the cell where no definition bears its id."""
        shown = self._computations.of_finding(finding)
        return self._folded("The computation, in code", shown) if shown else _whole(cell)

    def of_cell(self, cell: nbformat.NotebookNode) -> str:
        """Return the code of a cell that shows something else than a finding."""
        mimes = {mime for output in cell.outputs for mime in output.get("data", {})}
        if not cell.outputs or mimes & {MIME, ANSWER_MIME, INPUTS_MIME}:
            return ""
        shown = self._computations.of_cell(cell.id)
        kinds = [("chart", set(charts.PICTURES)), ("table", {"text/html"})]
        what = " and ".join(kind for kind, its in kinds if its & mimes) or "output"
        return self._folded(f"Code of this {what}", shown) if shown else ""

    def _folded(self, summary: str, shown: Sequence[Statement]) -> str:
        blocks = [fence(piece.source, self._attributes(piece)) for piece in shown]
        if elsewhere := self._computations.elsewhere(shown):
            links = ", ".join(f"[`{name}`](#code-{name})" for name in elsewhere)
            blocks.insert(0, f"It rests on {links}, shown beside other findings of this page.\n")
        return folded(summary, "\n".join(blocks), "code")

    def _attributes(self, piece: Statement) -> str:
        """Return the attributes of a block; a definition gets an anchor where it first stands."""
        anchor = f"code-{piece.name}"
        if not piece.name or anchor in self._anchors:
            return "{.python}"
        self._anchors.add(anchor)
        return f"{{#{anchor} .python}}"


def _whole(cell: nbformat.NotebookNode) -> str:
    return folded("The code of this cell", fence(cell.source, "{.python}"), "code")


def _cell(
    cell: nbformat.NotebookNode, number: int, name: str, code: _Code, files: dict[str, bytes]
) -> Iterator[str]:
    """Yield the Markdown blocks of a cell; its figures are added to `files`."""
    own = re.sub(r"[^\w-]", "-", str(cell.get("id", number)))
    anchor = f"cell-{own}"
    if cell.cell_type == "markdown":
        # An empty anchor, not a box around the cell: a heading in a box is no heading of the page.
        yield raw(f'<span class="anchor" id="{anchor}"></span>')
        yield cell.source + "\n"
        return
    if cell.cell_type != "code":
        return
    blocks: list[str] = []
    for tag in _tags(cell) & set(_PARAMETERS):
        blocks.append(folded(_PARAMETERS[tag], fence(cell.source, "{.python}"), "code"))
    if not _tags(cell) & _NO_OUTPUT:
        for count, output in enumerate(cell.outputs, start=1):
            stem = charts.Stem(name, f"{own}-{count}")
            blocks += _output(output, stem, cell, code, files)
    if not _tags(cell) & _NO_CODE:
        blocks.append(code.of_cell(cell))
    if shown := [block for block in blocks if block]:
        yield from (raw(f'<div class="step" id="{anchor}">'), *shown, raw("</div>"))


def _output(
    output: nbformat.NotebookNode,
    stem: charts.Stem,
    cell: nbformat.NotebookNode,
    code: _Code,
    files: dict[str, bytes],
) -> Iterator[str]:
    if output.output_type == "stream":
        yield _plain(output.text)
        return
    data = output.get("data", {})
    if ANSWER_MIME in data:
        # It opens the page.
        return
    picture = next((mime for mime in charts.PICTURES if mime in data), None)
    if MIME in data:
        found = Finding.from_json(data[MIME])
        if not found.told:
            # It stands in the list at the page's end.
            return
        # The computation goes into the card, below how it was measured.
        card = cards.html(found, f"trail/{found.id}.html", code.tables).removesuffix("</section>")
        # Where no claim is in force, that each finding answers none goes without saying.
        card = card if code.claimed else card.replace(cards.NO_CLAIM, "")
        yield raw(f'<div class="output">{card}')
        yield "" if _tags(cell) & _NO_CODE else code.of_finding(data[MIME]["id"], cell)
        yield raw("</section></div>")
    elif "text/html" in data:
        # What may be wide scrolls in a box of its own.
        inner = tame(_joined(data["text/html"]))
        inner = _NAME.sub(lambda found: _to_table(found, code.tables), inner)
        shown = raw(f'<div class="output scroll">{inner}</div>')
        read = data.get(INPUTS_MIME)
        summary = f"{plural(len(read), 'file')} with their checksums" if read else ""
        yield folded(summary, shown, "code") if summary else shown
    elif picture:
        told = {mime: _joined(data[mime]) for mime in (*_CHART, picture) if mime in data}
        yield charts.shown(stem, told, output.get("metadata", {}), files)
    elif "text/markdown" in data:
        yield raw(f'<div class="output">{tame(html(_joined(data["text/markdown"])))}</div>')
    elif "text/plain" in data:
        yield _plain(_joined(data["text/plain"]))


def _to_table(found: re.Match[str], tables: Mapping[str, str]) -> str:
    """Return the name of a table as a link to its page; any other as it is."""
    return f'<a href="{tables[found[1]]}">{found[0]}</a>' if found[1] in tables else found[0]


def _answer(text: str, known: Collection[str]) -> str:
    """Return an answer, whose numbers lead to the cards of the findings that the page has."""
    told = prose(text, lambda finding: f"#{finding}" if finding in known else "")
    shown = raw(f'<div class="answer">{told}</div>')
    return f"## The answer\n\n{shown}\n" if text else ""


def _plain(text: str) -> str:
    return raw(f'<pre class="output">{escape(_ANSI.sub("", text).rstrip())}</pre>')


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
