"""Every reader of what people write or runs leave, fed with what no one would write.

What is refused is refused in time, with a message that names the file; what is accepted holds
against an oracle: written out again, it is read as the same. Federal files have tests of their own.
"""

import csv
import hashlib
import io
import json
import random
import resource
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dme import paths, records, sweeps, up_to_date
from dme.audit import diff_words
from dme.audit import record as study_record
from dme.audit.diff import as_json, compare
from dme.audit.diff_words import Names
from dme.execute.record import with_new_prose
from dme.execute.sweep import plan as plans
from dme.execute.sweep.standing import standing
from dme.findings import ANSWER_MIME, MIME, Finding, answer_of, entries
from dme.findings.claims import CLAIMS, read_claims
from dme.findings.memory import Disk, Entry, Kept, Shape
from dme.findings.session import Reading
from dme.publish.pagecopy import page_copy
from dme.study import ParameterError, Study, read, validate
from dme.tables.dictionary import provenances
from dme.tables.load import told
from dme.tables.own import read_own
from dme.tables.sources import read_sources
from tests.fuzzing import NASTY, VALUES, fuzz, json_mutation, replaced, runs

ROOT = Path(__file__).parents[1]


_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def dumped(value) -> bytes:
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text.encode("utf-8", "surrogatepass")


def yaml_mutation(rng: random.Random, content: bytes) -> bytes:
    """Return YAML with a value of another kind at one place."""
    try:
        whole = yaml.load(content, Loader=yaml.CBaseLoader)
        return dumped(replaced(rng, whole))
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError, TypeError):
        return content


def csv_mutation(rng: random.Random, content: bytes) -> bytes:
    """Return CSV with another cell, column or row."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"))))
    rows = [row for row in rows if row] or [["a"]]
    row = rng.choice(rows)
    at = rng.randrange(len(row))
    match rng.randrange(4):
        case 0:
            for each in rows:
                del each[at : at + 1]
        case 1:
            rows.append(list(row))
        case _:
            row[at] = rng.choice(NASTY).decode("utf-8", "replace")
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@pytest.fixture
def told_of(record_property, tmp_path):
    """Note how many inputs were tried: some accepted, some refused, with nothing left by any."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def note(counts):
        tried, accepted = counts
        record_property("times", tried)
        assert 0 < accepted < tried
        left = {path.stem for path in tmp_path.rglob("*") if path.suffix in {".tmp", ".part"}}
        assert not left
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 300_000  # kilobytes

    return note


FOUND = {
    "sweeps": [
        b"base: paramams/new-haven.yml\naxes:\n  seed: [1]\n",
        b"base: ''\naxes:\n  seed: [1]\n",
    ],
    "run": [
        b'{"params": "0", "study": "1", "notebooks": {"operations": {"notebook": "0", '
        b'"result": "1", "parameters": -0.0, "files": {}, "environment": "e"}}}'
    ],
    "pages": [
        b'{"cells": [{"cell_type": "raw", "id": "a", "metadata": {}, '
        b'"source": "---\\ntitle: T\\n---"}, '
        b'{"cell_type": "code", "id": "b", "metadata": {}, "source": "x = 1"}], "metadata": {}, '
        b'"nbformat": 4, "nbformat_minor": 5}'
    ],
}
"""Inputs that found something once, by what reads them."""


@pytest.mark.tried("Bad input", "parameters: mutated files")
def test_parameters(writing, told_of):
    path = writing / "params" / "mine.yml"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        study = read(path)
        again = path.parent / "again" / "mine.yml"
        again.write_bytes(dumped(study.model_dump(mode="json")))
        assert read(again) == study

    path.with_name("again").mkdir()
    seeds = [
        (ROOT / "params" / f"{name}.yml").read_bytes().replace(name.encode(), b"mine", 1)
        for name in ("hartford-2017", "new-haven")
    ]
    seeds += [dumped(Study(study="mine").model_dump(mode="json")), b"study: mine\n"]
    seeds += [b'study: mine\ncomments: null\npeers: ["0930011"]\nnorth: []\nseed: 7\n']
    told_of(fuzz(one, seeds, runs(1500), "mine.yml", known=FOUND.get("parameters", ()),
                 mutate=yaml_mutation))  # fmt: skip


