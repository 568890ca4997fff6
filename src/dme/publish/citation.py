"""How to cite: the project's ``CITATION.cff`` as text and as BibTeX."""

from collections.abc import Mapping
from typing import Any

from dme import paths, strict_yaml
from dme.errors import DmeError
from dme.publish.inert import literal
from dme.publish.markup import fence

FILE = "CITATION.cff"
_KEY = "dme"


def citation() -> str:
    """Return the citation as Markdown: a sentence, and an entry for BibTeX.

    Raises
    ------
    DmeError
        If the file lacks authors, title or version.
    """
    path = paths.home() / FILE
    if not path.is_file():
        return f"This copy of the project has no {FILE}.\n"
    try:
        told = strict_yaml.read(path).typed()
        authors = [_named(one) for one in told["authors"]]
        title, version = told["title"], told["version"]
    except (DmeError, KeyError, TypeError) as error:
        message = (
            f"{FILE} can't be read ({type(error).__name__}: {error}).\n"
            "Expected: authors (each with name, or family-names and given-names), title, version."
        )
        raise DmeError(message) from error
    text = f"{literal(', '.join(authors))}. *{literal(title)}* (version {literal(version)}).\n"
    fields = {
        # The inner braces keep a body's name whole.
        "author": " and ".join(f"{{{name}}}" for name in authors),
        "title": f"{{{title}}}",
        "note": f"Version {version}",
    }
    inner = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    entry = f"@misc{{{_KEY},\n{inner}}}"
    return f"{text}\n{fence(entry, '{.bibtex}')}"


def _named(author: Mapping[str, Any]) -> str:
    if "name" in author:
        return author["name"]
    return f"{author['given-names']} {author['family-names']}"
