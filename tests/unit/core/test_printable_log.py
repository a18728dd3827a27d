"""Every log line is a printable line, whatever its message forgets."""

import logging
from pathlib import Path

import pytest

import mkdocs_gemini_images
from mkdocs_gemini_images.core.printable_log import printable_logger


def test_a_logger_writes_printable_lines_to_every_handler(caplog: pytest.LogCaptureFixture) -> None:
    logger = printable_logger("tests.printable")
    assert printable_logger("tests.printable").filters == logger.filters, "and filters once"
    with caplog.at_level(logging.INFO, "tests.printable"):
        logger.info("%s and %d", "\x1b[31m\n::error::x\u202e", 7)
        logger.warning("::error::\ud83d")
    assert [record.getMessage() for record in caplog.records] == [
        "\ufffd[31m ::error::x\ufffd and 7", "\ufffderror::\ufffd",
    ]  # fmt: skip


def test_no_module_makes_a_logger_or_prints_by_another_way() -> None:
    package = Path(mkdocs_gemini_images.__file__).parent
    found = {
        (path.relative_to(package).as_posix(), word)
        for path in package.rglob("*.py")
        if "emulator" not in path.parts  # a server of its own
        for word in ("logging.getLogger(", "click.echo(", "print(", "click.secho(")
        if word in path.read_text(encoding="utf-8")
    }
    assert found == {
        ("core/printable_log.py", "logging.getLogger("),
        ("gemini/client.py", "logging.getLogger("),  # keeps the key out of what httpx logs
        ("cli/conventions.py", "click.echo("),
        ("cli/reports/plan.py", "click.echo("),  # JSON and Markdown, whose cells are printable
        ("cli/reports/costs.py", "click.echo("),  # JSON, and CSV whose cells are printable
        ("cli/reports/review.py", "click.echo("),  # JSON
        ("cli/emulator.py", "click.echo("),  # texts of the package
        ("cli/host_build.py", "logging.getLogger("),  # shows what others log
        (
            "hosts/zensical/page_error.py",
            "print(",
        ),  # lines that are printable, at the end of a build
        ("reports/terminal.py", "print("),  # a table, whose cells are printable
    }
