"""Readers of the publishers' raw files, one module for each publisher's layout."""
