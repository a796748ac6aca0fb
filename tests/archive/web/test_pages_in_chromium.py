"""The pages in a real browser, at the width of a phone and of a desktop."""

from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS_PX = {"phone": (390, 844), "desktop": (1280, 860)}
PATHS = [
    "/",
    "/?q=asan+xidmet",
    "/article/1",
    "/article/3",
    "/article/1/diff/1/3",
    "/changes",
    "/sources",
    "/source/olke.example",
]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() or find_library("atomic") is None,  # Playwright's own node wants it
    reason="Chromium is not installed: apt-get install chromium libatomic1",
)


@pytest.fixture(scope="module")
def context(address: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_context(base_url=address, locale="az-AZ")
        browser.close()


@pytest.fixture(params=WIDTHS_PX)
def page(request: pytest.FixtureRequest, context: BrowserContext, address: str) -> Iterator[Page]:
    width, height = WIDTHS_PX[request.param]
    context.clear_cookies()
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda asked: troubles.extend(_failed(asked)))
    page.on("request", lambda asked: troubles.extend(_leaving(asked.url, address)))
    yield page
    page.close()
    assert troubles == []


def _failed(asked: Request) -> list[str]:
    """A photo that was still on its way when the visitor went on is no failure."""
    return [] if asked.failure == "net::ERR_ABORTED" else [f"{asked.url}: {asked.failure}"]


def _leaving(url: str, address: str) -> list[str]:
    return [] if url.startswith(address) else [url]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_the_screen(page: Page, path: str) -> None:
    page.goto(path)
    azerbaijani = page.evaluate(WIDTH_AND_HEADINGS)
    page.get_by_role("link", name="EN", exact=True).click()
    page.wait_for_url("**lang=en")
    english = page.evaluate(WIDTH_AND_HEADINGS)

    assert azerbaijani == ["az", 0, 1]
    assert english == ["en", 0, 1]


def test_a_visitor_searches_reads_and_compares(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("asan xidmət")
    page.get_by_role("button", name="Axtar").click()
    page.get_by_role("link", name="Şəkidə yeni “ASAN xidmət” mərkəzi açılıb").click()
    photo = page.get_by_role("img", name="Yeni mərkəzin binası")
    assert photo.evaluate("photo => photo.decode().then(() => photo.naturalWidth)") == 1200
    page.get_by_role("link", name="Əvvəlki ilə müqayisə et").last.click()
    page.wait_for_url("**/article/1/diff/1/2")

    assert page.locator("del", has_text="120 növ").is_visible()
    assert page.locator("ins", has_text="140-dan çox").is_visible()


def test_two_versions_are_chosen_with_a_form(page: Page) -> None:
    page.goto("/article/1/diff/1/2")
    page.get_by_label("Yeni").select_option("3")
    page.get_by_role("button", name="Müqayisə et").click()
    page.wait_for_url("**/article/1/diff/1/3")

    assert page.locator("ins", has_text="- FOTO").is_visible()


def test_a_publishers_script_does_not_run(page: Page) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))

    page.goto("/article/3")

    assert "<script>" in page.locator("h1").inner_text()
    assert alerts == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/article/1/diff/1/2")

    ratios = page.evaluate(CONTRASTS)

    assert {selector: ratio for selector, ratio in ratios.items() if ratio < 4.5} == {}


# The page's language, its pixels beyond the screen, and how many main headings it has.
WIDTH_AND_HEADINGS = """() => [
  document.documentElement.lang,
  document.documentElement.scrollWidth - innerWidth,
  document.querySelectorAll('h1').length,
]"""

# WCAG 2.2, 1.4.3: the ratio of relative luminances of a word and the first opaque ground below it.
CONTRASTS = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = colour => numbers(colour).slice(0, 3).map(value => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return numbers(colour)[3] === 0 ? ground(element.parentElement) : colour;
  };
  const ratio = element => {
    const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const selectors = ['body', 'a', 'button', 'select', '.faint', 'del', 'ins', '.paragraph.equal',
                     '.summary .removed', '.summary .added', '.summary .moved', '.bottom p'];
  return Object.fromEntries(selectors.map(each => [each, ratio(document.querySelector(each))]));
}"""
