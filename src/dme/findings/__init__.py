"""What a finding is, how it is evaluated and remembered, and the ledger of a study's findings."""

from dme.findings.executed import (
    ANSWER_MIME,
    INJECTED,
    INPUTS_MIME,
    MIME,
    PARAMETERS_MIME,
    WARNINGS_MIME,
    answer_of,
    bundles,
    marked_answer_of,
    numbered,
    read_notebook,
)
from dme.findings.ledger import Alternative, Entry, Finding, entries, ledger, ledger_of, notebooks

__all__ = [
    "ANSWER_MIME",
    "INJECTED",
    "INPUTS_MIME",
    "MIME",
    "PARAMETERS_MIME",
    "WARNINGS_MIME",
    "Alternative",
    "Entry",
    "Finding",
    "answer_of",
    "bundles",
    "entries",
    "ledger",
    "ledger_of",
    "marked_answer_of",
    "notebooks",
    "numbered",
    "read_notebook",
]
