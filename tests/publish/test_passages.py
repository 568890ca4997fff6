"""What pages say of the study that has claims, and of any other."""

import re
from pathlib import Path

import pytest

from dme.passages import told

ROOT = Path(__file__).parents[2]
TEXT = "Peers are <!--claims-->nine\ncities<!--else those named-->.<!--claims--> So.<!--else-->"


def test_each_study_has_its_own_words():
    assert told(TEXT, claimed=True) == "Peers are nine\ncities. So."
    assert told(TEXT, claimed=False) == "Peers are those named."


@pytest.mark.parametrize("claimed", [True, False])
def test_every_mark_of_the_project_has_its_other(claimed):
    sources = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "pages").glob("*.qmd")]
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"<!--\s*(claims|else)", told(text, claimed=claimed)), source.name
        # A mark at the beginning of a line makes Jupyter take the rest of that line for HTML.
        assert not re.search(r'(^|\n|")<!--claims-->[^\\\n<]', text) or source.suffix == ".qmd"
