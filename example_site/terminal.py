"""A real terminal of two panes: what a person types goes in, what they see comes out.

tmux holds it, on a server of its own that no configuration and no other session touches. What a
pane shows is text, with its colours if wanted, and can become an SVG. Nothing here knows what is
typed, or why.
"""

import io
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

COLUMNS, ROWS = 92, 56
# A font from elsewhere would be fetched by every reader; the reader's own will do.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


class Terminal:
    """Panes 0 and 1, each with a shell in the same folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {**environment, "PS1": "$ ", "LC_ALL": "C.UTF-8"}

    def __enter__(self) -> Self:
        shell = ["bash", "--norc", "--noprofile"]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        self._tmux("new-session", "-d", *size, *shell)
        self._tmux("set-option", "-g", "default-terminal", "tmux-256color")
        self._tmux("split-window", "-v", *shell)
        self._tmux("respawn-pane", "-k", "-t", ".0", *shell)  # for the terminal's new name
        while not all(self.text(pane).startswith("$") for pane in (0, 1)):
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def type(self, pane: int, text: str) -> None:
        """Type a line, and Enter."""
        self._tmux("send-keys", "-t", f".{pane}", "-l", text)
        self._tmux("send-keys", "-t", f".{pane}", "Enter")

    def clear(self, pane: int) -> None:
        """Press Ctrl-L, and forget what went before."""
        self._tmux("send-keys", "-t", f".{pane}", "C-l")
        while self.text(pane) != "$":
            self._tmux("clear-history", "-t", f".{pane}")
            time.sleep(0.05)

    def interrupt(self, pane: int) -> None:
        """Press Ctrl-C."""
        self._tmux("send-keys", "-t", f".{pane}", "C-c")

    def text(self, pane: int, *, colours: bool = False) -> str:
        """Give all that a pane has shown."""
        how = ["-e"] if colours else []
        return self._tmux("capture-pane", "-p", "-S", "-", *how, "-t", f".{pane}").rstrip()

    def draw(self, pane: int, target: Path) -> None:
        """Write what a pane shows as an SVG."""
        console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
        console.print(Text.from_ansi(self.text(pane, colours=True)))
        target.parent.mkdir(exist_ok=True)
        console.save_svg(str(target), title="", code_format=FORMAT, unique_id=target.stem)
        print(f"{target.name}: {target.stat().st_size} bytes")

    def _tmux(self, *arguments: str) -> str:
        socket = str(self._folder / ".tmux")
        return subprocess.run(  # noqa: S603 (arguments are ours, and no shell reads them)
            ["tmux", "-f", "/dev/null", "-S", socket, *arguments],  # noqa: S607 (as a person's)
            cwd=self._folder, env=self._environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
