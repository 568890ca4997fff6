"""Running a study's notebooks."""

from dme.execute.run import CellFailure, Progress, Run, run_studies, run_study

__all__ = ["CellFailure", "Progress", "Run", "run_studies", "run_study"]
