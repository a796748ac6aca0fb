"""The documentation, and the programs that write the parts of it that come from the code.

Start reading at `index.md`; `generate.py` is what `make docs` calls.
"""
