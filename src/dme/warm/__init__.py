"""Kernels that start warm: forked from one process that has imported the study's libraries."""