NAMES = st.sampled_from([*Study.model_fields, "study ", "", "peer"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.tried("Bad input", "parameters: arbitrary values")
def test_parameters_of_arbitrary_values(record_property):
    count = runs(600)

    @settings(max_examples=count, database=None)
    @given(st.dictionaries(NAMES, ANYTHING, max_size=4))
    def one(raw):
        try:
            study = validate(raw, "a cell")
        except ParameterError as error:
            said.append(str(error))
        else:
            assert validate(study.model_dump(mode="json"), "again") == study

    said: list[str] = []
    one()
    assert all(text.startswith("a cell: ") and len(text.encode()) < 10_000 for text in said)
    record_property("times", count)


@pytest.mark.tried("Bad input", "sweeps: mutated files")
def test_sweeps(writing, told_of, monkeypatch):
    monkeypatch.setattr(plans, "MOST_RUNS", 60)  # each set takes its time
    monkeypatch.setattr(plans, "sources", lambda: [Path("operations.ipynb")])
    path = writing / "params" / "sweeps" / "mine.yml"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        plan = plans.read_plan(path)
        assert 1 <= len(plan) <= 60
        for number in range(len(plan)):
            assert validate(plan.study(number).model_dump(mode="json"), "a set") == plan.study(
                number
            )
        assert len({plan.run_name(number) for number in range(len(plan))}) <= len(plan)

    head = b"base: params/new-haven.yml\n"
    seeds = [
        head + b"axes:\n  small_school: {from: 250, to: 300, step: 25}\n  seed: [1, 2]\n",
        head + b"combine: sampled\nsamples: 3\nseed: 4\naxes:\n  seed: {from: 1, to: 9, step: 1}\n"
        b"  confidence: [90, 95]\n",
        head + b"combine: zipped\nnotebooks: [operations]\nfindings: [school-size]\naxes:\n"
        b"  spending_year: ['2017-18', '2018-19']\n  weighting: [students, schools]\n",
        head + b"axes:\n  peers:\n    two: {peers: ['0640011', '0150011'], wider_peers: []}\n"
        b"    one: {peers: ['0640011']}\n  comments: [null]\n",
    ]
    told_of(fuzz(one, seeds, runs(1200), "mine.yml", known=FOUND.get("sweeps", ()),
                 mutate=yaml_mutation))  # fmt: skip


@pytest.mark.tried("Bad input", "claims: mutated files")
def test_claims(tmp_path, told_of):
    path = tmp_path / "claims.yml"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        claims = read_claims(path)
        for claim in claims.claims:
            claim.published_text.encode()
            for rule in claim.standing:
                claims.yard(claim, rule)
        assert read_claims(path) == claims

    whole = yaml.load((paths.home() / CLAIMS).read_bytes(), Loader=yaml.CBaseLoader)
    seeds = [
        dumped(whole | {"claims": whole["claims"][at : at + 2]})
        for at in range(0, len(whole["claims"]), 6)
    ]
    told_of(fuzz(one, seeds, runs(1200), "claims.yml", known=FOUND.get("claims", ()),
                 mutate=yaml_mutation))  # fmt: skip


@pytest.mark.tried("Bad input", "the list of raw files: mutated")
def test_sources(tmp_path, told_of):
    path = tmp_path / "sources.yml"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        found = read_sources(path)
        again = tmp_path / "again.yml"
        again.write_bytes(dumped([each.model_dump() for each in found.values()]))
        assert read_sources(again) == found

    whole = yaml.load((ROOT / "data" / "sources.yml").read_bytes(), Loader=yaml.CBaseLoader)
    series = [each for each in whole if "files" in each][:2]
    series = [each | {"files": dict(list(each["files"].items())[:2])} for each in series]
    seeds = [dumped(whole[at : at + 2]) for at in (0, 9)] + [dumped(series), b"[]\n"]
    told_of(fuzz(one, seeds, runs(800), "sources.yml", known=FOUND.get("sources", ()),
                 mutate=yaml_mutation))  # fmt: skip


OWN = {
    "partner_inventory": (
        "id,partner,school_code,kind,purpose,students,dollars,priorities_1,priorities_2\n"
        "1,Made-up Club,0640111,youth and family,tutoring,40,1200.5,TL; CC,TL\n"
        "2,Made-up College,,college,visits,,,none,\n"
    ),
    "comments": (
        "id,date,zone,speaker,comment,themes_1,themes_2\n"
        'a,2017-06-12,Zone 1,family,"Made up,\nin ""two"" lines.",INST;SEL,INST\n'
        "b,,,unknown,Made up too,none,\n"
    ),
    "plan_actions": (
        "place,school_code,action,by,grades\n"
        "Batchelder,0640411,close,2026-06,\n"
        "Betances,0643811,reconfigure,2026-06,PK-5\n"
        "Depot,,open,2026-06,\n"
    ),
    "buildings": "school_code,condition\n0640411,1\n0643811,2.5\n",
}


@pytest.mark.tried("Bad input", "a district's own files: mutated")
@pytest.mark.parametrize("kind", OWN)
def test_own_files(tmp_path, told_of, kind):
    path = tmp_path / "mine.csv"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        found = read_own(kind, path)
        assert len(found)
        again = tmp_path / "again.csv"
        found.to_csv(again, index=False)
        assert read_own(kind, again).equals(found)

    seed = OWN[kind].encode()
    told_of(fuzz(one, [seed, b"\xef\xbb\xbf" + seed.replace(b"\n", b"\r\n")], runs(350), "mine.csv",
                 known=FOUND.get("own", ()), mutate=csv_mutation))  # fmt: skip


def finding() -> dict:
    return Finding(
        "school-size", "School size", "Schools are small.", 24.1, "percent smaller", "36 schools",
        "2016-17", "A mean.", 20.0, 28.0, "95%, bootstrap",
    ).to_json() | {
        "claim": "O1", "verdict": "same direction only", "tests": [["a", 0.5]],
        "earlier": [["2026-01-01", "reproduced", "consistent", "why"]],
        "alternatives": [{"label": "x", "value": 1.0, "low": None, "high": None}],
    }  # fmt: skip


def cell(data: dict, number: int) -> dict:
    return {
        "cell_type": "code", "execution_count": 1, "id": f"cell-{number}", "metadata": {"tags": []},
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}],
        "source": ["record(\n", ")"],
    }  # fmt: skip


