"""What the notebook on firmness presents: the headline findings under all defensible choices."""

from dme.evidence.firmness.share import answer, firmness, yard

__all__ = ["answer", "firmness", "yard"]
