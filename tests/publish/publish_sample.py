"""What the tests of the publishing room publish: findings, cells, an executed notebook."""

import base64
import os
import shutil
import zlib

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from dme import cards
from dme.findings import ANSWER_MIME, INPUTS_MIME, MIME, Finding
from dme.findings.judging import Verdict

STUDY = "sample"
QUARTO = shutil.which(os.environ.get("QUARTO") or "quarto")


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


# A white picture of 640 by 360 points.
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", (640).to_bytes(4, "big") + (360).to_bytes(4, "big") + b"\x08\0\0\0\0")
    + _chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * 640) * 360))
    + _chunk(b"IEND", b"")
)


def finding(name: str, **changes: object) -> Finding:
    """Return a finding; what is not given is the same each time."""
    given = {
        "title": f"Finding {name}",
        "sentence": "A <plain> sentence & more.",
        "value": 24.1,
        "unit": "percent smaller",
        "low": 11.5,
        "high": 34.25,
        "interval": "95% bootstrap interval",
        "population": "45 schools",
        "year": "2016-17",
        "method": "One minus a ratio.",
        "claim": "O1",
        "statement": "Schools are smaller.",
        "published": "28%",
        "verdict": Verdict.SAME_DIRECTION,
        "reason": "The sign agrees.",
    }
    return Finding(id=name, **(given | changes))


def card(found: Finding) -> nbformat.NotebookNode:
    """Return the output of a cell that recorded a finding."""
    data = {MIME: found.to_json(), "text/html": cards.html(found), "text/plain": cards.text(found)}
    return new_output("display_data", data=data)


def answer(text: str) -> nbformat.NotebookNode:
    """Return a cell that gave the notebook's answer."""
    data = {ANSWER_MIME: {"text": text}, "text/markdown": text, "text/plain": text}
    return code("answer(...)", new_output("display_data", data=data), name="answer")


def figure() -> nbformat.NotebookNode:
    """Return the output of a cell that showed a figure."""
    return new_output(
        "display_data",
        data={"image/png": base64.b64encode(PNG).decode(), "text/plain": "A <figure>"},
        metadata={"image/png": {"width": 640, "height": 360}, "alt": 'Nine "bars" & a line'},
    )


def code(source: str, *outputs: nbformat.NotebookNode, name: str, tags: tuple[str, ...] = ()):
    """Return a cell that ran, with the traces that papermill leaves."""
    metadata = {
        "tags": list(tags),
        "papermill": {"status": "completed", "duration": 1.25, "start_time": "2024-01-01T00:00:00"},
        "execution": {"iopub.execute_input": "2024-01-01T00:00:00Z"},
    }
    return new_code_cell(
        source, id=name, outputs=list(outputs), metadata=metadata, execution_count=1
    )


def sample(*more: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return an executed notebook with one of everything, and `more` cells at its end."""
    warning = new_output("stream", name="stderr", text="/tmp/ipykernel_71/1.py: a warning")
    said = new_output("stream", name="stdout", text="\x1b[31m```1 < 2```\x1b[0m\n")
    table = "<table class='data' aria-label='t'><tr><td>1,234</td></tr></table>"
    cells = [
        new_raw_cell("---\ntitle: 'Schools: how large'\ndescription: A sample page\n---", id="raw"),
        new_markdown_cell("## A question\n\nWith *emphasis* and $x^2$.", id="words"),
        code("study = 'sample'", name="defaults", tags=("parameters",)),
        code("study = 'sample'  # given", name="given", tags=("injected-parameters",)),
        code("finding(...)", card(finding("school-size")), warning, name="size"),
        code("show(...)", figure(), said, name="look"),
        code("table", new_output("display_data", data={"text/html": table}), name="wide"),
        code("7 * 6", new_output("execute_result", data={"text/plain": "42"}), name="plain"),
        code(
            "inputs()",
            new_output(
                "display_data", data={INPUTS_MIME: {"data/a.csv": "0"}, "text/html": "<p>read</p>"}
            ),
            name="inputs",
        ),
        *more,
    ]
    metadata = {
        "papermill": {"duration": 3.5, "input_path": "/tmp/x.ipynb"},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)
