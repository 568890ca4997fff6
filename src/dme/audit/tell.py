"""A trail as text for people, and as plain objects for programs."""

from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Any

from dme.audit.trail import Trail, Used
from dme.findings.claims import in_words
from dme.text import plural, quantity, span


def as_json(trail: Trail) -> dict[str, Any]:
    """Return a trail as plain objects; what they hold stands in `dme.audit.trail.Trail`."""
    entry, claim = trail.entry, trail.claim
    return {
        "study": trail.study,
        "commit": trail.commit,
        "finding": trail.finding.to_json(),
        "notebook": entry.notebook,
        "cell": entry.cell,
        "number": entry.number,
        "claim": claim and claim.model_dump(mode="json", exclude_unset=True),
        "statements": [
            {"cell": one.cell, "number": one.number, "line": one.line, "source": one.source}
            for one in trail.statements
        ],
        "helpers": [
            {
                "called": one.called,
                "file": one.module,
                "name": one.name,
                "lines": [one.first, one.last],
            }
            for one in trail.helpers
        ],
        "modules": [
            {"file": one.name, "sha256": one.ran, "sha256_now": one.now} for one in trail.modules
        ],
        "parameters": dict(trail.parameters),
        "tables": [_table(used) for used in trail.tables],
        "files": dict(trail.files),
        "packages": dict(trail.packages),
    }


def _table(used: Used) -> dict[str, Any]:
    sources, others = used.sources
    return {
        "table": used.name,
        "file": used.file,
        "sha256": used.sha256,
        "rows": used.rows,
        "filter": used.in_words,
        "raw_files": [one.model_dump() for one in sources],
        "raw_files_of_other_years": [one.model_dump() for one in others],
    }


def in_text(trail: Trail) -> str:
    """Return a trail as text, from the number back to the publishers' files."""
    found, entry = trail.finding, trail.entry
    number = span(found.low, found.high, found.unit, found.value)
    figure = found.value_text + (f" ({number})" if found.low is not None else "")
    parts: list[tuple[str, Sequence[str]]] = [
        (f"{found.title}: {figure}", [found.sentence]),
        ("Claim", list(_claim(trail))),
        (
            "Cell",
            [
                f"notebooks/{entry.notebook}.ipynb, cell {entry.number} ({entry.cell}), of the "
                f"study {trail.study}" + (f", run at commit {trail.commit}" if trail.commit else "")
            ],
        ),
        ("Code that it goes through there", _code(trail)),
        (
            "Helpers that it calls",
            [f"{one.called}  {one.module}:{one.first}" for one in trail.helpers],
        ),
        (f"{plural(len(trail.modules), 'module')} that these reach", _modules(trail)),
        (
            "Parameters that it read",
            [f"{name}: {in_words(_plain(value))}" for name, value in trail.parameters.items()],
        ),
        ("With other choices", _alternatives(trail)),
        ("Tables", [line for used in trail.tables for line in _used(used)]),
        (
            "The district's own files",
            [f"{name}  sha256 {sha}" for name, sha in trail.files.items()],
        ),
        ("Packages", [f"{name} {version}" for name, version in trail.packages.items()]),
    ]
    blocks = [(head, indent("\n".join(rows), "  ")) for head, rows in parts if rows]
    return "\n\n".join(f"{head}\n{block}" for head, block in blocks)


def _claim(trail: Trail) -> Iterator[str]:
    found, claim = trail.finding, trail.claim
    if claim is None:
        yield "none of the published claims speaks of it"
        return
    yield f"{claim.id}: {claim.statement}"
    yield f"Published: {claim.published_text if claim.published else 'a statement'}"
    yield f"Verdict: {found.verdict_text}. {found.reason}".rstrip()
    yield f"Rule since {claim.rules[-1].date}:"
    yield from (f"  {text}" for text in claim.rule.told())


def _code(trail: Trail) -> list[str]:
    lines: list[str] = []
    for one in trail.statements:
        lines += [
            f"# cell {one.number} ({one.cell}), line {one.line}",
            *one.source.splitlines(),
            "",
        ]
    return lines[:-1]


def _modules(trail: Trail) -> list[str]:
    return [
        f"{one.name}  sha256 {one.ran or one.now}"
        + ("  (CHANGED since it was run)" if one.changed else "")
        for one in trail.modules
    ]


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _alternatives(trail: Trail) -> list[str]:
    unit = trail.finding.unit
    return [
        f"{one.label}: {quantity(one.value, unit)}"
        + (f" ({span(one.low, one.high, unit, one.value)})" if one.low is not None else "")
        + (f"  [{one.by}]" if one.by else "")
        for one in trail.finding.alternatives
    ]


def _used(used: Used) -> Iterator[str]:
    yield f"{used.name}  {used.file}  sha256 {used.sha256 or 'not recorded'}"
    sources, others = used.sources
    if used.in_words:
        yield f"  rows used: {used.in_words}"
    if used.rows:
        yield f"  they are the rows {used.rows}"
    for source in sources:
        yield f"  from {source.file}  sha256 {source.sha256}"
        yield f"    {source.publisher}; {source.licence} {source.terms}".rstrip()
        yield f"    {source.address}"
    if others:
        yield f"  (and from {plural(len(others), 'file')} of other years, which --json lists)"
