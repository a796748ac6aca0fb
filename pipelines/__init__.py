"""Turns a fetched page into an article's version: pure readers of pages and Azerbaijani text.

Imports archive/, never crawler/. Start reading at `items.py` and `extract.py`.
"""
