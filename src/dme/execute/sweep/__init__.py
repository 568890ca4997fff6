"""Running a study under many parameter sets."""

from dme.execute.sweep.document import SweepError
from dme.execute.sweep.plan import Plan, find, read_plan
from dme.execute.sweep.run import Swept, run_sweep

__all__ = ["Plan", "SweepError", "Swept", "find", "read_plan", "run_sweep"]
