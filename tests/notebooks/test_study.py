"""The Hartford study as a whole: every claim has its answer, every notebook says it in words."""

import csv
import io
import json
import re
from collections import Counter
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from dme import findings, paths, publish
from dme.audit import record
from dme.audit.diff import compare
from dme.audit.diff_words import Names, told
from dme.audit.record import Record
from dme.findings.claims import yardstick
from dme.findings.judging import Verdict
from dme.publish import config, flow, landing, scoreboard, steps
from dme.publish.fragments import fragments
from dme.publish.pagecopy import page_copy
from dme.study import Study, read
from dme.tables.dictionary import provenances
from tests.notebooks.walking import Page
from tests.turns import on_turn

ROOT = Path(__file__).parents[2]
NOTEBOOK = "*"
STUDIES = sorted((ROOT / "params").glob("*.yml"))


@pytest.fixture(scope="module")
def ledger(run):
    return list(run("hartford-2017").values())


def test_the_committed_record_is_what_the_study_gives(ledger):
    """Held to what its authors published; a change that is meant is recorded anew."""
    assert ledger
    found = Record.of_results(paths.results("hartford-2017"))
    comparison = compare(record.read(ROOT / record.FOLDER / "hartford-2017.json"), found)
    names = Names("the record", "the study")
    again = "Is that meant? Then record it: dme verify hartford-2017 --record"
    assert comparison.agree, f"{told(comparison, names, most=None)}\n\n{again}"


def test_every_claim_has_a_finding_with_a_verdict_and_its_reason(ledger):
    answers = {}
    for entry in ledger:
        if entry.finding.claim:
            answers.setdefault(entry.finding.claim, []).append(entry.finding)
    assert set(answers) == {claim.id for claim in yardstick().claims}
    for name, found in answers.items():
        assert all(one.reason for one in found), name
        assert [bool(one.verdict) for one in found if not one.beside] == [True], name


def test_what_is_not_public_is_never_called_reproduced(ledger):
    hidden = {claim.id for claim in yardstick().claims if claim.data == "not public"}
    for entry in ledger:
        if entry.finding.claim in hidden:
            assert entry.finding.verdict == Verdict.NOT_TESTABLE, entry.finding.id


def test_what_needs_a_model_says_that_it_has_one(ledger):
    modelled = {claim.id for claim in yardstick().claims if claim.data == "modelled"}
    for entry in ledger:
        found = entry.finding
        if found.claim in modelled and found.value is not None and not found.beside:
            assert found.basis in {"modelled", "proxy"}, found.id
            assert found.caveat, found.id


def test_each_figure_says_who_is_counted_when_how_and_from_which_tables(ledger):
    for entry in ledger:
        found = entry.finding
        if found.value is None:
            continue
        assert found.population, found.id
        assert found.year, found.id
        assert found.method, found.id
        assert found.interval, found.id
        # What intervals do is simulated, and rests on no table.
        assert found.tables or entry.notebook == "intervals", found.id


def test_an_interval_holds_its_figure(ledger):
    for entry in ledger:
        found = entry.finding
        if found.low is not None:
            assert found.low <= found.value <= found.high, found.id


def test_each_notebook_answers_its_question_in_words(ledger):
    notebooks = {entry.notebook for entry in ledger}
    for path in findings.notebooks("hartford-2017"):
        said = findings.answer_of(findings.read_notebook(path))
        assert path.stem in notebooks
        # Here no sweep has been run, and the notebook that reads one says so.
        assert len(said.split()) > 15, path.stem
        assert path.stem == "firmness" or re.search(r"\d", said), path.stem


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_each_study_of_the_project_can_be_run(path):
    study = read(path)
    assert study.study == path.stem
    assert study.district not in study.peers


def test_the_hartford_file_holds_every_parameter_at_its_default():
    keys = set(re.findall(r"^(\w+):", (ROOT / "params" / "hartford-2017.yml").read_text(), re.M))
    assert keys == set(Study.model_fields)
    assert read(ROOT / "params" / "hartford-2017.yml") == Study()


