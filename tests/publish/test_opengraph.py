"""What pages say of themselves to those who find or forward them."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from publish_sample import STUDY, finding

from dme.findings import Entry
from dme.findings.claims import yardstick
from dme.publish import config, landing
from dme.publish.opengraph import IMAGE, SIZE, describe
from dme.publish.stage import stage

SITE = 'Schools & "money"'


@pytest.fixture
def settings(home):
    return replace(config.read(home / config.FILE), title=SITE, description="Of the site.")


def written(folder, name, head="", body="<h1>T</h1>"):
    page = folder / name
    page.parent.mkdir(parents=True, exist_ok=True)
    title = "How large? – Schools &amp; &quot;money&quot;"
    page.write_text(f"<html><head>{head}<title>{title}</title></head><body>{body}</body></html>")
    return page


def metas(page):
    text = page.read_text(encoding="utf-8")
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text)
    assert len(found) == len(dict(found))
    return {name: unescape(content) for name, content in found}


def test_a_page_has_its_title_its_words_and_the_picture(tmp_path, settings):
    page = written(tmp_path, "plan.html", '<meta name="description" content="What &amp; why">')
    describe(tmp_path, settings)
    told = metas(page)
    assert told["og:title"] == "How large?"
    assert told["og:site_name"] == SITE
    assert told["og:description"] == told["description"] == "What & why"
    assert told["og:type"] == "website"
    assert told["og:image"] == IMAGE
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert "og:url" not in told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            '<div class="description">The <b>trail</b> of\n a figure.</div>',
            "The trail of a figure.",
        ),
        ('<div class="description"></div><p class="finding-sentence">So it is.</p>', "So it is."),
        ("", "Of the site."),
    ],
)
def test_a_page_without_a_description_gets_what_it_says_first(tmp_path, settings, body, words):
    page = written(tmp_path, "trail/size.html", body=body)
    describe(tmp_path, settings)
    told = metas(page)
    assert told["description"] == told["og:description"] == words
    # Its picture lies at the top.
    assert told["og:image"] == f"../{IMAGE}"


def test_a_long_description_ends_at_a_word(tmp_path, settings):
    page = written(tmp_path, "a.html", body=f'<p class="description">{"word " * 90}</p>')
    describe(tmp_path, settings)
    assert metas(page)["description"] == "word " * 39 + "word …"


def test_where_the_settings_name_the_address_pictures_have_whole_ones(tmp_path, settings):
    pages = [written(tmp_path, name) for name in ("index.html", "trail/size.html")]
    describe(tmp_path, replace(settings, address="https://schools.example/report/"), "later/")
    top = "https://schools.example/report/later/"
    assert [metas(page)["og:image"] for page in pages] == [top + IMAGE] * 2
    assert [metas(page)["og:url"] for page in pages] == [top, f"{top}trail/size.html"]


def test_what_a_page_says_of_itself_already_stays(tmp_path, settings):
    page = written(tmp_path, "a.html", '<meta property="og:title" content="Mine">')
    before = page.read_bytes()
    describe(tmp_path, settings)
    assert page.read_bytes() == before


def test_the_address_stands_in_the_settings(home):
    path = home / config.FILE
    assert config.read(path).address == ""
    path.write_text(
        path.read_text().replace("website:\n", "website:\n  site-url: https://schools.example\n")
    )
    assert config.read(path).address == "https://schools.example"


@pytest.mark.usefixtures("home")
def test_the_picture_is_drawn_for_each_study_in_the_same_bytes(tmp_path):
    stage(STUDY, tmp_path / "stage")
    drawn = (tmp_path / "stage" / IMAGE).read_bytes()
    assert Image.open(BytesIO(drawn)).size == SIZE
    stage(STUDY, tmp_path / "again")
    assert (tmp_path / "again" / IMAGE).read_bytes() == drawn


@pytest.mark.usefixtures("home")
def test_the_picture_shows_what_there_is():
    size = Entry(finding("school-size"), "operations", "x", 1)
    empty = landing.file([], None, "Bristol", "Bristol: schools")
    assert empty != landing.file([], yardstick(), "Hartford", "Hartford")
    assert landing.file([size], yardstick(), "Hartford", "Hartford") != empty
