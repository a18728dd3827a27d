"""Numbers at the command line have limits, and what is refused is said in one short line."""

import click.testing
import pytest

from mkdocs_gemini_images.cli import main

COMMANDS = {
    "takes": (["draw", "--takes"], "1 to 20"),
    "take": (["pick", "fox"], "1 to 9,999"),
    "port": (["emulator", "--port"], "0 to 65,535"),
    "latency": (["emulator", "--latency"], "0 to 3,600"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "written",
    ["1e308", "inf", "nan", "9" * 10_000, "65536000", "٣", "1_0", "x\ny", "0x10", "", " 1"],
    ids=range(11),
)
def test_a_number_beyond_its_limits_is_refused_in_one_line(command: str, written: str) -> None:
    arguments, limits = COMMANDS[command]
    result = click.testing.CliRunner().invoke(main.main, [*arguments, written])
    assert result.exit_code == 2
    last = result.output.splitlines()[-1]
    assert f"number from {limits} (you wrote '" in last
    assert len(last) < 200
