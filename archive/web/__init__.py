"""The archivists' pages and the HTTP API, read-only over catalogue, segments and index.

Imports starlette, jinja2 and archive/ alone. Start reading at `app.py`.
"""
