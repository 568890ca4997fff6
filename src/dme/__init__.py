"""The Hartford resource study, reproduced on public data and ready for any district."""

__version__ = "0.1.0"
