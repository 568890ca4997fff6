"""The notebook's answer in plain words, made of what its sections computed."""

from dme.evidence.culture.growth import Growth
from dme.evidence.result import Measured


def words(grown: Growth) -> str:
    """Return the answer as Markdown, with a sentence for each section that could measure."""
    parts = [_growth(grown)]
    said = " ".join(part for part in parts if part)
    return said or "The tables hold too little of this district to answer."


def _growth(grown: Growth) -> str:
    if not isinstance(grown.result, Measured):
        return ""
    return f"**{grown.picture.title}** in {grown.result.year}."
