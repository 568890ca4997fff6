"""A study as a crate: valid by its profile, true to the last checksum, and complete."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import socket
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
import yaml
from tests.audit.validator import UNKNOWN, issues

from dme import lasted, paths, up_to_date
from dme.audit.crate import export
from dme.audit.crate import files as crate_files
from dme.errors import DmeError
from dme.findings import ANSWER_MIME, INPUTS_MIME, MIME, Finding
from dme.study import Study

ROOT = Path(__file__).parents[2]
STUDY = "small"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
READ = ("data/tables/zone_capacity.csv", "data/claims.yml", "src/dme/text.py")


def _finding(name: str, **told: object) -> dict:
    given = {"title": name, "sentence": f"A sentence on {name} | of | <b>bars</b>.", "value": 24.1}
    given |= {"unit": "percent", "population": "p", "year": "2016-17", "method": "m"}
    return Finding(id=name, **given | told).to_json()


def _shown(data: dict, **metadata: object) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)


def _table(label: str) -> str:
    return f'<table aria-label="{label}"><tr><th>A, b</th></tr><tr><td>1 &lt; 2</td></tr></table>'


def _code(source: str, *outputs: nbformat.NotebookNode, name: str, tags: tuple = ()):
    return nbformat.v4.new_code_cell(source, id=name, outputs=[*outputs], metadata={"tags": tags})


DECLARED = """HALF = 2


@finding("size", "Size", unit="percent")
def size(study):
    return study.small_school / HALF
"""
DRAWN = """# two charts
@show
def one(study):
    return study, "alt"


@show
def two(study):
    return study, "alt"
"""


def _cells() -> list[nbformat.NotebookNode]:
    """Return the cells of an executed notebook that shows one of everything, and two charts."""
    judged = _finding("size", claim="O1", published="28%", verdict="consistent", statement="s")
    recorded = ({MIME: judged}, {MIME: _finding("other", claim="O1", beside=True)})
    picture = {"image/png": base64.b64encode(PNG).decode(), "text/plain": "plain"}
    text = "First, 24.1% of all. Then 7 more.\nAnd 2."
    answer = {"text": text, "numbers": [(7, 12, "size"), (27, 28, "other"), (38, 39, "unknown")]}
    return [
        nbformat.v4.new_raw_cell("---\ntitle: A page\n---", id="raw"),
        nbformat.v4.new_markdown_cell("## How <!--claims-->large<!--else big-->?", id="words"),
        _code("small_school = 350", name="defaults", tags=("parameters",)),
        _code("small_school = 400", name="given", tags=("injected-parameters",)),
        _code(DECLARED, name="declared"),
        _code("record(size)\nrecord(other)", *map(_shown, recorded), name="r"),
        nbformat.v4.new_markdown_cell("text\n\n### Charts {#x}\n\nmore", id="more"),
        _code(DRAWN, _shown(picture, alt="Bars"), _shown(picture), name="drawn"),
        _code("x = 1\nshow(table)", _shown({"text/html": _table("A table")}), name="tabled"),
        _code("answer()", _shown({ANSWER_MIME: answer, "text/plain": text}), name="answer"),
        _code("inputs()", _shown({INPUTS_MIME: {}, "text/html": _table("read")}), name="inputs"),
    ]


def project(home: Path) -> Path:
    """Make a project with a few tables and modules, and the results of a study of one notebook."""
    taken = (
        "data/claims.yml", "data/datapackage.json", "data/sources.yml", "data/tables/districts.csv",
        "src/dme/execute/run.py", "LICENSE", "CITATION.cff", "Makefile", "pyproject.toml", *READ,
    )  # fmt: skip
    for name in taken:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, home / name)
    for room in ("notebooks", "params", f"results/{STUDY}", "data/own"):
        (home / room).mkdir(parents=True)
    (home / "data/own/mine.csv").write_text("a name that nobody is to see\n")
    notebook = nbformat.v4.new_notebook(cells=_cells())
    nbformat.write(notebook, home / "results" / STUDY / "sizes.ipynb")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(notebook, home / "notebooks" / "sizes.ipynb")
    return home


@contextmanager
def at(home: Path) -> Iterator[None]:
    """Let the program be that of a project, for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DME_HOME", str(home))
        patch.setattr(crate_files, "_PACKAGE", home / "src" / "dme")
        paths.home.cache_clear()
        yield
    paths.home.cache_clear()


