"""Downloader middlewares: what lies between the spider and a publisher's server.

Imports scrapy. Start reading at `record.py`.
"""
