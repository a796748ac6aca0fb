"""Exports: one module a format, one cursor (the change number) for all.

Imports archive/ alone. Start reading at `jsonl.py`.
"""
