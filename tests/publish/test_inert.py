"""Text is text: what stands for it in a page reads as the text, and as nothing else."""

import json
import re
from html import unescape

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish_sample import HOSTILE, seen

from dme.publish.inert import literal, prose, tame
from dme.publish.markup import fence, raw
from dme.text import fill

# Pieces of syntax, so that chance puts together what is nearly one.
PIECES = st.sampled_from(
    sorted({part for text in HOSTILE for part in re.findall(r"\w+|\s+|[^\w\s]+", text)} | {"\n\n"})
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))
# What Quarto reads pages as, and what the built-in renderer does.
READERS = ("markdown", "markdown+autolink_bare_uris+emoji+tex_math_single_backslash+mark")


def texts_of(blocks):
    """Return the text of paragraphs; anything else on the page fails."""
    found = []
    for block in blocks:
        assert block["t"] == "Para", block
        assert {inline["t"] for inline in block["c"]} <= {"Str", "Space", "SoftBreak"}, block
        found.append(seen("".join(one.get("c", " ") for one in block["c"])))
    return found


def test_no_three_colons_are_left_for_quarto_to_find():
    assert ":::" not in unescape(literal("::: :::: ::::: a::::::b"))


def read_by(reader, markdown):
    return json.loads(pypandoc.convert_text(markdown, "json", format=reader))["blocks"]


@pytest.mark.tried("Hostile text", "text of tables and parameters, read by pandoc as Markdown")
def test_any_text_is_read_as_itself(record_property):
    tried = list(HOSTILE)

    @settings(max_examples=30)
    @given(st.lists(TEXTS, min_size=80, max_size=80))
    def gather(texts):
        tried.extend(texts)

    gather()
    expected = [text for text in map(seen, tried) if text]
    # Alone, where a block could begin, and strong in the middle of a sentence.
    alone = "\n\n".join(filter(None, map(literal, tried)))
    inside = "\n\n".join(f"These show **{literal(text)}**, it says." for text in expected)
    for reader in READERS:
        assert texts_of(read_by(reader, alone)) == expected
        for block, text in zip(read_by(reader, inside), expected, strict=True):
            strong = block["c"][4]
            assert strong["t"] == "Strong"
            assert seen("".join(one.get("c", " ") for one in strong["c"])) == text
    record_property("times", 2 * len(READERS) * len(expected))


@pytest.mark.tried("Hostile text", "answers with text of tables in them")
@pytest.mark.parametrize("name", HOSTILE)
def test_an_answer_holds_only_text_and_what_its_own_words_stress(name):
    answer = fill("- **{count} schools** of {name} *are* small.", {"count": 3, "name": name})
    html = prose(answer)
    assert re.sub(r"</?(ul|li|strong|em)>", "", html).count("<") == 0
    assert html.count("<strong>") == html.count("<em>") == html.count("<li>") == 1
    assert "<strong>3 schools</strong>" in html


def test_an_answer_has_paragraphs_lists_and_stress():
    text = "One **two** *three*\nmore.\n\n- a\n- b *c*\n\nEnd, 2 * 3 * 4 and 5*."
    assert prose(text) == (
        "<p>One <strong>two</strong> <em>three</em> more.</p>\n"
        "<ul><li>a</li><li>b <em>c</em></li></ul>\n"
        "<p>End, 2 * 3 * 4 and 5*.</p>"
    )


@pytest.mark.tried("Hostile text", "HTML in the output of a cell")
@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join)))
def test_what_is_left_of_html_can_only_be_seen(html):
    told = tame(html)
    kept = re.findall(r"<[^>]*>", told)
    assert all(re.fullmatch(r"</?[a-z0-9]+( (class|role)=\"[^\"<>]*\")*>", tag) for tag in kept)
    assert not re.search(r"<(script|style|img|svg|math|a|iframe|object|form)\b", told)
    assert "<" not in re.sub(r"<[^>]*>", "", told)
    assert tame(told) == told


def test_a_table_of_pandas_keeps_its_rows():
    html = (
        "<style scoped>.dataframe { color: red }</style>"
        '<table border="1" class="dataframe"><tr style="text-align: right;"><th colspan="2">a</th>'
        "</tr><tr><td>1 &lt; 2</td><td onclick='x()'>b</td></tr></table></div><p>after"
    )
    assert tame(html) == (
        '<table class="dataframe"><tr><th colspan="2">a</th></tr>'
        "<tr><td>1 &lt; 2</td><td>b</td></tr></table><p>after</p>"
    )


@pytest.mark.tried("Hostile text", "shortcodes, and blocks to run, in code and in HTML")
@pytest.mark.parametrize("text", [name for name in HOSTILE if "{{" in name or "```{" in name])
def test_nothing_that_quarto_looks_for_is_left_in_code_or_html(text):
    for told in (fence(text, "{.python}"), raw(f"<p>{text}</p>")):
        assert "{" not in told.replace("```{=html}", "")
