"""The search index: a view of the catalogue, in a tantivy folder beside it.

Imports tantivy and archive/ alone. Start reading at `index.py`.
"""
