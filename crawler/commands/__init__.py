"""The commands of `salname`, by what a person wants: go out, read, ask, keep.

Each is one short function: parse, call, print. Start reading at `../cli.py`.
"""
