"""A headless browser that runs a page's scripts and is never let onto the network itself.

Whatever a page asks for is held up, and handed to whoever may fetch it as politely as anything
else; what nobody hands back fails. So robots.txt, pauses and the source's hosts hold for scripts
too, every answer is recorded as it was on the wire, and no photo, film, font or style is loaded.
"""

import asyncio
import importlib.util
import os
import shutil
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.errors import WrongUse
from archive.rendering import Rendering

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SCRIPTS = frozenset({"script", "xhr", "fetch"})  # what a document may be made of
_MOST_PARTS = 60  # requests of one page
_CLOSING_S = 10.0
_AT_ONCE = 2  # pages in one browser
# Nothing leaves the browser by itself, whatever a page finds: the port answers nobody.
_NOWHERE = "http://127.0.0.1:9"
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-first-run",
    "--proxy-bypass-list=<-loopback>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a browser is given for one address: content-decoded, as the server called it."""

    status: int = 200
    content_type: str = "text/html"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


_STAY = Fetched(status=204)  # a browser that is told so keeps the document that it has

Fetch = Callable[[str], Awaitable[Fetched | None]]
"""Fetches what a script asks for, by its address; None where it may not be had."""


def require_browser(names: Iterable[str]) -> None:
    """Make sure that sources which want their pages rendered can have it.

    Raises:
        WrongUse: Playwright or Chromium is not installed.
    """
    first = next(iter(names), None)
    if first is None:
        return
    if importlib.util.find_spec("playwright") is None:
        raise WrongUse(
            f"{first} is rendered by a browser, for which Playwright is not installed. "
            "Call `pip install 'salname[render]'`."
        )
    if _program() is None:
        raise WrongUse(
            f"{first} is rendered by a browser, and no Chromium is installed. "
            "Call `apt-get install chromium`."
        )


class RenderingBrowser:
    """Chromium, started for the first page and kept for those that follow.

    longest_s  until a page is taken as it is, whether its scripts have come to rest or not
    agent      the user agent that scripts are told, the same that servers are
    """

    def __init__(self, *, longest_s: float, agent: str) -> None:
        self._longest_s = longest_s
        self._agent = agent
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._pages = asyncio.Semaphore(_AT_ONCE)

    async def render(self, url: str, answer: Fetched, fetch: Fetch) -> Rendering:
        """The document at an address, whose answer is there already, after its scripts ran.

        fetch  is asked for what the scripts want; what it records is no business of this
        """
        from playwright.async_api import Error

        async with self._pages:
            context: BrowserContext | None = None
            try:
                browser = await self._started()
                context = await browser.new_context(
                    user_agent=self._agent,
                    service_workers="block",
                    accept_downloads=False,
                    locale="az-AZ",
                    timezone_id="Asia/Baku",
                )
                return await asyncio.wait_for(
                    _rendered(context, _Held(url, answer, fetch), self._longest_s),
                    self._longest_s + _CLOSING_S,
                )
            except TimeoutError:
                await self._let_go()
                return Rendering(failure=f"its scripts did not end within {self._longest_s:.0f} s")
            except Error as error:
                first_line = str(error).partition("\n")[0]
                return Rendering(failure=f"it could not be rendered: {first_line}")
            finally:
                if context is not None:
                    await self._closed(context)

    async def close(self) -> None:
        """End the browser."""
        await self._let_go()
        if self._playwright is not None:
            await self._playwright.stop()
            self._playwright = None

    async def _started(self) -> "Browser":
        from playwright.async_api import async_playwright

        async with self._starting:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._playwright.chromium.launch(
                    executable_path=_program(),
                    args=list(_ARGUMENTS),
                    chromium_sandbox=os.geteuid() != 0,  # as root Chromium has none
                    proxy={"server": _NOWHERE},
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            return self._browser

    async def _closed(self, context: "BrowserContext") -> None:
        from playwright.async_api import Error

        try:
            await asyncio.wait_for(context.close(), _CLOSING_S)
        except (TimeoutError, Error):
            await self._let_go()

    async def _let_go(self) -> None:
        """End a browser that may no longer answer; the next page starts another."""
        from playwright.async_api import Error

        browser, self._browser = self._browser, None
        if browser is not None:
            with suppress(TimeoutError, Error):  # it is gone, or ends with us
                await asyncio.wait_for(browser.close(), _CLOSING_S)


@dataclass  # without slots: Playwright leaves a mark on whose method it calls
class _Held:
    """One page's requests, held up on their way out."""

    url: str
    answer: Fetched
    fetch: Fetch
    is_begun: bool = False
    parts: int = field(default=0)

    async def pass_on(self, route: "Route") -> None:
        """Answer a request with what may be had for it, or let it fail."""
        found = await self._found_for(route)
        if found is None:
            await route.abort("blockedbyclient")
            return
        headers = {name: value for name, value in found.headers if _may_be_told(name)}
        headers["content-type"] = found.content_type
        await route.fulfill(status=found.status, headers=headers, body=found.body)

    async def _found_for(self, route: "Route") -> Fetched | None:
        request = route.request
        if request.is_navigation_request():
            if self.is_begun:
                return _STAY  # a frame, or a page that leads on
            self.is_begun = True
            return self.answer
        if request.resource_type not in _SCRIPTS or request.method != "GET":
            return None
        self.parts += 1
        return await self.fetch(request.url) if self.parts <= _MOST_PARTS else None


async def _rendered(context: "BrowserContext", held: _Held, longest_s: float) -> Rendering:
    from playwright.async_api import TimeoutError as TookTooLong

    page: Page = await context.new_page()
    await page.route("**/*", held.pass_on)
    await page.route_web_socket("**/*", lambda socket: socket.close())
    page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
    truncated = None
    try:
        await page.goto(held.url, wait_until="networkidle", timeout=longest_s * 1000)
    except TookTooLong:
        truncated = "time"
    dom = await page.content()
    await page.unroute_all(behavior="ignoreErrors")
    return Rendering(dom=dom.encode("utf-8", "replace"), truncated=truncated)


def _may_be_told(name: str) -> bool:
    """Whether a header of the answer matters to a script, and is still true of what it is given."""
    return name.lower().startswith("access-control-")


def _program() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)
