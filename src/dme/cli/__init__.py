"""The command ``dme``: commands, progress and messages; no rule of the study."""

from dme.cli.commands import main

__all__ = ["main"]
