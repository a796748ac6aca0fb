"""Puts the tables that a benchmark prints into docs/quality.md, between the marks of its part.

    python -m benchmarks.stories | python -m benchmarks.tables stories

All else that is printed is left out. `make quality` does it for every part, `make quality-stories`
for one alone.
"""

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "quality.md"
_PART = r"(<!-- measured: {name} -->\n).*?(<!-- measured end -->)"


def tables_in(printed: str) -> str:
    """The Markdown tables of an output, parted by blank lines."""
    lines = [line if line.startswith("|") else "" for line in printed.splitlines()]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


def with_tables(page: str, name: str, printed: str) -> str:
    """The page with these tables in one of its parts.

    Raises:
        ValueError: nothing was measured, or the page has no such part.
    """
    if not (tables := tables_in(printed)):
        raise ValueError(f"{name}: nothing was measured, docs/quality.md stays as it is.")
    part = re.compile(_PART.format(name=re.escape(name)), re.DOTALL)
    if not part.search(page):
        raise ValueError(f"docs/quality.md has no part `<!-- measured: {name} -->`.")
    return part.sub(lambda found: f"{found[1]}{tables}\n{found[2]}", page)


def main() -> int:
    """Put what is on standard input into the part that the one argument names."""
    try:
        page = with_tables(PAGE.read_text(encoding="utf-8"), sys.argv[1], sys.stdin.read())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
