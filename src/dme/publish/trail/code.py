"""Python code as HTML, line by line: coloured, and with names that lead on."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape

from pygments import token
from pygments.lexers import PythonLexer

_LEXER = PythonLexer()
# A name with its attributes, that is none of an argument.
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.\w+)*(?!\w|\s?=[^=])")
# by the classes that style/content.css has for the code of the site's other pages.
_CLASSES = (
    (token.Keyword, "kw"),
    (token.Operator.Word, "kw"),
    (token.String, "st"),
    (token.Comment, "co"),
    (token.Number, "dv"),
    (token.Name.Function, "fu"),
    (token.Name.Class, "fu"),
    (token.Name.Decorator, "fu"),
)


def coloured(source: str, links: Mapping[str, str] | None = None) -> list[str]:
    """Return the HTML of each line of Python code.

    Parameters
    ----------
    source : str
        The code.
    links : mapping of str to str, optional
        Addresses by name: wherever the code uses one of these names, it is a link. A name may
        have parts, such as ``levels.by_span``.
    """
    lines: list[list[str]] = [[]]
    for css, text, address in _merged(_spans(source, links or {})):
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(_marked(css, part, address))
    return ["".join(parts) for parts in lines]


def boxed(lines: list[str], *, numbered: bool = False) -> str:
    """Return a box of code that scrolls by itself; its lines have anchors where numbered."""
    if numbered:
        lines = [f'<span id="L{n}">{line}</span>' for n, line in enumerate(lines, 1)]
    css = "sourceCode lines" if numbered else "sourceCode"
    inner = "\n".join(lines)
    return f'<div class="{css}" tabindex="0"><pre><code>{inner}</code></pre></div>'


def _spans(source: str, links: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield pieces of code, each with its CSS class and the address that it leads to."""
    uses = dict(_uses(source, links)) if links else {}
    past = 0
    for start, css, text, name in _tokens(source):
        if start < past:
            continue
        if name and (used := uses.get(start)):
            past = start + len(used)
            yield "", used, links[used]
        else:
            yield css, text, ""


def _uses(source: str, links: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield where names stand that are links, but for the names of arguments."""
    for found in _NAME.finditer(source):
        parts = found[0].split(".")
        for count in range(len(parts), 0, -1):
            if (name := ".".join(parts[:count])) in links:
                yield found.start(), name
                break


@cache
def _tokens(source: str) -> tuple[tuple[int, str, str, bool], ...]:
    """Return the tokens of code: where each begins, its CSS class, its text, whether it is a name.

    Many pages show the same statements.
    """
    read = _LEXER.get_tokens_unprocessed(source)
    return tuple((start, _class(kind), text, kind in token.Name) for start, kind, text in read)


@cache
def _class(kind: token._TokenType) -> str:
    return next((css for of, css in _CLASSES if kind in of), "")


def _merged(spans: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Join neighbors of one class."""
    waiting = ("", "", "")
    for css, text, address in spans:
        if (css, address) == (waiting[0], waiting[2]) and not address:
            waiting = (css, waiting[1] + text, "")
        else:
            yield waiting
            waiting = (css, text, address)
    yield waiting


def _marked(css: str, text: str, address: str) -> str:
    told = escape(text, quote=False)
    if address:
        return f'<a href="{escape(address)}">{told}</a>'
    return f'<span class="{css}">{told}</span>' if css and text.strip() else told
