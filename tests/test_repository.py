"""What a published repository has: licences, a citation, and that they say the same."""

import re
import tomllib
from pathlib import Path

import yaml
from cffconvert import Citation

from dme.findings.claims import yardstick
from dme.tables.licences import LICENCES
from dme.tables.sources import read_sources

ROOT = Path(__file__).parents[1]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
TOLD = yaml.safe_load(CITATION)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_citation_is_valid_and_of_this_version():
    Citation(CITATION).validate()
    assert TOLD["version"] == project()["version"]
    assert TOLD["license"] == project()["license"] == "MIT"
    assert f"## {TOLD['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").replace(
        "[", ""
    )


def test_the_citation_names_the_publications_of_the_study():
    named = {one["url"]: one["title"] for one in TOLD["references"]}
    for source in yardstick().sources.values():
        assert named[source.address] == source.title


def test_the_citation_names_the_publishers_of_the_data():
    named = {author["name"] for one in TOLD["references"] for author in one["authors"]}
    pages = {one["url"] for one in TOLD["references"]}
    # Short facts that were typed from pages have each its own page in its row.
    files = [
        source
        for source in read_sources(ROOT / "data" / "sources.yml").values()
        if source.kind != "transcribed" and source.publisher != "this project"
    ]
    assert len(files) > 250
    for source in files:
        assert any(name in source.publisher for name in named), source.publisher
    hosts = {source.page for source in files}
    # The CT Mirror's lists are a page a year: one stands for all.
    assert {page for page in hosts if "ctmirror" not in page and "otl-ctm" not in page} <= pages


def test_the_licences_are_there_and_named():
    mit = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert mit.startswith("MIT License")
    ours = (ROOT / "LICENSE-CC-BY-4.0").read_text(encoding="utf-8")
    (owner,) = TOLD["authors"]
    assert f"{owner['name']}\n" in mit
    assert f"{owner['name']}\n" in ours
    assert LICENCES["CC-BY-4.0"].address in ours
    assert project()["license-files"] == ["LICENSE"]
    for place in re.findall(r"\b(?:data|src|tests|notebooks|pages)/[\w./-]*", ours):
        assert (ROOT / place.rstrip(".")).exists(), place


def test_readme_and_site_say_the_licences():
    for name in ("README.md", "pages/methods.qmd"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "LICENSE-CC-BY-4.0" in text
        assert "CITATION.cff" in text
        assert "MIT" in text
