"""Keeps and gives back: segments, catalogue, search, exports, pages.

Imports neither crawler/ nor pipelines/. Start reading at `article.py` and `warc.py`.
"""
