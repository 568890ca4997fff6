"""An executed notebook as a page."""

import copy

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from publish_sample import PNG, answer, card, code, figure, finding, sample

from dme.errors import DmeError
from dme.findings import MIME
from dme.publish.pagecopy import clean, page_copy


def page_of(path, *more):
    nbformat.write(sample(*more), path)
    return page_copy(path)


def test_raw_cell_becomes_front_matter(notebook):
    page = page_copy(notebook)
    assert page.name == "operations"
    assert page.markdown.startswith(
        "---\ntitle: 'Schools: how large'\ndescription: A sample page\n"
    )


def test_markdown_stays_as_it_is_behind_an_anchor(notebook):
    text = page_copy(notebook).markdown
    assert "## A question\n\nWith *emphasis* and $x^2$.\n" in text
    assert text.index('id="cell-words"') < text.index("## A question")


def test_the_findings_come_in_short_after_the_question(notebook):
    text = page_copy(notebook).markdown
    assert text.count("## In short") == 1
    assert text.index("## A question") < text.index("## In short") < text.index("Parameters")
    assert '<a href="#school-size">' in text


def test_a_notebook_without_findings_has_nothing_in_short(notebook):
    without = sample()
    without.cells = [cell for cell in without.cells if cell.id != "size"]
    nbformat.write(without, notebook)
    assert "In short" not in page_copy(notebook).markdown


def test_the_answer_stands_first_and_once(notebook):
    text = page_of(notebook, answer("Schools are **24.1 percent** smaller.")).markdown
    assert text.count("<p>Schools are <strong>24.1 percent</strong> smaller.</p>") == 1
    assert text.index("## A question") < text.index("24.1 percent") < text.index("## In short")


def test_a_notebook_without_an_answer_has_no_heading_for_it(notebook):
    assert "## The answer" not in page_copy(notebook).markdown


def test_a_finding_whose_definition_is_not_found_shows_its_cell(notebook):
    text = page_copy(notebook).markdown
    card = text[text.index('id="school-size"') : text.index("</section>")]
    assert "```{.python}\nfinding(...)\n```" in card


def test_the_computation_stands_in_the_card_of_its_finding(notebook):
    define = code(
        'SHARE = 0.5\n@finding("later", "T", unit="u")\ndef later(study):\n    return SHARE',
        name="define",
    )
    recorded = code("record(later)", card(finding("later")), name="recorded")
    text = page_of(notebook, define, recorded).markdown
    inside = text[text.index('id="later"') :].partition("</section>")[0]
    assert "The computation, in code" in inside
    assert "```{#code-SHARE .python}\nSHARE = 0.5\n```" in inside
    assert "return SHARE" in inside
    assert text.count("return SHARE") == 1
    assert "record(later)" not in text
    assert "cell-define" not in text


def test_the_code_of_a_chart_stands_below_it(notebook):
    chart = code("@show\ndef drawn(study):\n    return 1", figure(), name="chart")
    text = page_of(notebook, chart).markdown
    assert text.index("operations-chart-1.png") < text.rindex("Code of this chart")
    assert "def drawn(study)" in text


def test_parameters_are_called_so(notebook):
    text = page_copy(notebook).markdown
    assert "<summary>Parameters</summary>" in text
    assert "<summary>Parameters of this study</summary>" in text


def test_the_section_on_the_parameters_comes_last(notebook):
    told = sample()
    texts = ("## The parameters", "## A section", "## Limits\n\nSome.")
    heads = [new_markdown_cell(text, id=f"head-{number}") for number, text in enumerate(texts)]
    before, given, rest = told.cells[:2], told.cells[2:4], told.cells[4:]
    told.cells = [*before, heads[0], *given, heads[1], *rest, heads[2]]
    nbformat.write(told, notebook)
    text = page_copy(notebook).markdown
    at = [text.index(one) for one in ("## A section", ">42<", "## Limits", "## The parameters")]
    assert at == sorted(at)
    assert text.index("<summary>Parameters of this study</summary>") > at[-1]


def test_a_card_leads_to_where_its_number_and_tables_are_from(notebook):
    found = finding("other", tables=("seats", "places/2022", "lost"), typed=("places/2022",))
    needed = "<p><code>seats</code> <code>lost</code></p>"
    table = new_output("display_data", data={"text/html": needed})
    cells = [code("other", card(found), name="other"), code("needs()", table, name="needs")]
    nbformat.write(sample(*cells), notebook)
    text = page_copy(notebook, tables={"seats": "t/seats.html", "places": "t/places.html"}).markdown
    assert '<a href="trail/other.html">Where this number comes from</a>' in text
    assert (
        '<a href="t/seats.html">seats</a>, <a href="t/places.html">places/2022</a> '
        "(typed by hand), lost</dd>"
    ) in text
    assert '<a href="t/seats.html"><code>seats</code></a> <code>lost</code>' in text


