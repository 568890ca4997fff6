"""Figures and their uncertainty: estimates, intervals, comparisons, what suppression allows."""
