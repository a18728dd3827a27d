"""`gemini-images mcp` as an assistant starts it: a process, driven by the SDK's own client."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.cli.assistant import Assistant, converse_over_stdio, page
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, fence

NOISE = """\
import os, subprocess, sys

def on_page_markdown(markdown, **_):
    print("printed by a plugin", flush=True)
    print("and kept in a buffer", end="")
    os.write(1, b"written by a library\\n")
    program = "print('by a program', bool(input()))"
    subprocess.run([sys.executable, "-S", "-c", program], check=False)
    return markdown
"""
BEGUN = """\
from pathlib import Path

def on_pre_build(**_):
    with Path(__file__).with_name("begun").open("a") as file:
        file.write("x")
"""
PAGE = "# Animals\r\n\r\nSome of them.\r\n\r\n## Foxes\r\nThey are red.\r\n"


def test_an_assistant_proposes_draws_looks_and_picks(site: MakeSite, tmp_path: Path) -> None:
    made = site({}, config={"hooks": ["noise.py"]})
    file = made.write()
    (made.root / "noise.py").write_text(NOISE)
    (made.root / "docs").mkdir()
    (made.root / "docs/index.md").write_bytes(PAGE.encode())
    before = len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        call = assistant.call
        assert "no pictures" in (await call("plan")).text
        proposed = await call(
            "propose", page="docs/index.md", heading="Foxes", prompt="A fox: dusk", alt="", id="fox"
        )
        assert page(made) == PAGE
        assert "+prompt: A fox: dusk" in proposed.text
        assert "1 new" in proposed.text
        assert not (await call("apply", digest=proposed.digest)).refused
        assert (await call("check")).refused
        drawn = await call("draw", names=["fox"], takes=2)
        assert "2 drawn" in drawn.text
        assert "this server has sent 2 of 10 requests" in drawn.text
        assert not (await call("check")).refused
        takes = await call("takes", name="fox")
        assert "take 1: 688x384" in takes.text
        assert [each[0] for each in takes.pictures] == ["WEBP", "WEBP"]
        assert not (await call("pick", name="fox", take=2)).refused
        (shown,) = (await call("picture", name="fox")).pictures
        assert max(shown[1:]) == 512
        assert "take 2" in (await call("plan", name="fox")).text

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    from mcp.client.stdio import StdioServerParameters

    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "mkdocs_gemini_images", "mcp", "-f", str(file)],
        env=environment,
        cwd=tmp_path,
    )
    converse_over_stdio(parameters, made, talk)
    fence = '```gemini-image\r\nprompt: A fox: dusk\r\nalt: ""\r\nid: fox\r\ntake: 2\r\n```\r\n'
    assert page(made) == PAGE.replace("## Foxes\r\n", f"## Foxes\r\n\r\n{fence}\r\n")
    assert len(made.ledger) - before == 2


GREETING: list[dict[str, Any]] = [
    {
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"method": "notifications/initialized"},
]


def started(file: Path, asked: list[dict[str, Any]]) -> subprocess.Popen[str]:
    """Start the server of a site, as a client does, and ask it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs_gemini_images", "mcp", "-f", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdin is not None
    for each in asked:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **each}) + "\n")
    process.stdin.flush()
    return process


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a child without a new interpreter")
def test_a_client_that_kills_the_server_in_a_drawing_loses_no_picture(site: MakeSite) -> None:
    made = site(fence("A fox"), config={"hooks": ["begun.py"]})
    file = made.write()
    (made.root / "begun.py").write_text(BEGUN)
    begun = made.root / "begun"
    begun.touch()
    made.cache.mkdir(parents=True)
    before = len(made.ledger)
    draw = {"id": 2, "method": "tools/call", "params": {"name": "draw", "arguments": {}}}
    with FileLock(made.cache / "buy.lock"):
        process = started(file, [*GREETING, draw])
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        while begun.stat().st_size < 2 and process.poll() is None:  # that of the start, and of draw
            time.sleep(0.05)
        process.stdin.close()
        process.stdout.close()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not made.sidecars
    process.stderr.read()  # until all that hold it have ended
    process.stderr.close()
    assert len(made.sidecars) == len(made.ledger) - before == 1


def test_the_output_has_the_protocol_alone_and_no_key(site: MakeSite) -> None:
    made = site("# A page\n", config={"hooks": ["noise.py"]})
    file = made.write()
    (made.root / "noise.py").write_text(NOISE)
    asked: list[dict[str, Any]] = [
        *GREETING,
        {"id": 2, "method": "tools/list"},
        {"id": 3, "method": "tools/call", "params": {"name": "plan", "arguments": {}}},
    ]
    process = started(file, asked)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    rest, said = process.communicate()
    found = [json.loads(line) for line in lines]
    assert [each["id"] for each in found] == [1, 2, 3]
    assert rest == ""
    assert process.returncode == 0
    for noise in ("printed by a plugin", "and kept in a buffer", "written by a library"):
        assert noise in said
    assert CANARY not in "".join(lines) + said


def test_without_its_packages_the_command_says_how_to_install_them() -> None:
    code = "import sys; sys.modules['mcp'] = None\n"
    code += "from mkdocs_gemini_images.cli.main import main; main(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Error: mcp needs pip install 'mkdocs-gemini-images[mcp]'" in done.stderr
