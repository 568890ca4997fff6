"""The pages of the trail of a small study, read as HTML."""

import csv
import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests import tiny_study

from dme import paths, up_to_date
from dme.errors import DmeError
from dme.publish import config
from dme.publish.trail.code import coloured
from dme.publish.trail.write import write
from dme.study import Study
from dme.tables import spec

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trail(tmp_path_factory):
    """The folder of the pages of a study's trail; of one module its record tells other bytes."""
    home = tmp_path_factory.mktemp("project")
    (home / "data").symlink_to(ROOT / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DME_HOME", str(home))
        paths.home.cache_clear()
        tiny_study.write(home)
        settings = config.read(ROOT / "_quarto.yml")
        written = write("tiny", home / "site", settings, ["size", "rules", "methods"])
    paths.home.cache_clear()
    folder = home / "site" / "trail"
    assert sorted(written) == sorted(
        f"trail/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.html")
    )
    return folder


def words(text):
    """Return the text of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def links(text):
    """Return the addresses of a page's main part, each with its words."""
    main = text[text.index("<main") :]
    return [
        (way, words(inner)) for way, inner in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', main)
    ]


def line(page, number):
    """Return a line of the code that a page shows."""
    return words(re.search(rf'<span id="L{number}">(.*)</span>$', page, re.MULTILINE)[1])


def test_a_finding_tells_its_chain_in_order(trail):
    text = words((trail / "mean-size.html").read_text())
    parts = [
        "442 students",
        "cell 3 of size.ipynb",
        "Rule since",
        "The sign could have been otherwise",
        "def mean_size(study):",
        "of the year before",
        "size_year = 2015-16",
        Study.model_fields["size_year"].description,
        "school_year is 2016-17",
        "Raw files",
        "X 3",
        "pandas 9.9",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_each_name_of_a_helper_leads_to_the_line_that_defines_it(trail):
    page = (trail / "mean-size.html").read_text()
    found = [(way, name) for way, name in links(page) if "#L" in way]
    assert {name for _, name in found} >= {"school_sizes.schools", "load"}
    for way, name in found:
        file, _, number = way.partition("#L")
        shown = line((trail / file).read_text(), int(number))
        defined = (
            name.rpartition(".")[2] if ", line " not in name else shown.split("(")[0].split()[1]
        )
        assert shown.startswith(f"def {defined}("), (way, name)
        own = (
            ROOT
            / "src"
            / (file.removeprefix("source/").removesuffix(".html").replace("-", "/") + ".py")
        )
        assert own.read_text().splitlines()[int(number) - 1] == shown


def test_a_source_page_shows_the_file_as_it_is_and_says_if_another_ran(trail):
    name = "src/dme/measures/size/school_sizes.py"
    page = (trail / "source" / "dme-measures-size-school_sizes.html").read_text()
    own = (ROOT / name).read_text()
    code = re.search(r"<code>(<span id=.*)</code></pre>", page, re.DOTALL)[1]
    assert words(code) == own.rstrip("\n")
    assert hashlib.sha256(own.encode()).hexdigest() in page
    assert "c0ffee" in page
    assert "This is not the code that was run" in page
    assert f"sha256 {'b' * 64}" in words(page)
    assert '<a href="../mean-size.html">Mean school size</a>' in page
    # Of the others the record tells nothing.
    other = (trail / "source" / "dme-text.html").read_text()
    assert "This is not the code" not in other


def test_the_file_of_the_rows_holds_those_rows_of_the_table(trail):
    page = (trail / "mean-size.html").read_text()
    [file] = {way for way, _ in links(page) if way.endswith(".csv")}
    with (ROOT / tiny_study.TABLE).open(newline="") as table:
        whole = list(csv.reader(table))
    with (trail / file).open(newline="") as rows:
        head, *taken = csv.reader(rows)
    assert head == ["row", *whole[0]]
    assert len(taken) == 2
    assert [row[1:] for row in taken] == [whole[int(row[0])] for row in taken]
    assert all(row[1:3] == ["2016-17", "0640011"] for row in taken)
    shown = re.findall(r"<td>([^<]*)", page[page.index('<table class="rows">') :])
    shared = [n for n in range(len(head)) if taken[0][n] == taken[1][n]]
    assert shown == [cell for row in taken for n, cell in enumerate(row) if n not in shared]
    (caption,) = re.findall(r"<caption>These rows; in each: (.*?)</caption>", page)
    assert caption == ", ".join(f"{head[n]} {taken[0][n]}" for n in shared if taken[0][n])


def test_a_table_tells_its_columns_and_the_whole_sha256_of_its_raw_files(trail):
    published = yaml.safe_load((ROOT / "data" / "sources.yml").read_text())
    sums = {one["id"]: one["sha256"] for one in published if "sha256" in one}
    sums |= {f"{one['id']}-{y}": s for one in published for y, s in one.get("files", {}).items()}
    for path in (trail / "table").glob("*.html"):
        page, table = path.read_text(), spec(path.stem)
        content = (ROOT / "data" / "tables" / f"{path.stem}.csv").read_bytes()
        assert f"<code>{hashlib.sha256(content).hexdigest()}</code>" in page
        raw = re.findall(r'<span id="raw-([^"]*)">.*?<code>(\w{64})</code>', page)
        assert raw
        assert {name: sums[name] for name, _ in raw} == dict(raw)
        for column, told in table.columns.items():
            assert f"<code>{column}</code>" in page
            assert html.escape(told.description) in page
    assert "Mean school size" in (trail / "table" / "school_enrollment.html").read_text()


def test_code_is_shown_as_it_is_with_links_where_names_are_used():
    source = (
        'def f(x, load=1):\n    """load"""\n    return load(a.b.c, b.c, load=2) + "a<b"  # load\n'
    )
    lines = coloured(source, {"load": "#load", "a.b": "#ab"})
    assert words("\n".join(lines)) == source
    assert "\n".join(lines).count("<a ") == 2
    assert '<a href="#load">load</a>(<a href="#ab">a.b</a>.c, b.c, load=' in lines[2]
    assert '<span class="st">"""load"""</span>' in lines[1]


def test_a_table_that_was_changed_since_tells_no_rows(writing):
    results = tiny_study.write(writing)
    run = up_to_date.read(results)
    files = run.notebooks["size"].files | {tiny_study.TABLE: "a" * 64}
    read = replace(run.notebooks["size"], files=files)
    up_to_date.write(results, replace(run, notebooks={"size": read}))
    write("tiny", writing / "site", config.read(ROOT / "_quarto.yml"), [])
    page = (writing / "site" / "trail" / "mean-size.html").read_text()
    assert "This is not the table that was read" in page
    assert not list((writing / "site").rglob("*.csv"))
    assert ".csv" not in page


def test_a_finding_whose_name_could_lead_elsewhere_is_refused(writing):
    results = tiny_study.write(writing)
    notebook = results / "size.ipynb"
    notebook.write_text(notebook.read_text().replace('"id": "mean-size"', '"id": "../mean"'))
    with pytest.raises(DmeError, match=r"\.\./mean"):
        write("tiny", writing / "site", config.read(ROOT / "_quarto.yml"), [])
    assert not (writing / "site").exists()