@pytest.fixture
def home(tmp_path) -> Iterator[Path]:
    """Give such a project, which is the program's."""
    with at(project(tmp_path / "project")):
        _record(tmp_path / "project")
        yield tmp_path / "project"


def _record(home: Path, **changed: object) -> None:
    """Write what the results were made of, as a run does."""
    results = home / "results" / STUDY
    study = Study(study=STUDY, small_school=400, comments="data/own/mine.csv")
    (results / up_to_date.STUDY).write_text(yaml.safe_dump(study.model_dump(mode="json")))
    (home / "params" / f"{STUDY}.yml").write_text((results / up_to_date.STUDY).read_text())
    read = (*READ, "data/own/mine.csv", "data/datapackage.json#zone_capacity", "data/own/")
    made = up_to_date.Record(
        notebook=up_to_date.digest(home / "notebooks" / "sizes.ipynb"),
        result=up_to_date.digest(results / "sizes.ipynb"),
        parameters={"small_school": 400},
        files={name: up_to_date.now(name) for name in read},
        environment=up_to_date.environment(),
        warnings=[],
    )
    told = {
        "params": "",
        "study": up_to_date.digest(results / up_to_date.STUDY),
        "notebooks": {"sizes": made},
        "commit": "0123456789abcdef",
        "changed": [],
        "packages": {"numpy": "2.4.6", "no-such-package": "1.0"},
        "python": "CPython 3.11.7",
    }
    up_to_date.write(results, up_to_date.RunRecord(**told | changed))
    took = lasted.Lasted(61.5, "2026-11-28T10:00:00.25+00:00", "2026-11-28T10:01:01.75+00:00")
    lasted.write(results, {"sizes": took})


@pytest.fixture(scope="module")
def crate(tmp_path_factory) -> Path:
    """Give the crate of such a study, which lies beside its project."""
    home = project(tmp_path_factory.mktemp("exported") / "project")
    with at(home):
        _record(home)
        export(STUDY, home.parent / "crate")
    return home.parent / "crate"


def graph(crate: Path) -> dict[str, dict]:
    """Return the entities of a crate by their ids."""
    told = json.loads((crate / "ro-crate-metadata.json").read_bytes())["@graph"]
    assert len({one["@id"] for one in told}) == len(told)
    return {one["@id"]: one for one in told}


def test_nothing_required_is_left_out_nor_anything_recommended_that_is_known(crate, tmp_path):
    found = issues(crate, tmp_path, "RECOMMENDED")
    assert set(found) <= UNKNOWN
    # The validator is at work: the agent that is lacking is found at both runs.
    assert found["The Action SHOULD have an agent that is a Person or Organization"] == 2


def test_every_file_is_told_of_with_its_checksum_and_size(crate):
    told = graph(crate)
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (crate / "sha256sums.txt").read_text().splitlines()
    )
    there = {path.relative_to(crate).as_posix() for path in crate.rglob("*") if path.is_file()}
    assert there == {*listed, "sha256sums.txt"}
    described = {name: one for name, one in told.items() if "contentSize" in one}
    assert there - described.keys() == {"ro-crate-metadata.json", "sha256sums.txt"}
    for name in there - {"sha256sums.txt"}:
        content = (crate / name).read_bytes()
        assert listed[name] == hashlib.sha256(content).hexdigest()
        if name in described:
            assert described[name]["sha256"] == listed[name]
            assert described[name]["contentSize"] == str(len(content))
    assert {*READ, "data/tables/districts.csv", "notebooks/sizes.ipynb", "Makefile"} <= there


