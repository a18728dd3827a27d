"""Runs eleventy-img, the peer that makes files of pictures, as it comes from npm.

In come PNG files, formats and widths; out comes what it took, and the folder of its files. Time is
counted inside Node, so that its start does not count. The package lies in a folder of its
own, which `make bench` fills.
"""

import json
import subprocess
from pathlib import Path

from benchmarks.bench import HERE, Account, Bench, environment

NODE = HERE / ".node"


def eleventy(
    bench: Bench, pictures: list[Path], formats: tuple[str, ...], widths: tuple[int, ...]
) -> Account:
    """Have files made of pictures; `output` in the account is where they are."""
    script = NODE / "eleventy.mjs"  # beside its packages, where Node looks for them
    script.write_bytes((HERE / "eleventy.mjs").read_bytes())
    output = bench.folder("eleventy")
    job = {
        "pictures": [str(path) for path in pictures], "formats": formats, "widths": widths,
        "output": str(output),
    }  # fmt: skip
    ran = subprocess.run(  # noqa: S603
        ["node", str(script), json.dumps(job)],  # noqa: S607
        capture_output=True, text=True, check=True, env=environment(), cwd=NODE,
    )  # fmt: skip
    account: Account = json.loads(ran.stdout)
    return {**account, "output": str(output)}


def version() -> str:
    """Name the version that is installed."""
    package = NODE / "node_modules" / "@11ty" / "eleventy-img" / "package.json"
    return str(json.loads(package.read_text())["version"])
