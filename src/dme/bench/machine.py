"""What the measurements ran on."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dme.execute.machine import cores

_PACKAGES = ("papermill", "nbconvert", "nbclient", "ipykernel", "pandas", "numpy")
_CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, str]:
    """Return the machine in words: a heading and its value."""
    told = {
        "cores": str(cores()),
        "CPU": _cpu(),
        "system": platform.platform(),
        "Python": platform.python_version(),
    }
    # Where Python keeps none, whoever starts it compiles every module anew.
    told["bytecode"] = "not written" if sys.dont_write_bytecode else "kept"
    if hasattr(os, "getloadavg"):
        # Whoever else used the machine shows here: figures of a busy machine are rough.
        told["load before"] = f"{os.getloadavg()[0]:.2f}"
    return told | {name: _version(name) for name in _PACKAGES}


def _cpu() -> str:
    try:
        lines = _CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
