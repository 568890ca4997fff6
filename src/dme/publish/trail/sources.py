"""The page of a module: its code as it ran, with an anchor for each line."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from dme.findings.code import imported
from dme.publish.markup import link
from dme.publish.own_page import Page, Ways, facts
from dme.publish.trail import places
from dme.publish.trail.code import boxed, coloured


@dataclass(frozen=True)
class Ran:
    """What is known of the modules of a run.

    Attributes
    ----------
    modules : mapping of Path to str
        The modules that have a page: their files, with the paths in the project.
    digests : mapping of str to set of str
        The sha256 of each module, by its path in the project, when it ran.
    commit : str
        The commit that was run; "" where it isn't known.
    ways : sequence of (str, str)
        See `Page`.
    """

    modules: Mapping[Path, str]
    digests: Mapping[str, Collection[str]]
    commit: str
    ways: Ways


def page(file: Path, ran: Ran, callers: Mapping[str, str]) -> Page:
    """Return the page of a module.

    Parameters
    ----------
    file : Path
        The module.
    ran : Ran
        What is known of all modules of the run.
    callers : mapping of str to str
        Titles of the findings whose cells use it, by id.
    """
    module = ran.modules[file]
    content = file.read_bytes()
    digest = sha256(content).hexdigest()
    up = places.up(places.source(module))
    told = ran.digests.get(module, ())
    about, lines, defined = _read(content.decode())
    beside = sorted(ran.modules[one] for one in set(imported(file)) & ran.modules.keys() - {file})
    parts = [
        _changed(told) if told and {*told} != {digest} else "",
        facts(
            {
                "Lines": str(len(lines)),
                "sha256": f"<code>{digest}</code>",
                "Commit that was run": f"<code>{escape(ran.commit)}</code>" if ran.commit else "",
                "Imports": ", ".join(link(up + places.source(name), name) for name in beside),
                "Findings that use it": ", ".join(
                    link(up + places.finding(name), title) for name, title in callers.items()
                ),
                "It defines": ", ".join(
                    f'<a href="#def-{name}"><code>{name}</code></a>' for name in defined
                ),
            }
        ),
        boxed(lines, numbered=True),
    ]
    return Page(
        places.of_site(places.source(module)),
        module,
        escape(about),
        "".join(parts),
        ran.ways,
        places.FOLDER,
    )


def _changed(told: Collection[str]) -> str:
    sums = " and ".join(f"<code>{one}</code>" for one in sorted(told))
    return (
        '<p class="warning"><strong>This is not the code that was run.</strong> The file was '
        f"changed since: the study ran with the one of sha256 {sums}. Run the study again, and "
        "build these pages anew.</p>"
    )


@cache
def _read(source: str) -> tuple[str, list[str], list[str]]:
    """Return what a module says of itself, its lines as HTML, and what it defines."""
    tree = ast.parse(source)
    lines = coloured(source.rstrip("\n"))
    defined = dict(_defined(tree))
    for name, line in defined.items():
        lines[line - 1] = f'<a id="def-{name}"></a>{lines[line - 1]}'
    about = (ast.get_docstring(tree) or "").partition("\n\n")[0]
    return " ".join(about.split()), lines, list(defined)


def _defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield functions, classes and methods with the line of their ``def``."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef):
                yield f"{node.name}.{inner.name}", inner.lineno
