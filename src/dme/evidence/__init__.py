"""What a notebook's sections present: figures, their other specifications and their words.

A module here belongs to one notebook. It takes tables and the study's parameters, asks the
measures, and returns frozen dataclasses; it draws nothing and reads no file. So a notebook only
asks, shows and records.
"""
