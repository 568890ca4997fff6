"""A district's resource study on public data, held against what was published of it."""

__version__ = "0.1.0"
