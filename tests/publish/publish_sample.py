"""What the tests of the publishing room publish: findings, cells, an executed notebook."""

import base64
import os
import shutil
import zlib
from collections.abc import Sequence
from html import escape

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from dme import cards
from dme.findings import ANSWER_MIME, INPUTS_MIME, MIME, PARAMETERS_MIME, Alternative, Finding
from dme.findings.judging import Verdict
from dme.publish.inert import visible
from dme.text import fill

STUDY = "sample"
STAMFORD = "1350011"
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


def chart(names: Sequence[str] = ("Ash", "Birch"), **told: object) -> nbformat.NotebookNode:
    """Return the output of a cell that showed a chart, with a dot for each of some names."""
    titles = [f"{escape(visible(name))}\nStudents: {n}" for n, name in enumerate(names)]
    dots = "".join(
        f'<circle cx="{9 * n + 9}" cy="40" r="3"><title>{title}</title></circle>'
        for n, title in enumerate(titles)
    )
    width = 9 * len(names) + 9
    table = pd.DataFrame({"School": names, "Students": range(len(names))})
    return new_output(
        "display_data",
        data={
            "image/png": base64.b64encode(PNG).decode(),
            "image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 90">'
            '<g class="words"><text x="1" y="9">How large</text></g>'
            f'<g fill="#0b5394">{dots}</g><text x="1" y="60" font-size="10">words</text></svg>',
            "text/csv": table.to_csv(index=False),
            "text/plain": "A chart",
        },
        metadata={
            "alt": "Two dots", "name": "sizes_of_schools", "title": "How large",
            "note": "Dot: one.", "box": [0, 20, width, 50], **told,
        },
    )  # fmt: skip


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


READ = {PARAMETERS_MIME: ["district", "enrollment_year"], "text/html": "<p>read</p>"}
ALONE = {"claim": None, "statement": None, "published": None, "verdict": None, "reason": ""}


def later_sample() -> nbformat.NotebookNode:
    """Return the notebook of a study of another year: a figure, one that is lacking, a new one."""
    lost = "Not measured: the tables hold no <seats> in 2024-25; they have 2007-08 to 2016-17."
    found = [
        finding("school-size", value=31.7, low=None, high=None, year="2024-25", **ALONE),
        finding("seats", value=None, low=None, high=None, sentence=lost, **ALONE),
        finding("newer", basis="modelled", **ALONE),
        finding("steady", year="2015-16", **ALONE),
        finding("odd", **ALONE),
    ]
    notebook = sample(
        *(code(f"record(...)  # {one.id}", card(one), name=one.id) for one in found),
        code("inputs()", new_output("display_data", data=READ), name="read"),
    )
    notebook.cells = [cell for cell in notebook.cells if cell.id != "size"]
    return notebook


# Names that would run a script, read a file, or turn a page around, were they taken for markup.
HOSTILE = (
    "Alder <script>window.PWN=1</script>",
    "<img src=x onerror=window.PWN=1>",
    "<svg onload=window.PWN=1><script>window.PWN=1</script></svg>",
    "<math><mtext><img src=x onerror=window.PWN=1></mtext></math>",
    "<a href='javascript:window.PWN=1'>x</a>",
    "[x](javascript:window.PWN=1)",
    "`<script>window.PWN=1</script>`{=html}",
    "```{=html}\n<script>window.PWN=1</script>\n```",
    "{{< include /etc/passwd >}}",
    "x\n\n{{< include ../../../etc/passwd >}}\n\ny",
    "{{< env HOME >}} {{% meta title %}} {{{< x >}}}",
    "::: {onclick='window.PWN=1'}\nx\n:::",
    "[x]{onmouseover='window.PWN=1'}",
    "![x](http://192.0.2.1/x.png){onerror='window.PWN=1'}",
    "---\ntitle: x\nheader-includes: <script>window.PWN=1</script>\n---",
    "# A heading\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "x[^1]\n\n[^1]: a note",
    "@doe99 [@doe99] $x^2$ $$y$$ \\(z\\) \\begin{x}",
    "**bold** *it* _under_ ~~out~~ ^up^ ~down~ `code` \\textbf{x}",
    "</p></div></main><script>window.PWN=1</script>",
    "<!-- --><![CDATA[ x ]]><?php ?>",
    "1. one\n2. two\n- three\n(@) four\n: five",
    "<http://192.0.2.1/> https://192.0.2.1/ www.example.org :smile: (c) ... -- 'q' \"q\"",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "Alder \u202e\u2066 School",
    "A" * 400,
    "\x01\x7f\u0085\u2028",
    "Mr. Smith e.g. p. 5",
    "```{python}\nwindow.PWN = 1\n```\n`{python} 6 * 7` `r 6 * 7`",
    "@fig-x @tbl-y @sec-z ?@eq-a \\ref{x} :::: {.callout-note} ::::::",
    "<!-- quarto-file-metadata: e30= --><span data-qmd='{{< env HOME >}} *x*'>x</span>",
)


def seen(text: str) -> str:
    """Return the text that a reader sees, its runs of blanks as one."""
    return " ".join(visible(" ".join(text.split())).replace("\u2060", "").split())


def hostile() -> nbformat.NotebookNode:
    """Return an executed notebook whose every text is an attack, as its verbs record it."""
    words = {"sentence", "population", "year", "method", "caveat", "interval", "reason", "title"}
    cells = [
        code(
            f"record(...)  # {number}",
            card(
                finding(
                    f"hostile-{number}",
                    **dict.fromkeys(words, name),
                    alternatives=(Alternative(name, 1.0, None, None),),
                    tables=(name,),
                    claim=None,
                )
            ),
            name=f"hostile-{number}",
        )
        for number, name in enumerate(HOSTILE)
    ]
    names = pd.DataFrame({"School": HOSTILE, HOSTILE[0]: range(len(HOSTILE))})
    told = "\n\n".join(HOSTILE)
    outputs = [
        new_output("display_data", data={"text/html": cards.table_html(names, HOSTILE[1])}),
        new_output("display_data", data={"text/html": told}),
        new_output("display_data", data={"text/markdown": told}),
        new_output("display_data", data={"text/plain": told}),
        new_output("stream", name="stdout", text=told),
        new_output(
            "display_data",
            data={"image/png": base64.b64encode(PNG).decode(), "image/svg+xml": HOSTILE[2]},
            metadata={"alt": told},
        ),
    ]
    acting = (
        '<script>window.PWN=1</script><g onclick="window.PWN=1" style="x" fill="url(//192.0.2.1/)">'
        '<a href="javascript:window.PWN=1"><text>x</text></a><image href="http://192.0.2.1/x.png"/>'
        "<style>@import '//192.0.2.1/';</style><foreignObject><b onload='window.PWN=1'/>"
        '</foreignObject><set attributeName="href" to="javascript:window.PWN=1"/></g></svg>'
    )
    drawn = chart(HOSTILE, alt=told, title=told, note=told, name=HOSTILE[0])
    drawn.data["image/svg+xml"] = drawn.data["image/svg+xml"].replace("</svg>", acting)
    outputs.append(drawn)
    said = [fill("- **{n} schools** of {name}.", {"n": 3, "name": name}) for name in HOSTILE]
    return sample(
        *cells,
        answer("\n".join(said)),
        *(code("show(...)", one, name=f"shown-{n}") for n, one in enumerate(outputs)),
        code(f"names = {HOSTILE!r}\nmore = r'''\n{told}\n'''", name="own"),
        code("names", outputs[3], name="code-of-names"),
    )
