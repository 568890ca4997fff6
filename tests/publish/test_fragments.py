"""The generated parts of the pages."""

import re
from html import escape, unescape

import nbformat
import pytest
from publish_sample import STUDY

from dme import paths
from dme.errors import DmeError
from dme.publish import side_by_side
from dme.publish.fragments import fragments, parameters
from dme.study import Study
from dme.tables import names
from dme.tables.licences import LICENCES
from dme.tables.sources import read_sources


@pytest.fixture
def parts(home):
    assert home.is_dir()
    return fragments(STUDY, (STUDY,)) | side_by_side.parts(STUDY, (STUDY,))


def test_every_included_part_is_made(home, parts):
    pages = [path.read_text() for path in (home / "pages").glob("*.qmd")]
    wanted = {name for text in pages for name in re.findall(r"{{< include (\S+) >}}", text)}
    assert wanted
    # The page of several studies is none of the pages of one.
    assert wanted - set(parts) == {"_differing.md", "_moved.md", "_together.md"}


@pytest.mark.usefixtures("home")
def test_parameters_are_those_that_ran():
    ran = parameters(STUDY)
    assert ran.small_school == 400
    assert ran.district == "0640011"


def test_parameters_table_marks_what_was_changed(parts):
    table = parts["_parameters.md"]
    for key, field in Study.model_fields.items():
        assert f"<code>{key}</code>" in table
        assert escape(field.description) in table
    assert '400 <span class="changed">changed; the default: 350</span>' in table
    assert table.count('class="changed"') == 3  # the study's name, and its smallest school
    assert "0640011 Hartford School District" in table


def test_edition_names_study_and_district(parts):
    assert (
        "**sample**: Hartford School District, compared with 9 other districts"
        in parts["_study.md"]
    )


def test_every_table_leads_to_its_page(parts):
    text = parts["_dictionary.md"]
    for name in names():
        assert f'<a href="trail/table/{name}.html">{name}</a>' in text
    typed = text[text.index("table/zone_capacity.html") :]
    assert 'kind-transcribed">typed by hand' in typed[: typed.index("</tr>")]


def test_sources_hold_addresses_and_terms(parts):
    text = parts["_sources.md"]
    assert "erstrategies.org" in text
    assert (
        text.count('opendatacommons.org/licenses/by/1-0/">Open Data Commons Attribution') == 214 + 1
    )


def test_terms_of_the_data_are_told_of_every_publisher_and_explained(parts):
    text = unescape(parts["_data-terms.md"])
    sources = read_sources(paths.home() / "data" / "sources.yml").values()
    for source in sources:
        assert f"<div>{source.publisher}</div>" in text
        assert source.terms in text
    assert sum(map(int, re.findall(r"<div>(\d+)</div>", text))) == len(sources)
    explained = text.index('aria-label="Terms of the data"')
    for name in {source.licence for source in sources}:
        assert f"<div>{LICENCES[name].asks}</div>" in text[:explained]


def test_study_of_another_district_has_no_claims(home):
    path = home / "results" / STUDY / "study.yml"
    path.write_text('study: sample\ndistrict: "0150011"\npeers: ["0640011"]\n')
    parts = fragments(STUDY, (STUDY,))
    assert "Finding school-size" in parts["_scoreboard.md"]
    assert "Not yet examined" not in parts["_scoreboard.md"]
    assert not parts["_tally.md"]
    assert not {"_rules.md", "_tests.md"} & set(parts)
    assert "Publications of the study" not in parts["_sources.md"]


@pytest.mark.parametrize("text", [None, "study: [", "studdy: sample\n"])
def test_lost_parameters_are_refused(home, text):
    path = home / "results" / STUDY / "study.yml"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(DmeError, match=r"results/sample/study\.yml"):
        fragments(STUDY, (STUDY,))


def test_what_each_page_answers_stands_in_the_order_of_the_navigation(home):
    front = "title: T\ndescription: <!--claims-->Said & done<!--else Done-->"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell(f"---\n{front}\n---")])
    nbformat.write(book, home / "results" / STUDY / "culture.ipynb")
    text = fragments(STUDY, (STUDY,))["_answers.md"]
    assert re.findall(r'<li><strong><a href="(\w+)\.html">\w+</a>\.</strong> ([^<]+)<', text) == [
        ("operations", "A sample page"),
        ("culture", "Said &amp; done"),
    ]
