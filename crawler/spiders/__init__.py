"""The one spider; a new site is a YAML file in `crawler/sources`, not a spider.

Imports scrapy. Start reading at `source.py`.
"""