def notebook() -> dict:
    shown = {"text/html": ["<p>", "</p>"], "text/plain": "x"}
    cells = [
        {"cell_type": "markdown", "id": "head", "metadata": {}, "source": "# Head"},
        cell({MIME: finding(), **shown}, 1),
        cell({ANSWER_MIME: {"text": "They are."}, **shown}, 2),
        cell({"application/vnd.dme.inputs+json": {"data/a.csv": "0" * 64},
              "application/vnd.dme.parameters+json": ["seed"], **shown}, 3),
    ]  # fmt: skip
    kernel = {"name": "dme", "display_name": "dme"}
    return {
        "cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


@pytest.mark.tried("Bad input", "executed notebooks: mutated")
def test_executed_notebooks(tmp_path, told_of):
    path, source = tmp_path / "mine.ipynb", tmp_path / "source.ipynb"
    source.write_text(json.dumps(notebook()))

    def one(content: bytes) -> None:
        path.write_bytes(content)
        with_new_prose(source, path)  # what can't be read must run
        for entry in entries(path):
            assert (
                Finding.from_json(json.loads(json.dumps(entry.finding.to_json()))) == entry.finding
            )
            json.dumps(entry.row(), allow_nan=False)
            str(entry.finding).encode()
        answer_of(json.loads(content)).encode()

    seeds = [json.dumps(notebook()).encode(), json.dumps(notebook(), indent=1).encode()]
    told_of(fuzz(one, seeds, runs(1500), "mine.ipynb", known=FOUND.get("notebooks", ()),
                 mutate=json_mutation))  # fmt: skip


def run_record() -> dict:
    record = up_to_date.Record("0" * 64, "1" * 64, {"seed": 7}, {"data/a.csv": "0" * 64}, "e", [])
    whole = up_to_date.RunRecord(
        "0" * 64, "1" * 64, {"operations": record}, "2" * 40, ["data/a.csv"], {"numpy": "2.0"}, "3"
    )
    return asdict(whole)


@pytest.mark.tried("Bad input", "records of runs: mutated")
@pytest.mark.parametrize("of_now", [True, False], ids=["sealed anew", "as edited"])
def test_run_records(writing, told_of, of_now):
    """A record with a fitting checksum but another form is that of another version."""
    folder = writing / "results" / "mine"
    folder.mkdir(parents=True)
    (writing / "notebooks" / "operations.ipynb").write_text("{}")
    (writing / "params" / "mine.yml").write_text("study: mine\n")
    whole = records.text(run_record()).encode()

    def one(content: bytes) -> None:
        if of_now:
            with suppress(ValueError, TypeError, AttributeError, RecursionError):
                content = records.text(json.loads(content)).encode("utf-8", "surrogatepass")
        (folder / "run.json").write_bytes(content)
        known = up_to_date.read(folder)
        assert up_to_date.standing([writing / "params" / "mine.yml"]) is None
        if known and "operations" in known.notebooks:
            source = writing / "notebooks" / "operations.ipynb"
            assert up_to_date.reasons(
                known.notebooks["operations"], source, folder / "x", {"seed": 7}
            )
        if not of_now and known:
            assert json.loads(content) == json.loads(whole)

    counts = fuzz(
        one, [whole], runs(600), "run.json", known=FOUND.get("run", ()), mutate=json_mutation
    )
    told_of((counts[0] + 1, counts[1]))  # none is refused: it is as if it were absent


def recorded() -> bytes:
    found = study_record.Recorded(
        title="Size", value=24.1, low=10.5, high=34.0, unit="percent smaller", claim="O1",
        verdict="consistent", reason="It lies near.", basis="measured", notebook="operations",
        cell="size", statements="0" * 64, parameters=("seed",), tables=("schools",),
        alternatives=(study_record.Choice("another", 1.0, None, 2.0),),
    )  # fmt: skip
    return study_record.text(
        study_record.Record(
            study="mine",
            python="CPython 3.11.7",
            packages={"numpy": "2.0"},
            parameters={"seed": 7, "peers": ["0150011"]},
            files={"data/tables/schools.csv": "1" * 64},
            modules={"src/dme/text.py": "2" * 64},
            notebooks={"operations": study_record.Page(modules=(), packages=("numpy",))},
            findings={"size": found},
        )
    ).encode()


@pytest.mark.tried("Bad input", "records of studies: mutated")
def test_records_of_studies(told_of):
    whole = recorded()
    before = study_record.parsed(whole, "whole")

    def one(content: bytes) -> None:
        found = study_record.parsed(content, "mine.json")
        text = study_record.text(found).encode()
        again = study_record.parsed(text, "mine.json")
        assert study_record.text(again).encode() == text
        assert compare(found, again).agree
        apart, names = compare(before, found), Names("a", "b")
        diff_words.told(apart, names).encode()
        diff_words.markdown(apart, names).encode()
        json.dumps(as_json(apart), allow_nan=False)

    told_of(fuzz(one, [whole], runs(600), "mine.json", mutate=json_mutation))


@pytest.mark.tried("Bad input", "records of runs: mutated")
def test_records_of_sweeps(writing, told_of):
    folder = writing / "results" / "sweeps" / "mine"
    folder.mkdir(parents=True)
    table = b"PAR1"
    (folder / "findings.parquet").write_bytes(table)
    axes = {"seed": {"1": {"seed": 1}}}
    sound = dumped(
        sweeps.sealed({"sweep": "mine", "axes": axes, "shared": {"a": [1, None]}}, table)
    )
    record = records.text({"files": {"params/sweeps/mine.yml": "0"}, "environment": "e", "runs": 4})

    def one(content: bytes) -> None:
        (folder / "sweep.yml").write_bytes(content)
        (folder / "sweep.json").write_bytes(content)
        assert standing(writing / "params" / "sweeps" / "mine.yml") is None
        if yaml_means(content) != yaml_means(sound):
            assert sweeps.read(folder) is None

    counts = fuzz(one, [record.encode(), dumped({"axes": axes})], runs(500), "sweep",
                  mutate=json_mutation)  # fmt: skip
    told_of((counts[0] + 1, counts[1]))


def yaml_means(content: bytes):
    try:
        return yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return object()


@pytest.mark.tried("Bad input", "data packages: mutated")
def test_data_packages(tmp_path, told_of):
    package, tables = tmp_path / "datapackage.json", tmp_path / "tables"
    whole = json.loads((ROOT / "data" / "datapackage.json").read_bytes())
    first = whole["resources"][0]
    used = [one["id"] for one in first["sources"]]
    small = whole | {
        "resources": [first], "sources": [one for one in whole["sources"] if one["id"] in used][:3],
    }  # fmt: skip
    first["sources"] = first["sources"][:1]

    def one(content: bytes) -> None:
        package.write_bytes(content)
        for each in told(tables).values():
            f"{each.rows:,} {each.title}".encode()
        up_to_date.part_digest(package, Path(first["path"]).stem)
        provenances(tables)

    told_of(fuzz(one, [json.dumps(small).encode()], runs(800), "datapackage.json",
                 known=FOUND.get("packages", ()), mutate=json_mutation))  # fmt: skip


@pytest.mark.tried("Nothing lost", "results kept between runs: edited in the store")
def test_the_store_of_results(writing, record_property):
    """A row of which any part was edited is as if it were absent, its checksum set anew or not."""
    path, study, rng = writing / "memory.sqlite", Study(), random.Random(0)
    first, second = (
        Entry(code, Shape(("seed",), ()), (2017,), Kept(value, Reading({"seed"}, {}, {})))
        for code, value in (("a", 1.5), ("b", 2.5))
    )
    count = runs(60)
    for _ in range(count):
        path.unlink(missing_ok=True)
        disk = Disk(path)
        disk.keep(first, second)
        column = rng.choice(("code", "shape", "key", "value", "sum"))
        new = rng.choice(
            [None, 5, 1.5, "", "[]", "[[], []]", "x", b"", b"\x80", second_of(path, column)]
        )
        with closing(sqlite3.connect(path)) as store, store:
            rows = "UPDATE OR IGNORE kept SET value = ?, sum = ? WHERE code = 'a'"
            if column in {"value", "sum"} and isinstance(new, bytes):
                store.execute(rows, (new, hashlib.sha256(new).hexdigest()))
            with suppress(sqlite3.IntegrityError):
                store.execute(f"UPDATE kept SET {column} = ? WHERE code = 'a'", (new,))
        for code in ("a", "b"):
            kept = [entry.kept.value for entry in Disk(path).entries([code])]
            found = Disk(path).recall(code, study)
            assert {*kept, *([found.kept.value] if found else [])} <= {{"a": 1.5, "b": 2.5}[code]}
    record_property("times", count)


def second_of(path: Path, column: str) -> object:
    """Return what the other row holds, which is whole in itself."""
    with closing(sqlite3.connect(path)) as store:
        return store.execute(f"SELECT {column} FROM kept WHERE code = 'b'").fetchone()[0]


@pytest.mark.tried("Bad input", "executed notebooks: mutated")
def test_pages_of_notebooks(tmp_path, told_of):
    """What a page is made of is a notebook that was read; one that can't be a page says so."""
    path = tmp_path / "mine.ipynb"
    front = {"cell_type": "raw", "id": "front", "metadata": {}, "source": "---\ntitle: T\n---"}
    whole = notebook()
    whole["cells"] = [front, *whole["cells"]]

    def one(content: bytes) -> None:
        path.write_bytes(content)
        page_copy(path).markdown.encode()

    told_of(
        fuzz(one, [json.dumps(whole).encode()], runs(300), "mine", mutate=json_mutation,
             known=FOUND.get("pages", ()))
    )  # fmt: skip
