"""The seed of what tests draw at random: one for ever, so that the same code does the same.

`make soak` draws another each time, prints it, and draws the same again with `SALNAME_SEED=…`.
"""

import os
from typing import Final

SEED: Final = int(os.environ.get("SALNAME_SEED") or 1875)
