"""The pages of a district other than the one that the claims speak of, read as its own."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import yaml
from tests.of_hartford import told_of_hartford

from dme import findings, paths, template
from dme.execute.run import run_studies
from dme.passages import told
from dme.publish import build, config

pytestmark = pytest.mark.usefixtures("home")
ROOT = Path(__file__).parents[2]
STUDY = "another"
STAMFORD = "1350011"
HARTFORD = '  - "0640011"  # Hartford School District\n'
SLOW = {"design", "intervals"}

SIDES = "smaller|larger|more|less|fewer|above|below"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Path]:
    """A project in which `dme new` began a study of Stamford, that was run and built.

    Hartford is taken out of its peers, so that any word of Hartford is one too many. Charts, and
    the two notebooks that take longest, are left out: one is the same for every study.
    """
    folder = tmp_path_factory.mktemp("project")
    for room in ("data", "pages"):
        (folder / room).symlink_to(ROOT / room)
    (folder / "notebooks").mkdir()
    for source in (ROOT / "notebooks").glob("*.ipynb"):
        if source.stem not in SLOW:
            (folder / "notebooks" / source.name).symlink_to(source)
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    bar = settings["website"]["navbar"]
    bar["left"] = config.without(bar["left"], {f"{name}.qmd" for name in SLOW})
    (folder / "_quarto.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("DME_HOME", str(folder))
    patch.setenv("DME_DRAW", "no")
    paths.home.cache_clear()
    file = template.write(STUDY, STAMFORD)
    words = file.read_text(encoding="utf-8").replace("resamples: 4000", "resamples: 300")
    assert HARTFORD in words
    file.write_text(words.replace(HARTFORD, ""), encoding="utf-8")
    run_studies([file], lambda *_: None)
    build(STUDY, "builtin")
    yield folder
    patch.undo()
    paths.home.cache_clear()


def words(page: Path) -> str:
    """Return what a reader of a page reads or hears: no code, no marks, no titles of tables."""
    html, _, _ = page.read_text(encoding="utf-8").partition('id="data-dictionary"')
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    # Tables and files have the names that their publishers gave them.
    html = re.sub(r'<details class="(code|needs)".*?</details>', "", html, flags=re.DOTALL)
    html = re.sub(r'<(svg|details) class="[a-z -]*\bflow".*?</\1>', "", html, flags=re.DOTALL)
    heard = re.findall(r'\b(?:alt|aria-label|content|title)="([^"]*)"', html)
    shown = re.sub(r"<[^>]+>", " ", html)
    return " ".join(unescape(" ¦ ".join([shown, *heard])).replace("’", "'").split())


@pytest.fixture(scope="module")
def pages(home) -> dict[str, str]:
    return {page.stem: words(page) for page in sorted((home / "_site").glob("*.html"))}


@pytest.mark.tried("Every district runs", "words of Hartford on another district's pages")
def test_no_page_speaks_of_hartford_or_its_claims(pages, record_property):
    for name, text in pages.items():
        assert told_of_hartford(text) == [], name
        assert "$15 million" not in text, name
    record_property("times", len(pages))


@pytest.mark.tried("Every district runs", "words of Hartford in what every study's pages share")
def test_what_pages_say_of_any_study_is_not_hartfords(record_property):
    said = {page.name: page.read_text("utf-8") for page in (ROOT / "pages").glob("*.qmd")}
    del said["rules.qmd"]  # of a study with claims alone
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        prose = ["".join(one["source"]) for one in cells if one["cell_type"] == "markdown"]
        said[path.name] = "\n\n".join(prose)
    for name, text in said.items():
        assert told_of_hartford(told(text, claimed=False)) == [], name
    record_property("times", len(said))


def test_each_page_has_the_studys_title(home, pages):
    for name in pages:
        html = (home / "_site" / f"{name}.html").read_text(encoding="utf-8")
        assert re.search(r"<title>[^<]+ – Stamford: schools, people and money</title>", html), name


@pytest.mark.tried("Every district runs", "a sign and its word that contradict each other")
def test_a_figure_on_the_other_side_of_zero_reads_as_it_lies(pages):
    for name, text in pages.items():
        assert not re.search(rf"(?<!\d)-\$?\d[\d,.]*%? (million )?({SIDES})\b", text), name
        assert not re.search(rf"\b({SIDES})( [a-z]+)* \((\d\d%: )?-", text), name
        one = r"\b[Tt]he 1 [a-z]|(?<![\d.])\b1 (schools|peers|districts|years)\b"
        assert not re.search(one, text), name


def test_schools_larger_than_the_peers_are_told_so(pages):
    found = {entry.finding.id: entry.finding for entry in findings.ledger(STUDY)}
    size = found["school-size"]
    # Stamford's mean school has 719 students: larger than any of its peers'.
    assert size.value < 0
    assert size.value_text == f"{-size.value:.1f}% larger"
    assert f"{size.value_text}** than" not in pages["operations"]
    assert f"Schools of Stamford are {size.value_text} than its peers'" in pages["operations"]


@pytest.mark.tried("Every district runs", "findings that a district's tables can't give")
def test_what_is_not_measured_stands_once_at_the_end(home, pages):
    every = findings.ledger(STUDY)
    lacking = [entry for entry in every if not entry.finding.told]
    assert 0 < len(lacking) < len(every)
    for entry in lacking:
        html = (home / "_site" / f"{entry.notebook}.html").read_text(encoding="utf-8")
        assert html.count(f'id="{entry.finding.id}"') == 1
        before, _, after = html.partition("What could not be measured</h2>")
        assert f'id="{entry.finding.id}"' in after
        assert f'href="#{entry.finding.id}"' not in before
    for name in ("plan", "partnerships"):
        assert "nothing of this page can be answered" in pages[name]
        assert "dme template" in pages[name]
        assert "What this notebook read" not in pages[name]
    # That no claim speaks of any finding goes without saying.
    assert not any(">no claim<" in page.read_text() for page in (home / "_site").glob("*.html"))


@pytest.mark.tried(
    "Every district runs", "another study's sweep and commands on a district's pages"
)
def test_the_pages_show_the_studys_own_commands(home, pages):
    index = (home / "_site" / "index.html").read_text(encoding="utf-8")
    blocks = re.findall(r"<pre.*?</pre>", index, re.DOTALL)
    texts = [unescape(re.sub(r"<[^>]+>", "", block)) for block in blocks]
    (shown,) = [text for text in texts if text.startswith("dme run")]
    assert shown.split("\n")[:3] == [
        f"dme run params/{STUDY}.yml",
        f"dme findings {STUDY}",
        f"dme site {STUDY}",
    ]
    assert f"dme sweep {STUDY}" in pages["firmness"]
    assert not (home / "_site" / "rules.html").exists()