def test_what_a_study_does_not_show_has_no_folder(home, tmp_path):
    for room in ("results/small", "notebooks"):
        made = nbformat.read(home / room / "sizes.ipynb", as_version=4)
        made.cells = made.cells[:4]
        nbformat.write(made, home / room / "sizes.ipynb")
    _record(home)
    assert export(STUDY, tmp_path / "crate").exhibits == 0
    told = graph(tmp_path / "crate")
    assert "outputs/" not in told
    assert not (tmp_path / "crate" / "outputs").exists()
    # No property tells of what is not there.
    named = {one["@id"] for one in told["src/dme/execute/run.py"]["output"]}
    assert named == {"#parameter-results", "#parameter-exhibits"}


def test_each_run_tells_what_it_read_and_what_it_came_to(crate):
    told = graph(crate)
    assert told["./"]["mainEntity"] == {"@id": "src/dme/execute/run.py"}
    assert told["./"]["datePublished"] == "2026-11-28"
    whole, notebook = told["#run"], told["#run-sizes"]
    assert whole["startTime"] == "2026-11-28T10:00:00+00:00"
    assert whole["endTime"] == "2026-11-28T10:01:01+00:00"
    assert notebook["instrument"] == {"@id": "notebooks/sizes.ipynb"}
    read = {one["@id"] for one in notebook["object"]}
    assert read == {"#value-small_school", READ[0], READ[1], "#own-data/own/mine.csv"}
    values = {one["@id"] for one in whole["object"]} - read
    assert values == {f"#value-{name}" for name in Study.model_fields} - read - {"#value-tables"}
    came_to = {one["@id"] for one in notebook["result"]}
    assert f"results/{STUDY}/sizes.ipynb" in came_to
    assert {name for name in came_to if name.startswith("outputs/")} == {
        f"outputs/{path.name}" for path in (crate / "outputs").iterdir()
    }


def test_a_parameter_has_its_value_and_a_table_its_raw_files(crate):
    told = graph(crate)
    formal = told["#parameter-small_school"]
    assert formal["additionalType"] == "Integer"
    assert told[formal["workExample"]["@id"]]["value"] == 400
    assert json.loads(told["#value-peers"]["value"]) == list(Study().peers)
    package = json.loads((ROOT / "data" / "datapackage.json").read_bytes())
    (table,) = (one for one in package["resources"] if one["name"] == "zone-capacity")
    raw = {one["id"]: one for one in package["sources"]}
    based = told[READ[0]]["isBasedOn"]
    listed = {one["@id"] for one in (based if isinstance(based, list) else [based])}
    assert listed == {f"#raw-{one['id']}" for one in table["sources"]}
    for one in table["sources"]:
        entity, source = told[f"#raw-{one['id']}"], raw[one["id"]]
        assert (entity["url"], entity["sha256"]) == (source["path"], source["sha256"])
        assert told[entity["publisher"]["@id"]]["name"] == source["publisher"]
        assert told[entity["license"]["@id"]]["name"]


