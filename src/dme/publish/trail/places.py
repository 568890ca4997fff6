"""Where each page of the trail lies, as seen from the trail's own folder."""

import hashlib
from pathlib import PurePosixPath

FOLDER = "trail"
TOP = "../"
"""The way from the trail's folder to the top of its study's site."""


def of_site(page: str) -> str:
    """Return where a page of the trail lies as seen from the top of its study's site."""
    return f"{FOLDER}/{page}"


def finding(name: str) -> str:
    """Return the page of a finding."""
    return f"{name}.html"


def source(module: str, line: int = 0) -> str:
    """Return the page of a module, by its file's path in the project, or one of its lines."""
    name = module.removeprefix("src/").removesuffix(".py").replace("/", "-")
    return f"source/{name}.html" + (f"#L{line}" if line else "")


def table(name: str) -> str:
    """Return the page of a table."""
    return f"table/{name}.html"


def rows(table: str, ranges: str) -> str:
    """Return the file of some rows of a table; the same rows have one file."""
    return f"rows/{table}-{hashlib.sha256(ranges.encode()).hexdigest()[:12]}.csv"


def up(page: str) -> str:
    """Return the way from a page of the trail back to the trail's folder."""
    return "../" * (len(PurePosixPath(page).parts) - 1)
