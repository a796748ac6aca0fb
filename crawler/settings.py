"""Scrapy's settings, one block a concern; `crawl.py` lays an archive's own settings over them."""

from crawler import __version__

# Who we are. `salname.toml` adds the contact.
BOT_NAME = "salname"
USER_AGENT = f"Salname/{__version__} (web archive)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8,*/*;q=0.7",
    "Accept-Language": "az,ru;q=0.7,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}

# Where the code is.
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
TWISTED_REACTOR_ENABLED = False  # asyncio itself, without a reactor of Twisted around it

# Politeness. One request at a time to a host, with a pause between them.
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # else a pause may be half of what a source asks for
DOWNLOAD_TIMEOUT = 30
COOKIES_ENABLED = False  # a publisher gets no visitor to follow
REFERER_ENABLED = False

# The ledger decides what is fetched, when again, and where a redirect leads; Scrapy's own
# memory of requests is thrown away with each run.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
RETRY_ENABLED = False
METAREFRESH_ENABLED = False

# Bodies are kept as they came: nothing is decoded before it is recorded, and nothing is thrown
# away because it is long or cut.
COMPRESSION_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloading.WireHandler",
    "https": "crawler.downloading.WireHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
SALNAME_MAX_PAGE_BYTES = 16_000_000
SALNAME_MAX_FILE_BYTES = 16_000_000
SALNAME_RENDER_S = 120.0  # that a page's scripts may take, pauses between their requests included

# Guarding the operator's own network.
SALNAME_ALLOW_PRIVATE_ADDRESSES = False

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.render.RenderMiddleware": 550,
    "crawler.middlewares.revalidate.RevalidateMiddleware": 560,
    "crawler.middlewares.patience.PatienceMiddleware": 570,
    "crawler.middlewares.record.RecordMiddleware": 990,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # the ledger follows them
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ours, above
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # the handler sees to it
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
ITEM_PIPELINES = {
    "crawler.stages.ReadStage": 300,
    "crawler.stages.StoreStage": 800,
}
EXTENSIONS = {
    "crawler.progress.ProgressExtension": 100,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.remote_control.RemoteControl": None,  # would listen on a port
    "scrapy.extensions.spiderstate.SpiderState": None,
}
TELNETCONSOLE_ENABLED = False
DOWNLOADER_STATS = False  # the tally counts, source by source
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the spider's code anew for each response
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"  # the ledger's order is enough

# Memory: what waits between download and archive is small, since the ledger hands out little.
CONCURRENT_ITEMS = 1  # a response gives one; Scrapy starts so many tasks for each response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64_000_000

# The command line sets up logging.
LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