def test_the_readme_quotes_the_ledger(ledger):
    """Each figure of the README stands before the name of its finding, in a comment."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    figures = {entry.finding.id: entry.finding for entry in ledger}
    quoted = re.findall(r"([^|>]*)<!-- ([\w-]+) -->", text)
    assert len(quoted) > 20
    for words, name in quoted:
        found = figures[name]
        figure = found.value_text.partition(" a year")[0].partition(" per pupil")[0]
        for unit in (
            " points",
            " miles",
            " students",
            " schools",
            " FTE",
            " more",
            " smaller",
            " of",
        ):
            figure = figure.partition(unit)[0]
        assert figure in words, name
        if found.low is not None and "(" in words:
            assert found.interval_text in words, name


def test_the_readme_gives_each_verdict_as_the_ledger_does(ledger):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    verdicts = {entry.finding.id: entry.finding.verdict for entry in ledger}
    for row in re.findall(r"^\|.*<!--.*\|$", text, re.M):
        last = verdicts[re.findall(r"<!-- ([\w-]+) -->", row)[-1]]
        first = verdicts[re.findall(r"<!-- ([\w-]+) -->", row)[0]]
        said = row.rstrip("|").rpartition("|")[2]
        assert (last or first) in said, row


class Numbers(HTMLParser):
    """The words of elements of a class, without those that are inside links of numbers."""

    def __init__(self, html, css):
        super().__init__()
        self.css, self.left, self.ways = css, [], set()
        self._open, self._linked = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("class") == "number":
            self._linked = True
            self.ways.add(values["href"])
        if tag not in {"br", "img"}:
            self._open.append((tag, (values.get("class") or "").split()))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass
        self._linked = self._linked and tag != "a"

    def handle_data(self, data):
        if not self._linked and any(self.css in css for _, css in self._open):
            self.left += re.findall(r"\d{4}-\d\d\b|\d+(?:,\d{3})*(?:\.\d+)?", data)


def test_each_chart_has_its_shapes_its_table_and_colors_that_pages_know(ledger):
    assert ledger
    sheet = (ROOT / "pages" / "style" / "charts.css").read_text(encoding="utf-8")
    seen = 0
    for path in findings.notebooks("hartford-2017"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = {mime: "".join(told) for mime, told in output.get("data", {}).items()}
                if "image/png" not in data:
                    continue
                seen += 1
                where, drawn = (path.stem, cell["id"]), data["image/svg+xml"]
                assert output["metadata"]["title"], where
                assert len(drawn) < 130_000, where
                assert len(data["text/csv"].splitlines()) > 1, where
                colors = set(re.findall(r'(?:fill|stroke)="#\w+"', drawn))
                assert not {color for color in colors if color not in sheet}, where
                # Where dots are schools, each has a row, and each row's school a dot.
                names = {row["School"] for row in csv.DictReader(io.StringIO(data["text/csv"]))
                         if {"School", "School code"} <= {*row}}  # fmt: skip
                titles = {unescape(one) for one in re.findall(r"<title>(.*)", drawn)}
                assert not names or not titles or names <= titles, where
    assert seen > 60


@pytest.fixture(scope="module")
def pages(home, ledger):
    """The Hartford study's pages as they are staged, by name, and its scoreboard."""
    (home / "_quarto.yml").symlink_to(ROOT / "_quarto.yml")
    found = {path.stem: page_copy(path).markdown for path in findings.notebooks("hartford-2017")}
    return found | {"index": scoreboard.scoreboard(ledger, yardstick()) + scoreboard.others(ledger)}


def test_the_first_page_counts_every_claim_and_draws_every_published_figure(ledger):
    claims = yardstick()
    told = landing.parts(ledger, claims, "Hartford")
    counts = re.findall(r"<b class=[^>]+>(\d+) [a-z ]+</b>", told["_tally.md"])
    assert sum(map(int, counts)) == len(claims.claims) == 40
    figures = [claim for claim in claims.claims if claim.published]
    ways = re.findall(r'class="claimed"[^>]*><div><a href="[a-z]+.html#([\w-]+)"', told["_picture.md"])
    assert ways == [claim.finding for claim in figures]
    shown = Counter(entry.finding.verdict for entry in ledger if entry.finding.id in ways)
    holds = shown[Verdict.REPRODUCED] + shown[Verdict.CONSISTENT]
    assert f"Of {len(figures)} published figures, {holds} hold" in told["_picture.md"]
    assert told["_sentences.md"].count("<li>") == 5
    assert told["_since.md"].count("<polyline") == 4


