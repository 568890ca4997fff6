"""The citation that the site shows, against what cffconvert makes of the same file."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from cffconvert import Citation

from dme.errors import DmeError
from dme.publish.citation import FILE, citation

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / FILE).read_text(encoding="utf-8")


@pytest.fixture
def project(writing):
    shutil.copyfile(ROOT / FILE, writing / FILE)
    return writing


def words(text):
    return re.findall(r"[\w.]*\w", text)


def fields(bibtex):
    return dict(re.findall(r"^\s*(\w+)\s*=\s*\{+([^{}]*)\}+,?$", bibtex, re.MULTILINE))


@pytest.mark.usefixtures("project")
def test_the_site_shows_the_citation_of_the_file():
    shown = unescape(citation())
    theirs = fields(Citation(TEXT).as_bibtex())
    ours = fields(shown)
    assert theirs
    assert {name: ours[name] for name in theirs} == theirs
    assert words(shown.partition("\n")[0]) == words(Citation(TEXT).as_apalike())


def test_people_are_named_and_a_title_can_hold_any_mark(project):
    authors = "authors:\n  - name: The authors of the District Model for Excellence repository\n"
    people = "authors:\n  - {given-names: Ada, family-names: Byron}\n  - name: A & B\n"
    assert authors in TEXT
    text = TEXT.replace(authors, people).replace("for Excellence, re", "*for* {{< x >}}, re")
    (project / FILE).write_text(text, encoding="utf-8")
    shown = citation()
    assert "author = {{Ada Byron} and {A & B}}" in unescape(shown)
    assert "{{" not in shown


def test_a_copy_without_the_file_says_so(project):
    (project / FILE).unlink()
    assert "has no CITATION.cff" in citation()


@pytest.mark.parametrize("text", ["title: T\n", "- a\n", "title: [\n", "authors: [{}]\n"])
def test_a_file_that_is_no_citation_is_refused(project, text):
    (project / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DmeError, match=r"CITATION.cff can't be read"):
        citation()
