import hashlib
import json

import pytest
from frictionless import Package, system

from dme import paths
from dme.tables import names
from dme.tables.licences import LICENCES
from dme.tables.sources import read_sources
from tests.turns import on_turn

DATA = paths.home() / "data"
DESCRIPTOR = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
SOURCES = {source["id"]: source for source in DESCRIPTOR["sources"]}
RESOURCES = {resource["path"]: resource for resource in DESCRIPTOR["resources"]}
LARGE = 10_000


def on_turn_today() -> list[str]:
    """Return the tables that are read row by row: the small ones, and some of the large."""
    large = sorted((one for one in RESOURCES if RESOURCES[one]["rows"] > LARGE), key=rows_of)
    return [one for one in RESOURCES if one not in large or one in on_turn(large, 3)]


def rows_of(path: str) -> int:
    return RESOURCES[path]["rows"]


def test_package_is_valid():
    # Frictionless reads a row in Python, column by column. A build and `dme data check` hold every
    # table against its schema, and its hash is compared below each day.
    assert not Package.validate_descriptor(str(DATA / "datapackage.json")).errors
    with system.use_context(trusted=True):
        resources = Package(str(DATA / "datapackage.json")).resources
        assert len(resources) == len(names())
        today = on_turn_today()
        for resource in resources:
            if resource.path in today:
                # Hashes, sizes, row counts, types, constraints, primary and foreign keys.
                report = resource.validate()
                assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_package_tells_of_every_table():
    assert list(RESOURCES) == [f"tables/{name}.csv" for name in names()]


@pytest.mark.parametrize("path", RESOURCES)
def test_hash_and_size_are_those_of_the_file(path: str):
    content = (DATA / path).read_bytes()
    assert RESOURCES[path]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert RESOURCES[path]["bytes"] == len(content)
    assert b"\r" not in content


@pytest.mark.parametrize("path", RESOURCES)
def test_every_table_names_kind_and_sources(path: str):
    resource = RESOURCES[path]
    assert resource["kind"] in {"verbatim", "transcribed", "derived"}
    assert {source["id"] for source in resource["sources"]} <= SOURCES.keys()
    assert all(field["unit"] for field in resource["schema"]["fields"])


def test_every_source_is_used():
    used = {source["id"] for resource in DESCRIPTOR["resources"] for source in resource["sources"]}
    assert used == set(read_sources(DATA / "sources.yml")) == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_the_package_alone_leads_back_to_the_raw_file(name: str):
    listed = read_sources(DATA / "sources.yml")[name]
    told = SOURCES[name]
    assert told["path"] == listed.address
    assert told["path"].startswith("https://")
    for key in ("publisher", "licence", "terms", "kind", "sha256", "file", "page"):
        assert told[key] == getattr(listed, key)


def test_each_table_names_the_licences_of_its_sources_and_the_package_all():
    for resource in DESCRIPTOR["resources"]:
        named = {SOURCES[source["id"]]["licence"] for source in resource["sources"]}
        assert {one["name"] for one in resource["licenses"]} == named
        assert all(one in DESCRIPTOR["licenses"] for one in resource["licenses"])
    assert {one["name"] for one in DESCRIPTOR["licenses"]} == {
        source["licence"] for source in SOURCES.values()
    }


def test_a_licence_has_its_text_at_an_address_or_is_none():
    for name, licence in LICENCES.items():
        assert bool(licence.address) is (name not in {"other-pd", "notspecified"})


def test_every_source_says_who_states_its_terms():
    for source in read_sources(DATA / "sources.yml").values():
        assert source.terms


def test_repository_stays_small():
    # What is committed must stay below 25 MB; the tables and their package are nearly all of it.
    files = [*paths.tables().iterdir(), DATA / "datapackage.json"]
    assert sum(path.stat().st_size for path in files) < 20_000_000
