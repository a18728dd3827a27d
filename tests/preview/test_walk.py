"""The manual's tour of the live preview, in a real terminal and a real browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WALK = Path(__file__).parents[2] / "example_site" / "walk.py"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_each_step_of_the_manuals_tour_works() -> None:
    for program in ("tmux", "chromium"):
        if shutil.which(program) is None and not os.environ.get("CI"):
            pytest.skip(f"{program} is not installed")
        assert shutil.which(program) is not None, f"CI needs {program}: apt-get install {program}"
    # The limit only guards against hanging: other tests run at the same time.
    walked = subprocess.run(
        [sys.executable, str(WALK), "--within", "60"], capture_output=True, text=True
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert "5 requests" in walked.stdout
