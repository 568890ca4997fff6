"""Running a study's notebooks."""

from dme import slim  # noqa: F401 - before anything here imports papermill
