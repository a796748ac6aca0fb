"""The archivists’ pages, against a small archive on disk and a real server on loopback."""
