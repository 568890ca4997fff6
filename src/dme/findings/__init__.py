"""What a finding is, how it is evaluated and remembered, and the ledger of a study's findings."""

from dme.findings.ledger import (
    ANSWER_MIME,
    INJECTED,
    INPUTS_MIME,
    MIME,
    PARAMETERS_MIME,
    WARNINGS_MIME,
    Alternative,
    Entry,
    Finding,
    answer_of,
    bundles,
    entries,
    ledger,
    notebooks,
    numbered,
    read_notebook,
)

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
    "notebooks",
    "numbered",
    "read_notebook",
]