def test_the_list_has_every_picture_table_and_number(crate):
    """Counted in the raw JSON of the executed notebook."""
    rows = list(csv.DictReader(io.StringIO((crate / "exhibits.csv").read_text())))
    raw = json.loads((crate / "results" / STUDY / "sizes.ipynb").read_bytes())
    data = [one["data"] for cell in raw["cells"] for one in cell.get("outputs", ())]
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["figure"] == sum("image/png" in one for one in data) == 2
    assert kinds["table"] == sum("<table" in "".join(one.get("text/html", "")) for one in data) - 1
    findings = [one[MIME]["id"] for one in data if MIME in one]
    numbers = sum(len(one[ANSWER_MIME]["numbers"]) for one in data if ANSWER_MIME in one)
    assert kinds["in-text number"] == len(findings) + numbers == 5
    by_name = {row["exhibit"]: row for row in rows}
    assert {*findings} <= by_name.keys()
    for row in rows:
        if row["sha256"]:
            content = (crate / row["output"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert (crate / by_name["sizes-drawn-2"]["output"]).read_bytes() == PNG
    table = (crate / by_name["sizes-tabled-1"]["output"]).read_text()
    assert list(csv.reader(io.StringIO(table))) == [["A, b"], ["1 < 2"]]


NONE = "no published figure"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("size", ("4", "declared", "4", "24.1%", "O1", "28%", "consistent")),
        ("other", ("5", "r", "1", "24.1%", "O1", "", "another reading")),
        ("sizes-drawn-1", ("7", "drawn", "1", "outputs/sizes-drawn-1.png", "", "", NONE)),
        ("sizes-drawn-2", ("7", "drawn", "7", "outputs/sizes-drawn-2.png", "", "", NONE)),
        ("sizes-tabled-1", ("8", "tabled", "2", "outputs/sizes-tabled-1.csv", "", "", NONE)),
        ("sizes-answer-1", ("4", "declared", "4", "24.1%", "", "", "see size")),
        ("sizes-answer-3", ("9", "answer", "1", "2", "", "", "see unknown")),
    ],
)  # fmt: skip
def test_an_exhibit_stands_at_the_line_that_makes_it(crate, name, expected):
    rows = csv.DictReader(io.StringIO((crate / "exhibits.csv").read_text()))
    (row,) = (row for row in rows if row["exhibit"] == name)
    keys = ("cell", "cell_id", "line", "output", "claim", "published", "reproduced")
    assert tuple(row[key] for key in keys) == expected
    assert row["program"] == "notebooks/sizes.ipynb"
    heading = {"size": "How large?", "sizes-drawn-1": "Charts", "sizes-answer-1": "The answer"}
    assert row["heading"] == heading.get(name, row["heading"])
    notes = {"sizes-drawn-1": "Bars", "sizes-drawn-2": "plain", "sizes-tabled-1": "A table",
             "sizes-answer-1": "First, 24.1% of all.", "sizes-answer-3": "And 2."}  # fmt: skip
    assert row["note"] == notes.get(name, row["note"])


@pytest.mark.tried("Nothing lost", "export over a folder or a zip that holds something else")
@pytest.mark.parametrize("name", ["crate", "crate.zip"])
def test_what_no_export_made_is_not_written_over(home, tmp_path, name):
    place = tmp_path / name
    export(STUDY, place)
    if place.is_dir():
        (place / "mine.txt").write_text("mine")
    else:
        with zipfile.ZipFile(place, "a") as packed:
            packed.writestr("mine.txt", "mine")
    before = {path: path.read_bytes() for path in (place, *place.rglob("*")) if path.is_file()}
    with pytest.raises(DmeError, match=r"mine\.txt, which no export made"):
        export(STUDY, place)
    assert before == {path: path.read_bytes() for path in before}
    for other in (home, home / "params", home / "params" / f"{STUDY}.yml", Path("/")):
        with pytest.raises(DmeError, match="which no export made"):
            export(STUDY, other)


@pytest.mark.tried("Nothing lost", "export over an earlier export that someone has worked on")
@pytest.mark.usefixtures("home")
def test_what_was_added_to_an_export_is_not_written_over(tmp_path):
    export(STUDY, tmp_path / "crate")
    file = tmp_path / "crate" / "codecheck.yml"
    file.write_text(filled := file.read_text().replace("# codechecker:", "codechecker:"))
    with pytest.raises(DmeError, match=r"codecheck\.yml, which was changed since it was exported"):
        export(STUDY, tmp_path / "crate")
    assert file.read_text() == filled


def test_two_exports_have_the_same_bytes_and_the_second_replaces_the_first(home, tmp_path):
    one, other = tmp_path / "one.zip", tmp_path / "sub" / "other.zip"
    for place in (one, other):
        export(STUDY, place)
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as packed:
        assert packed.namelist() == sorted(packed.namelist())
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        packed.extractall(tmp_path / "unpacked")
    export(STUDY, tmp_path / "folder")
    _record(home, commit="fedcba")
    export(STUDY, tmp_path / "folder")
    export(STUDY, one)
    assert one.read_bytes() != other.read_bytes()
    differ = {
        path.relative_to(tmp_path / "folder").as_posix()
        for path in (tmp_path / "folder").rglob("*")
        if path.is_file()
        and path.read_bytes()
        != (tmp_path / "unpacked" / path.relative_to(tmp_path / "folder")).read_bytes()
    }
    assert differ == {
        "README.md", "ro-crate-metadata.json", "ro-crate-preview.html",
        f"results/{STUDY}/run.json", "sha256sums.txt",
    }  # fmt: skip
    assert not [
        path for path in tmp_path.rglob(".*-*") if path.name.startswith((".one", ".folder"))
    ]


