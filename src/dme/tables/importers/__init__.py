"""Readers of the publishers' layouts, one module for each report or kind of report.

Every reader takes files and returns frames with the names of the tables. It refuses (TableError,
with file, line and column) a file that is another report or of another year, lacks a column,
prints a figure, code or category that is none, or the same thing twice, and figures that
contradict one another, within a file or between two. Missing is what is withheld or not printed.
"""
