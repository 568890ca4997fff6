"""The trail of each number of a study, as pages: findings, tables with their rows, and sources.

The pages are HTML of our own, written beside what a renderer made, so that they are the same
whichever it was. They are made of `dme.audit.trail` alone, as ``dme audit`` is.
"""
