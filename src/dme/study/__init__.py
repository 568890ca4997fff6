"""A study: the parameters that the notebooks run with, checked, and the errors they can hold."""

from dme.study.check import unknown_district
from dme.study.parameters import Study
from dme.study.problems import ParameterError
from dme.study.read import read, validate

__all__ = ["ParameterError", "Study", "read", "unknown_district", "validate"]
