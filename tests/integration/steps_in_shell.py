"""Run the shell steps of a job as the runner would, with stand-ins for the host's commands."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STAND_IN = """#!{python}
import json, os, sys
with open(os.environ["STAND_IN_LOG"], "a") as log:
    log.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
{body}
"""

GEMINI_IMAGES = """
for name in ("markdown", "html", "sheet"):
    if f"--{name}" in sys.argv and os.environ.get("REVIEW_WRITES", "1") == "1":
        with open(sys.argv[sys.argv.index(f"--{name}") + 1], "w") as file:
            file.write("<!-- gemini-images review -->\\nthe review\\n")
if sys.argv[1] == "draw":
    os.makedirs("gemini-images", exist_ok=True)
    with open("gemini-images/a.json", "w") as file:
        file.write(str("GEMINI_API_KEY" in os.environ))
if sys.argv[1] == "plan":
    print("the plan")
sys.exit(int(os.environ.get(f"{sys.argv[1].upper()}_ENDS", "0")))
"""

GH = """
if os.environ.get("GH_REFUSES"):
    sys.exit(1)
if "--jq" in sys.argv:
    print(os.environ.get("GH_FOUND", ""))
"""


@dataclass(frozen=True)
class Ran:
    """What came of a step."""

    code: int
    printed: str
    commands: list[list[str]]
    """What the stand-ins were called with."""


def stand_ins(folder: Path) -> dict[str, str]:
    """Make stand-ins for `gemini-images` and `gh`, and return the environment that finds them."""
    for name, body in (("gemini-images", GEMINI_IMAGES), ("gh", GH)):
        file = folder / "bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STAND_IN.format(python=sys.executable, body=body))
        file.chmod(0o755)
    for name in ("summary", "output", "log"):
        (folder / name).write_text("")
    return {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder),
        "RUNNER_TEMP": str(folder / "temp"), "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_OUTPUT": str(folder / "output"), "STAND_IN_LOG": str(folder / "log"),
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    }  # fmt: skip


def run_step(script: str, folder: Path, environment: Mapping[str, str]) -> Ran:
    """Run a script as GitHub's runner runs `shell: bash`."""
    log = Path(environment["STAND_IN_LOG"])
    log.write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder, env=dict(environment), capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    commands = [json.loads(line) for line in log.read_text().splitlines()]
    return Ran(done.returncode, done.stdout + done.stderr, commands)
