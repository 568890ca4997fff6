"""The project's tables: tidy, typed, checked, and read by name."""

from dme.tables.load import empty, load, told
from dme.tables.schemas import names, spec

__all__ = ["empty", "load", "names", "spec", "told"]
