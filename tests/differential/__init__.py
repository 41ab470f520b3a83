"""Differential tests: two providers read the same files and must say the same, apart from a written list.

See `run.py` for the tool and the map of this folder.
"""
