"""Sections, teacher teams, specialists, and what pooled grades would give them."""
