"""`salname.toml`: the archive's settings, each with its default, and the file that `init` writes."""

import difflib
import getpass
import json
import socket
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from archive.errors import ConfigurationError
from archive.spool import SegmentLimits
from archive.stores import CopySettings, StoreSettings
from crawler.budget import Budget

_STRICT: ConfigDict = {"extra": "forbid"}
_HOUR_S = 3600


def _setting(default: Any, says: str) -> Any:
    """A field with its default and the sentence that `init` writes above it."""
    if isinstance(default, tuple):
        return field(default_factory=lambda: default, metadata={"says": says})
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlerSettings:
    """How the crawler goes out."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    contact: str = _setting(
        "",
        "Who runs this crawler: an e-mail or page that publishers can turn to. Sent in the\n"
        "user agent and the From header of every request.",
    )
    pause_s: float = _setting(
        1.0, "Seconds between two requests to one host, unless its source says otherwise."
    )
    timeout_s: float = _setting(
        30.0, "Seconds after which a server that does not answer has failed."
    )
    max_page_bytes: int = _setting(
        16_000_000,
        "Longest body that is taken of a page or photo; what is longer is cut there\n"
        "and recorded as truncated.",
    )
    max_file_bytes: int = _setting(
        16_000_000,
        "The same of what is neither page, list nor photo: a PDF, a film. A body longer than\n"
        "max_page_bytes goes through a file on the archive's disk, not through memory.",
    )
    parallel_hosts: int = _setting(16, "Requests that may be under way at once, over all hosts.")
    proxy: str = _setting(
        "", "HTTP proxy for all requests, such as http://127.0.0.1:3128; empty: none."
    )
    allow_private_addresses: bool = _setting(
        False,
        "Whether hosts with private or loopback addresses may be fetched. Leave it off: a page\n"
        "on the web could otherwise make the crawler read your own network.",
    )
    look_again_s: tuple[int, ...] = _setting(
        tuple(_HOUR_S * hours for hours in (1, 4, 24, 72, 240, 720, 2160, 8760)),
        "Seconds after its first sight at which an article is looked at again.",
    )
    gone_after_h: float = _setting(
        48.0,
        "Hours of looks that must have found nothing, a day at most for each look and only while\n"
        "the same host showed another article, before an article is told as gone.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSettings:
    """How the WARC segments are cut and made durable."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    max_bytes: int = _setting(1_000_000_000, "A segment is sealed when it is longer than this.")
    max_age_h: float = _setting(24.0, "A segment is sealed when it is older than this, in hours.")
    text_records: bool = _setting(
        True,
        "Whether the text of an article lies beside its answer in a record of its own, for\n"
        "programs that read WARC but not what Salnamə made of the page.",
    )
    group_captures: int = _setting(
        50,
        "Captures that share one sync to disk: what a power cut can cost at most is the last,\n"
        "unacknowledged group, which the next run fetches again.",
    )
    group_s: float = _setting(2.0, "Seconds after which a group is synced although it is smaller.")

    @property
    def limits(self) -> SegmentLimits:
        """When a segment is full."""
        return SegmentLimits(max_bytes=self.max_bytes, max_age=timedelta(hours=self.max_age_h))


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSettings:
    """What one run may spend. Nothing is lost by it: what is left over is due in the next run."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    run_requests: int = _setting(0, "Requests of a whole run; 0: no limit.")
    run_bytes: int = _setting(0, "Bytes that a whole run may download; 0: no limit.")
    run_minutes: float = _setting(
        0.0, "Minutes after which a run asks for nothing more; 0: no limit."
    )
    source_requests: int = _setting(
        0, "The same for each source, unless its file says otherwise; 0: no limit."
    )
    source_bytes: int = _setting(0, "Likewise.")
    source_minutes: float = _setting(0.0, "Likewise.")

    @property
    def run(self) -> Budget:
        """The budget of a whole run."""
        return Budget(
            requests=self.run_requests or None,
            bytes=self.run_bytes or None,
            minutes=self.run_minutes or None,
        )

    @property
    def source(self) -> Budget:
        """The budget of each source whose file says none."""
        return Budget(
            requests=self.source_requests or None,
            bytes=self.source_bytes or None,
            minutes=self.source_minutes or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one archive."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    crawler: CrawlerSettings = CrawlerSettings()
    budget: BudgetSettings = BudgetSettings()
    segments: SegmentSettings = SegmentSettings()
    store: StoreSettings = field(default_factory=StoreSettings)
    stores: tuple[CopySettings, ...] = ()


_FURTHER_STORES = """Further stores, each with a copy of every sealed segment: [[stores]] once for each, with
the keys of [store] but keep_days. Only when all have a segment may its copy here go."""
_ADAPTER = TypeAdapter(Settings)


def read_settings(path: Path) -> Settings:
    """The settings in the TOML file at `path`.

    Raises:
        ConfigurationError: it is not TOML, or holds an unknown key or a value of the wrong kind;
            the text names every such key and, for an unknown one, the nearest that exists.
    """
    try:
        return _ADAPTER.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: not TOML: {error}") from error
    except ValidationError as error:
        lines = [f"{path.name}: {_say(mistake)}" for mistake in error.errors()]
        raise ConfigurationError("\n".join(lines)) from error


def settings_template() -> str:
    """The text of a fresh `salname.toml`, every key explained and at its default."""
    lines = ["# The settings of this archive. Every key may be left out; shown are the defaults."]
    for section in fields(Settings):
        if section.name == "stores":
            lines += ["", *(f"# {line}" for line in _FURTHER_STORES.splitlines())]
            continue
        lines += ["", f"[{section.name}]"]
        for each in fields(type(getattr(Settings(), section.name))):
            lines += [f"# {line}" for line in each.metadata["says"].splitlines()]
            lines.append(f"{each.name} = {_toml(_default_of(each))}")
    return "\n".join(lines) + "\n"


def _default_of(each: Any) -> Any:
    if each.name == "contact":
        return f"{getpass.getuser()}@{socket.getfqdn()}"
    return each.default if each.default is not MISSING else each.default_factory()


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _say(mistake: Any) -> str:
    place = [str(part) for part in mistake["loc"]]
    name = ".".join(place)
    if mistake["type"] != "unexpected_keyword_argument":
        return f"{name}: {mistake['msg']}"
    known = _keys_beside(place)
    nearest = difflib.get_close_matches(place[-1], known, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"allowed: {', '.join(known)}"
    return f"{name}: unknown key ({hint})"


def _keys_beside(place: list[str]) -> list[str]:
    holder: Any = Settings()
    for part in place[:-1]:
        holder = CopySettings() if part.isdecimal() else getattr(holder, part)
    return [each.name for each in fields(holder)]