def test_nothing_tells_of_the_machine_or_of_a_district_s_own_file(crate):
    own = (crate.parent / "project/data/own/mine.csv").read_bytes()
    places = (str(crate.parent), str(ROOT), str(Path.home()), f"{socket.gethostname()}/")
    secret = [*places, own.decode()]
    for path in crate.rglob("*"):
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        assert not [one for one in secret if one in text], path
    assert graph(crate)["#own-data/own/mine.csv"]["sha256"] == hashlib.sha256(own).hexdigest()
    assert "`data/own/mine.csv`" in (crate / "README.md").read_text()


@pytest.mark.tried("Nothing stale", "export results of an earlier state")
@pytest.mark.parametrize("name", [f"params/{STUDY}.yml", "notebooks/sizes.ipynb", "run.json"])
def test_results_of_an_earlier_state_are_not_exported(home, tmp_path, name):
    if name == "run.json":
        (home / "results" / STUDY / name).unlink()
    elif name.endswith(".yml"):
        (home / name).write_text((home / name).read_text().replace("400", "300"))
    else:
        (home / name).write_text((home / name).read_text().replace("HALF = 2", "HALF = 3"))
    with pytest.raises(DmeError, match=rf"Run it again: dme run params/{STUDY}\.yml") as told:
        export(STUDY, tmp_path / "crate")
    assert {"run.json": "made of"}.get(name, "earlier state") in str(told.value)
    assert not (tmp_path / "crate").exists()


@pytest.mark.usefixtures("home")
def test_a_study_without_results_is_named_with_those_that_have_some(tmp_path):
    with pytest.raises(DmeError, match=f"There are results of: {STUDY}"):
        export("other", tmp_path / "crate")


def test_codecheck_has_what_is_known_and_nothing_else(crate):
    """Held against the rules of CODECHECK's configuration, version 1.0."""
    text = (crate / "codecheck.yml").read_text()
    assert text.startswith("%YAML 1.1\n---\n")
    told = yaml.safe_load(text)
    assert told.keys() == {"version", "manifest", "paper"}
    assert told["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert told["paper"]["authors"][0]["name"] in (ROOT / "CITATION.cff").read_text()
    files_made = {one["file"]: one["comment"] for one in told["manifest"]}
    outputs = {f"outputs/{path.name}" for path in (crate / "outputs").iterdir()}
    assert files_made.keys() == {"exhibits.csv", f"results/{STUDY}/sizes.ipynb", *outputs}
    for name, comment in files_made.items():
        assert hashlib.sha256((crate / name).read_bytes()).hexdigest() in comment
    assert not re.search("FIXME|TODO|XXX", text)


def test_text_of_outputs_stays_text_in_the_readme(crate):
    text = (crate / "README.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith(("| in-text", "| figure"))]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}
    assert "<b>" not in text.replace(r"\<b\>", "")
    assert f"dme verify {STUDY}" in text
    record = json.loads((crate / "data" / "record" / f"{STUDY}.json").read_bytes())
    assert record["findings"].keys() == {"size", "other"}


@pytest.mark.tried("Hostile text", "a crate's preview, with markup in the sentence of a finding")
def test_the_preview_asks_no_other_host_and_holds_text_as_text(crate):
    text = (crate / "ro-crate-preview.html").read_text()
    assert not re.search(r"""src=["'](?!outputs/)|<link|<script|@import|url\(""", text)
    assert "&lt;b&gt;bars&lt;/b&gt;" in text
    assert 'href="outputs/sizes-drawn-1.png"' in text
