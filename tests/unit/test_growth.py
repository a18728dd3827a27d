"""What reads the texts of an author, a server or a stock does so in steps that grow with the text.

Counted are the functions that are called, Python's and C's, at one size of a hostile text and at
four times that size. What happens inside one call, such as the search for a pattern, is timed by
`benchmarks/measures/growth.py`, since nothing counts it.
"""

import pytest

from benchmarks.hostile import CASES
from tests.unit.steps import steps

SIZE = 120
MOST = 6
"""Four, and something for what is sorted or grows by steps."""


@pytest.mark.parametrize("name", CASES)
def test_four_times_the_text_takes_about_four_times_the_steps(name: str) -> None:
    small, large = steps(CASES[name](SIZE)), steps(CASES[name](4 * SIZE))
    assert large <= MOST * max(small, 400)
