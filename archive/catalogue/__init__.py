"""The SQLite catalogue: a view of the segments, and the only place that speaks SQL.

Imports sqlite-utils and archive/ alone. Start reading at `schema.py`, then `rows.py`.
"""
