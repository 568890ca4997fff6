"""Small pieces of Markdown and HTML from which the generated parts of pages are made."""

import re
from html import escape

HTML = "{=html}"
# What Quarto looks for wherever it stands: a shortcode, and a block of code to run.
_LOOKED_FOR = re.compile(r"\{\{|(`{3}|~{3})\s*\{")


def fence(text: str, attributes: str) -> str:
    """Return `text` as a fenced block that no run of backticks inside it can close."""
    if attributes != HTML and _LOOKED_FOR.search(text):
        # It comes as HTML, in the same box.
        named = re.search(r"#([^\s}]+)", attributes)
        anchor = f' id="{escape(named[1])}"' if named else ""
        box = f'<div class="sourceCode"{anchor}>'
        return raw(f"{box}<pre><code>{escape(text.rstrip(chr(10)))}</code></pre></div>")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{attributes}\n{text.rstrip(chr(10))}\n{ticks}\n"


def raw(html: str) -> str:
    """Return HTML as a raw block, which both renderers hand through as it is.

    Opening braces are written as references: Quarto looks for its syntax in HTML too.
    """
    return fence(html.replace("{", "&#123;"), HTML)


def folded(summary: str, inner: str, css: str) -> str:
    """Return Markdown folded under a summary that a reader can open."""
    opening = raw(f'<details class="{css}"><summary>{escape(summary)}</summary>')
    return f"{opening}\n{inner}\n{raw('</details>')}"


def link(address: str, words: str) -> str:
    """Return an HTML link."""
    return f'<a href="{escape(address)}">{escape(words)}</a>'
