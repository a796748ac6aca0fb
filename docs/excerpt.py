"""Puts what a demo printed into the README: `make demo | python -m docs.excerpt`.

It stands between the lines `<!-- demo -->` and `<!-- end of demo -->`, from the heading `Found` on.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_PLACE = re.compile(r"(<!-- demo -->\n).*(<!-- end of demo -->)", re.DOTALL)


def with_excerpt(readme: str, printed: str) -> str:
    """The README with the excerpt of what a demo printed.

    Raises:
        ValueError: the text is not what a demo prints, or the README has no place for it.
    """
    found = re.search(r"^Found$.*", printed, re.DOTALL | re.MULTILINE)
    if found is None or _PLACE.search(readme) is None:
        raise ValueError("nothing to put in, or no place for it")
    excerpt = f"```text\n{found[0].rstrip()}\n```\n"
    return _PLACE.sub(lambda place: f"{place[1]}{excerpt}{place[2]}", readme)


if __name__ == "__main__":
    README.write_text(with_excerpt(README.read_text("utf-8"), sys.stdin.read()), "utf-8")