def test_the_first_page_is_light(pages, home):  # noqa: ARG001
    """With style and scripts, before any compression; it loads no picture."""
    parts = fragments("hartford-2017", ("hartford-2017",))
    index = (ROOT / "pages" / "index.qmd").read_text(encoding="utf-8")
    held = [parts[name] for name in re.findall(r"include (_(?!beside)[\w-]+\.md)", index)]
    assert not any("<img" in part for part in held)
    settings = config.read(ROOT / config.FILE)
    names = [*settings.css, *(script.file for script in settings.scripts)]
    weight = sum(len(part.encode()) for part in (index, *held))
    assert weight + sum((ROOT / "pages" / name).stat().st_size for name in names) < 300_000


def test_each_figure_of_cards_and_tables_is_a_link(pages, ledger):
    for page, text in pages.items():
        told = [e.finding for e in ledger if e.notebook == page and e.finding.value is not None]
        for css in ("finding-value", "recomputed"):
            assert not Numbers(text, css).left, (page, css)
        ways = Numbers(text, "").ways
        assert {f"trail/{one.id}.html" for one in told} <= ways
        others = {f"trail/{one.id}.html#alternatives" for one in told if one.alternatives}
        assert {way for way in ways if way.endswith("#alternatives")} == others
        if page != "index":
            assert {f"#{one.id}" for one in told} <= ways, page
    assert {e.link for e in ledger if e.finding.value is not None} <= Numbers(
        pages["index"], ""
    ).ways


def test_each_computed_number_of_an_answer_is_a_link_to_its_card(pages, ledger):
    """What is no link is a year, a parameter, a published figure, or written in the notebook."""
    published = " ".join(str(claim.published) for claim in yardstick().claims)
    known = published + " ".join(map(str, Study().model_dump().values()))
    for path in findings.notebooks("hartford-2017"):
        cells = findings.read_notebook(path)["cells"]
        written = " ".join("".join(cell["source"]) for cell in cells)
        answer = Numbers(pages[path.stem], "answer")
        for number in answer.left:
            assert "-" in number or re.search(rf"\b{number}\b", known + written), (path, number)
        cards = {f"#{entry.finding.id}" for entry in ledger if entry.notebook == path.stem}
        assert {way for way in answer.ways if not way.startswith("trail/")} <= cards
        said = findings.answer_of(findings.read_notebook(path))
        assert not re.search("[\ue000-\uf8ff]", path.read_text(encoding="utf-8"))
        assert re.sub(r"\W", "", unescape(re.sub("<[^>]+>", "", answered(pages[path.stem])))) == (
            re.sub(r"\W", "", said)
        )


def answered(page):
    return re.search(r'<div class="answer">(.*?)</div>', page, re.DOTALL)[1]


def test_the_picture_of_the_flow_counts_as_the_ledger_does(ledger):
    """Counted anew from the notebooks' own JSON."""
    boxes, bands = Counter(), Counter()
    for path in findings.notebooks("hartford-2017"):
        for cell in json.loads(path.read_text())["cells"]:
            for output in cell.get("outputs", []):
                found = output.get("data", {}).get("application/vnd.dme.finding+json")
                if not found or (found["value"] is None and found["verdict"] is None):
                    continue
                end = found["verdict"] or ("another reading" if found["claim"] else "no claim")
                tables = {name.split("/")[0] for name in found["tables"]} or {"no table"}
                boxes.update([*tables, path.stem, end])
                bands.update([(path.stem, end), *((table, path.stem) for table in tables)])
    html = unescape(flow.flow(ledger, provenances(), claimed=True))
    words = {entry.text: Path(entry.page).stem for entry in config.navigation()}
    drawn = re.findall(r"<title>([^→<]+?): (\d+) findings?[^→<]*</title>", html)
    assert boxes.items() <= {words.get(name, name): int(n) for name, n in drawn}.items()
    told = re.findall(r"<title>([^<]+?) → ([^<]+?): (\d+) finding", html)
    told = {(words.get(one, one), words.get(other, other)): int(n) for one, other, n in told}
    assert bands.items() <= told.items()
    publishers = {s.publisher for one in provenances().values() for s in one.sources}
    assert {one for one, _ in told.keys() - bands.keys()} <= publishers
    for claim in yardstick().claims:
        assert f">{claim.id}</text>" in html


