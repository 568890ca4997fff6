"""Running a study's notebooks."""

from dme import lean_jsonschema  # noqa: F401 - before anything here imports papermill