def test_card_is_a_raw_block_with_the_anchor_of_its_finding(notebook):
    text = page_copy(notebook).markdown
    at = text.index('<section class="finding verdict-same-direction" id="school-size">')
    assert text[:at].endswith('```{=html}\n<div class="output">')
    assert "A &lt;plain&gt; sentence &amp; more." in text


def test_figure_is_a_file_with_words_and_size(notebook):
    page = page_copy(notebook)
    assert page.files["figures/operations-look-1.png"] == PNG
    assert 'src="figures/operations-look-1.png"' in page.markdown
    assert 'alt="Nine &quot;bars&quot; &amp; a line" width="640" height="360"' in page.markdown


def test_plain_output_is_escaped_and_can_not_break_its_block(notebook):
    text = page_copy(notebook).markdown
    assert '````{=html}\n<pre class="output">```1 &lt; 2```</pre>\n````' in text
    assert '<pre class="output">42</pre>' in text


def test_list_of_inputs_is_folded(notebook):
    assert "<summary>1 file with their checksums</summary>" in page_copy(notebook).markdown


def test_stderr_and_timings_are_left_out(notebook):
    page = page_copy(notebook)
    whole = page.markdown + page.files["operations.ipynb"].decode()
    for trace in ("ipykernel_71", "duration", "start_time", "iopub", "/tmp/x.ipynb"):
        assert trace not in whole


def test_download_is_a_valid_notebook_that_keeps_the_finding(notebook):
    page = page_copy(notebook)
    copied = nbformat.reads(page.files["operations.ipynb"].decode(), as_version=4)
    nbformat.validate(copied)
    assert copied.cells[4].outputs[0].data[MIME]["value"] == 24.1
    assert 'href="operations.ipynb" download' in page.markdown


def test_two_runs_of_one_study_give_the_same_bytes(notebook):
    first = page_copy(notebook)
    again = sample()
    again.metadata.papermill.duration = 99.0
    for cell in again.cells:
        if cell.cell_type == "code":
            cell.metadata.papermill.start_time = "2025-05-05T05:05:05"
            cell.metadata.execution["iopub.execute_input"] = "2025-05-05T05:05:05Z"
    again.cells[4].outputs[1].text = "/tmp/ipykernel_99/2.py: a warning"
    nbformat.write(again, notebook)
    assert page_copy(notebook) == first


def test_cleaning_leaves_the_original_untouched():
    original = sample()
    before = copy.deepcopy(original)
    clean(original)
    assert original == before


@pytest.mark.parametrize("tag", ["hide-cell", "remove-cell"])
def test_hidden_cell_is_absent(notebook, tag):
    cell = code("secret = 1", new_output("stream", text="shown"), name="hidden", tags=(tag,))
    text = page_of(notebook, cell).markdown
    assert "secret" not in text
    assert "cell-hidden" not in text


def test_hidden_code_leaves_the_output(notebook):
    cell = code("secret = 1", new_output("stream", text="shown"), name="h", tags=("hide-code",))
    text = page_of(notebook, cell).markdown
    assert "secret" not in text
    assert "shown</pre>" in text


def test_hidden_output_leaves_the_code(notebook):
    cell = code("kept = 1", new_output("stream", text="gone"), name="h", tags=("hide-output",))
    text = page_of(notebook, cell).markdown
    assert "kept = 1" in text
    assert "gone" not in text


def test_error_is_refused_with_its_place(notebook):
    broken = new_output("error", ename="ValueError", evalue="no such year", traceback=[])
    with pytest.raises(DmeError, match="no such year") as caught:
        page_of(notebook, code("fail()", broken, name="bad"))
    assert "operations.ipynb, cell 10," in str(caught.value)
    assert "ValueError: no such year" in str(caught.value)


def test_notebook_that_stopped_early_is_refused(notebook):
    pending = new_code_cell("later()", id="later", metadata={"papermill": {"status": "pending"}})
    with pytest.raises(DmeError, match="cell 10 is pending"):
        page_of(notebook, pending)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [new_code_cell("1", id="a")],
        [new_raw_cell("title: [", id="a")],
        [new_raw_cell("---\ndescription: no title\n---", id="a")],
        [new_raw_cell("---\ntitle: t\nformat: pdf\n---", id="a")],
    ],
)
def test_notebook_without_a_fit_title_is_refused(notebook, cells):
    nbformat.write(new_notebook(cells=cells), notebook)
    with pytest.raises(DmeError, match="expected a first cell of the type raw"):
        page_copy(notebook)


def test_file_that_is_no_notebook_is_refused(notebook):
    notebook.write_text("no notebook")
    with pytest.raises(DmeError, match="can't be read as a notebook"):
        page_copy(notebook)