def test_the_steps_name_every_input_with_its_checksum(ledger):
    told = unescape("".join(steps.parts("hartford-2017", ledger).values()))
    record = json.loads((paths.results("hartford-2017") / "run.json").read_text())
    for one in record["notebooks"].values():
        assert one["notebook"] in told
        assert one["result"] in told
        for name, digest in one["files"].items():
            assert f"{digest:64}  {name}\n" in f"{told}\n".replace("</pre>", "\n"), name
    for name, version in record["packages"].items():
        assert f"{name}=={version}" in told


@pytest.fixture(scope="module")
def site(pages, home):
    """The built site of the Hartford study."""
    assert pages
    (home / "pages").symlink_to(ROOT / "pages")
    return publish.build("hartford-2017", "builtin", home / "_site").folder


@pytest.fixture(scope="module")
def sums():
    """The sha256 of each raw file, by its id."""
    entries = yaml.safe_load((ROOT / "data" / "sources.yml").read_text(encoding="utf-8"))
    single = {one["id"]: one["sha256"] for one in entries if "sha256" in one}
    years = [
        (one["id"], year, sha) for one in entries for year, sha in one.get("files", {}).items()
    ]
    return single | {f"{name}-{year}": sha for name, year, sha in years}


def test_any_number_leads_to_its_raw_files_in_four_clicks(site, ledger, sums):
    """Landing page, card, trail, table: there stands the sha256."""
    page = cache(lambda name: Page(site, name))
    for entry in ledger:
        found = entry.finding
        trail = f"trail/{found.id}.html"
        if found.told:
            assert page("index.html").leads(entry.link), found.id
        assert page(f"{entry.notebook}.html").leads(trail, inside=found.id), found.id
        for name in {table.partition("/")[0] for table in found.tables}:
            table = f"trail/table/{name}.html"
            assert page(trail).leads(f"{table}#raw-files"), (found.id, name)
            shown = page(table).raw_files()
            assert shown, name
            assert shown == {one: sums[one] for one in shown}
            assert page(table).leads(trail)
        assert found.tables or "It read no table" in page(trail).text


@pytest.mark.browser
def test_a_browser_gets_from_any_number_to_a_raw_file_in_four_clicks(site, ledger, sums, browser):
    tab = browser.new_page(viewport={"width": 390, "height": 900})
    tab.set_default_timeout(10_000)
    # Words are read here; each day a fifth of the ways is clicked through.
    tab.route("**/*.png", lambda route: route.abort())
    for entry in on_turn(ledger, 5):
        found = entry.finding
        tab.goto((site / "index.html").as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page = f"{entry.notebook}.html"
        way = f"main a[href='{entry.link}']" if found.told else f"nav a[href='{page}']"
        if not found.told:
            tab.click("button.site-menu")
            if not tab.is_visible(way):
                tab.click("nav summary")
        tab.click(way)
        tab.wait_for_url(f"**/{page}*")
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        tab.click(f"[id='{found.id}'] a[href='trail/{found.id}.html']")
        assert tab.inner_text("h1") == found.title
        if found.tables:
            tab.click("#chain ~ * a[href$='#raw-files']")
            # A locator waits until a long page is read that far.
            name, shown = tab.locator("[id^='raw-']:not(#raw-files)").first.evaluate(
                "e => [e.id, e.closest('tr').querySelector('code').innerText]",
            )
            assert shown == sums[name.removeprefix("raw-")], found.id
    tab.close()
