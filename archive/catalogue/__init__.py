"""The SQLite catalogue: a view of the segments, and the only place that speaks SQL.

Imports sqlite-utils and archive/ alone. Start reading at `schema.py`, then `rows.py`.
"""

import sys

# sqlite-utils imports numpy where it is installed, for types that we never store: 0.1 s at each
# start of a program. It goes without where the name cannot be imported.
if "numpy" not in sys.modules and "sqlite_utils" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import sqlite_utils  # noqa: F401
    finally:
        del sys.modules["numpy"]
