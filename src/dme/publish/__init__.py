"""The publishing room: a study's executed notebooks and the pages become a website.

`build` stages one project of Markdown pages, renders it with Quarto or with the built-in
renderer, checks every page, and only then puts the site in its place.
"""

from dme import lean_jsonschema  # noqa: F401 - before anything here imports nbformat
from dme.publish.site import Built, build

__all__ = ["Built", "build"]
