"""What a crate tells in words: its README, and the configuration of a CODECHECK."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypandoc
import yaml

from dme.audit.crate.exhibits import FOLDER
from dme.audit.crate.told import CITATION, Told
from dme.tables.licences import LICENCES
from dme.tables.sources import by_terms
from dme.text import duration, plural

CODECHECK = "codecheck.yml"
EXHIBITS = "exhibits.csv"
PREVIEW = "ro-crate-preview.html"
README = "README.md"

_SPECIFICATION = "https://codecheck.org.uk/spec/config/1.0/"
_TO_FILL_IN = """
# Whoever checks this adds what follows; none of it is known before.
# codechecker:
#   - name:
#     ORCID:
# report:
# summary:
# check_time:
# certificate:
"""
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~$])")
_HEADS = ("Figure, table or number", "Program", "Cell, line", "Output", "Reproduced?", "Note")


def codecheck(folder: Path, told: Told) -> str:
    """Return the text of ``codecheck.yml``: which files a check is to make again.

    Parameters
    ----------
    folder : Path
        The crate, with the files that its study came to.
    told : Told
        What is known of the study.
    """
    executed = {
        f"results/{told.name}/{one}.ipynb": f"notebooks/{one}.ipynb, executed"
        for one in told.record.notebooks
    }
    shown = {
        one.output: f"{one.kind} of {one.program}, cell {one.number}, line {one.line}"
        for one in told.exhibits
        if one.content
    }
    listed = {EXHIBITS: "each figure, table and in-text number"}
    paper: dict[str, Any] = {"title": told.title}
    if authors := [_author(one) for one in told.citation.get("authors", ())]:
        paper["authors"] = authors
    if doi := told.citation.get("doi"):
        paper["reference"] = f"https://doi.org/{doi}"
    document = {
        "version": _SPECIFICATION,
        "manifest": [
            {"file": name, "comment": f"{words}; sha256 {_digest(folder / name)}"}
            for name, words in (listed | executed | shown).items()
        ],
        "paper": paper,
    }
    if address := told.citation.get("repository-code"):
        document["repository"] = address
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return f"%YAML 1.1\n---\n{text}{_TO_FILL_IN}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _author(told: Mapping[str, Any]) -> dict[str, str]:
    """Return an author of the citation as CODECHECK has one: ORCIDs are without their address."""
    orcid = str(told.get("orcid", "")).rpartition("/")[2]
    return {"name": name_of(told)} | ({"ORCID": orcid} if orcid else {})


def name_of(told: Mapping[str, Any]) -> str:
    """Return the name of an author, a person or an organization, of ``CITATION.cff``."""
    names = (str(told[key]) for key in ("given-names", "family-names") if told.get(key))
    return " ".join(names) or str(told.get("name", ""))


def readme(told: Told) -> str:
    """Return the README, in the order of the template of social scientists' data editors."""
    parts = (
        _overview(told),
        _availability(told),
        _requirements(told),
        _instructions(told),
        _programs(told),
        _licences(told),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def preview(markdown: str, title: str) -> str:
    """Return the README as a page, which runs nothing and asks no other host for anything."""
    options = ["--standalone", "--metadata", f"pagetitle={title}", "--variable", "maxwidth=80em"]
    return pypandoc.convert_text(markdown, "html5", format="gfm-raw_html", extra_args=options)


def _overview(told: Told) -> list[str]:
    at = f" at the commit `{told.record.commit}`" if told.record.commit else ""
    changed = (
        [
            "",
            f"{plural(len(told.record.changed), 'file')} differed from that commit when it ran; "
            "`results/*/run.json` names them. The crate holds them as they ran.",
        ]
        if told.record.changed
        else []
    )
    return [
        f"# {told.title}",
        "",
        f"The study `{told.name}`, run on {told.ended:%d %B %Y} with the program as it lies in "
        f"`src/`{at}. This folder holds all that it was made of, all that it came to, and what "
        "runs it again; `ro-crate-metadata.json` describes it as a Workflow Run RO-Crate.",
        *changed,
        "",
        "| where | what |",
        "| --- | --- |",
        f"| `{EXHIBITS}` | each figure, table and in-text number: program, line, output, whether "
        "it reproduces a published figure |",
        f"| `{FOLDER}/` | the figures and tables, each in a file |",
        f"| `results/{told.name}/` | the executed notebooks, every parameter (`study.yml`), what "
        "each result was made of (`run.json`), how long it took (`timings.json`) |",
        "| `notebooks/`, `src/`, `params/` | the analysis, the program, the parameters |",
        f"| `{told.study.tables}/` | the tables; `datapackage.json` beside them tells columns, "
        "units and raw files |",
        f"| `{CODECHECK}` | the files that a CODECHECK makes again |",
        "| `sha256sums.txt` | the checksum of every file: `sha256sum --check sha256sums.txt` |",
    ]


def _availability(told: Told) -> list[str]:
    sources = {one.id: one for at in told.tables.values() for one in at.sources}.values()
    rows = [
        f"| {_plain(publisher)} | {LICENCES[licence].title} | {_plain(terms)} | {len(files)} |"
        for (publisher, licence, terms), files in by_terms(sources).items()
    ]
    used = {source.licence for source in sources}
    explained = [
        f"- **{one.title}**{f' ({one.address})' if one.address else ''}. Allows: {one.allows} "
        f"Asks: {one.asks}"
        for name, one in LICENCES.items()
        if name in used
    ]
    withheld = (
        [
            "",
            "Not in this crate, since a district's own files are not handed on: "
            + ", ".join(f"`{name}`" for name in told.withheld)
            + ". Whoever has them puts them there; `ro-crate-metadata.json` tells their checksums.",
        ]
        if told.withheld
        else []
    )
    return [
        "## Data availability",
        "",
        f"The {plural(len(told.tables), 'table')} that the study read are in this crate. They were "
        f"made of {plural(len(sources), 'raw file')} of these publishers, which are not in it; the "
        "address and checksum of each stand in `ro-crate-metadata.json`.",
        "",
        "| publisher | licence | who states it | raw files |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
        *explained,
        *withheld,
    ]


def _requirements(told: Told) -> list[str]:
    record = told.record
    took = sum((ended - began).total_seconds() for began, ended in told.times.values())
    return [
        "## Computational requirements",
        "",
        f"{record.python}, with {plural(len(record.packages), 'package')} whose versions stand in "
        f"`results/{told.name}/run.json`; `requirements.lock` pins what the program needs, by "
        f"checksum. The notebooks, which run side by side, took {duration(took)} together. Random "
        "draws follow the parameter `seed`.",
    ]


def _instructions(told: Told) -> list[str]:
    command, words = f"make report STUDY={told.name}", "builds the report as a website."
    if told.verifiable:
        command = f".venv/bin/dme verify {told.name}"
        words = (
            "runs every notebook from nothing, compares each figure, interval, verdict and other "
            f"choice with `data/record/{told.name}.json`, and names what differs."
        )
    return [
        "## Instructions to replicators",
        "",
        "With Python 3.11 or newer, make and a package index, in this folder:",
        "",
        "```",
        "make .venv/.ready",
        command,
        "```",
        "",
        f"The first sets up an environment by `requirements.lock`; the second {words}",
    ]


def _programs(told: Told) -> list[str]:
    rows = (
        f"| {one.kind} `{one.name}` | `{one.program}` | {one.number} (`{one.cell}`), {one.line} | "
        f"{f'[{one.output}]({one.output})' if one.content else _plain(one.output)} | "
        f"{one.reproduced} | "
        f"{_plain(one.note)} |"
        for one in told.exhibits
        if not one.repeats
    )
    return [
        "## List of figures, tables and programs",
        "",
        "The program makes all numbers of the report's text, and all its tables and figures. "
        "*Reproduced?* tells whether a number reproduces the one that was published, by the rules "
        f"in `data/claims.yml`. `{EXHIBITS}` is the same list with pages and checksums, and with "
        "the numbers of each page's answer, which repeat those of findings.",
        "",
        f"| {' | '.join(_HEADS)} |",
        f"|{' --- |' * len(_HEADS)}",
        *rows,
    ]


def _licences(told: Told) -> list[str]:
    names = ", ".join(map(name_of, told.citation.get("authors", ())))
    where = (told.citation.get(key) for key in ("doi", "repository-code", "url"))
    cited = [f"{_plain(names)}."] if names else []
    cited += [f"*{_plain(told.title)}*, {told.ended:%Y}.", *map(str, filter(None, where))]
    return [
        "## Licences, and how to cite",
        "",
        "Code (`src/`, `notebooks/`): MIT. Text, figures and tables that were made here "
        f"(`results/`, `{FOLDER}/`): CC BY 4.0. The figures of publishers: as under *Data "
        "availability*.",
        "",
        " ".join(cited),
        "",
        f"`{CITATION}` names what else is to be cited.",
    ]


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
