"""The project's tables: tidy, typed, checked, and read by name."""

from dme.tables.load import load
from dme.tables.schemas import names, spec

__all__ = ["load", "names", "spec"]
