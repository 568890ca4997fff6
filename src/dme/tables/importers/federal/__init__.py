"""Readers of the federal files of schools and districts, one module for each survey."""
