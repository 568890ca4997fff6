"""Absence, suspension, and how students are spread over schools."""
