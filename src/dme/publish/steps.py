"""What each step of a study read, and what it was run with, for who audits it."""

from collections.abc import Mapping, Sequence
from html import escape

import yaml

from dme import lasted, paths, sweeps, up_to_date
from dme.findings import Entry
from dme.publish import config
from dme.publish.markup import fence, link, raw
from dme.tabled import Cell, tabled
from dme.text import duration, plural
from dme.up_to_date import ABSENT, Record, RunRecord

_TABLES, _CODE, _SWEEPS = "data/tables/", "src/", f"results/{paths.SWEEPS}/"


def parts(study: str, entries: Sequence[Entry]) -> dict[str, str]:
    """Return the generated parts of the page that audits a study.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    entries : sequence of Entry
        Its ledger.
    """
    example = next((one.finding.id for one in entries if one.finding.value is not None), "FINDING")
    told = {
        "_durations.md": _durations(study),
        "_check.md": _check(study, example),
    }
    if (ran := up_to_date.read(paths.results(study))) is None:
        lost = (
            f"How this study was run is not on record; `dme run params/{study}.yml` records it.\n"
        )
        return told | {"_steps.md": lost, "_environment.md": lost}
    return told | {"_steps.md": _steps(ran, entries), "_environment.md": _environment(ran)}


def _steps(ran: RunRecord, entries: Sequence[Entry]) -> str:
    files = {name: digest for one in ran.notebooks.values() for name, digest in _read(one).items()}
    swept = {name: digest for name, digest in files.items() if name.startswith(_SWEEPS)}
    names = config.in_navigation(ran.notebooks)
    return "\n".join(
        [
            *(_sweep(name, swept) for name in sorted({name.split("/")[2] for name in swept})),
            *(_step(page, words, ran.notebooks[page], entries) for page, words in names.items()),
        ]
    )


def _read(one: Record) -> Mapping[str, str]:
    return one.files or {}


def _step(page: str, words: str, one: Record, entries: Sequence[Entry]) -> str:
    files = _read(one)
    found = [entry for entry in entries if entry.notebook == page]
    counts = {
        "finding": len(found),
        "table": sum(name.startswith(_TABLES) for name in files),
        "module": sum(name.startswith(_CODE) for name in files),
        "parameter": len(one.parameters),
    }
    told = [
        ("Page", link(f"{page}.html", words)),
        ("The notebook as it was run, sha256", f"<code>{one.notebook}</code>"),
        ("Its result, sha256", f"<code>{one.result}</code>"),
        ("Warnings", "<br>".join(map(escape, one.warnings)) or "none"),
    ]
    if one.files is None:
        told.append(("Files", "not on record: this notebook does not tell all that it reads"))
    return _folded(
        f"Notebook: {words}",
        "; ".join(plural(count, noun) for noun, count in counts.items()),
        _facts(told),
        _listing(plural(len(one.parameters), "parameter"), _yaml(one.parameters)),
        _listing(f"{plural(len(files), 'input')} with sha256", _sums(files)),
    )


def _sweep(name: str, files: Mapping[str, str]) -> str:
    own = {file: told for file, told in files.items() if file.startswith(f"{_SWEEPS}{name}/")}
    swept = None if ABSENT in own.values() else sweeps.read(paths.results(paths.SWEEPS) / name)
    if swept is None:
        told = f"was not run before the study: <code>dme sweep {escape(name)}</code> runs it"
        return _folded(f"Sweep: {name}", "not run", _facts([("Results", told)]))
    return _folded(
        f"Sweep: {name}",
        f"{plural(len(swept.findings), 'figure')} under every choice of {len(swept.axes)}",
        _listing("What takes which values", _yaml({n: dict(v) for n, v in swept.axes.items()})),
        _listing(f"{plural(len(swept.shared), 'parameter')} of all", _yaml(swept.shared)),
        _listing(f"{plural(len(own), 'file')} of results with sha256", _sums(own)),
    )


def _environment(ran: RunRecord) -> str:
    commit = f"<code>{escape(ran.commit)}</code>" if ran.commit else "none: not run from a commit"
    digests = sorted({one.environment for one in ran.notebooks.values()})
    told = [
        ("Commit that was run", commit),
        ("Interpreter", escape(ran.python)),
        ("Digest of interpreter and packages", f"<code>{'</code>, <code>'.join(digests)}</code>"),
        ("The study's parameters, sha256", f"<code>{ran.study}</code>"),
    ]
    packages = "\n".join(f"{name}=={version}" for name, version in sorted(ran.packages.items()))
    changed = _listing(
        f"{plural(len(ran.changed), 'file')} differed from the commit", "\n".join(ran.changed)
    )
    listed = _listing(f"{plural(len(ran.packages), 'package')} with versions", packages)
    return raw(f'<div class="facts">{_facts(told)}</div>{changed if ran.changed else ""}{listed}')


def _check(study: str, finding: str) -> str:
    commands = (
        (
            "the chain of one number: code, parameters, rows, raw files",
            f"audit {finding} {study}",
        ),
        ("every notebook anew, from nothing, against the figures on record", f"verify {study}"),
        ("what changed since another commit of this study", f"diff {study}@COMMIT {study}"),
        (
            "all of it as one archive that other programs can check",
            f"export {study} --crate {study}.zip",
        ),
    )
    return fence("\n".join(f"# {what}\ndme {how}\n" for what, how in commands), "{.bash}")


def _durations(study: str) -> str:
    took = lasted.read(paths.results(study))
    if not took:
        return "How long this study took is not on record.\n"
    rows = [
        [
            Cell(link(f"{page}.html", words)),
            Cell(duration(took[page].seconds)),
            Cell(escape(took[page].ended[:19].replace("T", " "))),
        ]
        for page, words in config.in_navigation(took).items()
    ]
    whole = duration(sum(one.seconds for one in took.values()))
    heads = ("Notebook", "Took", "Ended (universal time)")
    shown = raw(tabled(heads, rows, "How long each notebook took"))
    return f"Together {whole}, were they run one after the other.\n\n{shown}"


def _folded(title: str, about: str, *parts: str) -> str:
    return raw(
        f'<details class="table-notes"><summary>{escape(title)} <span class="place">'
        f'{escape(about)}</span></summary><div class="facts">{"".join(parts)}</div></details>'
    )


def _facts(told: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{html}</dd>' for name, html in told)}</dl>"


def _listing(summary: str, text: str) -> str:
    return (
        f'<details class="code"><summary>{escape(summary)}</summary>'
        f'<pre class="output">{escape(text)}</pre></details>'
    )


def _sums(files: Mapping[str, str]) -> str:
    return "\n".join(f"{digest:64}  {name}" for name, digest in sorted(files.items()))


def _yaml(told: object) -> str:
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, default_flow_style=None)
