"""Goes out and fetches: sources, discovery, the one spider, the `salname` command.

Imports pipelines/ and archive/. Start reading at `cli.py` and `source.py`.
"""

__version__ = "0.1.0"
