"""The made-up Azerbaijani web: sites, photos and faults on loopback, for the demo and the tests.

May import archive/ and nothing above it. Start reading at server.py; the words lie in content/.
"""
