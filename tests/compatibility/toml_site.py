"""A site whose only configuration is a `zensical.toml`, and the commands over it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click.testing

from mkdocs_gemini_images.cli import main
from tests.integration.built_pages import tags
from tests.integration.site import Site, begin_anew


@dataclass(frozen=True)
class TomlSite:
    """A folder with a `zensical.toml` and pages; `site` has its options, server and checks."""

    site: Site
    extensions: str = "attr_list = {}\n"
    """Lines of the table `project.markdown_extensions`."""
    project: str = ""
    """Lines of the table `project`."""
    docs: str = "docs"

    @property
    def root(self) -> Path:
        return self.site.root

    @property
    def file(self) -> Path:
        return self.root / "zensical.toml"

    def write(self) -> None:
        for uri, text in self.site.pages.items():
            path = self.root / self.docs / uri
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        options = "".join(
            f"{name} = {json.dumps(value)}\n" for name, value in self.site.options.items()
        )
        self.file.write_text(
            f'[project]\nsite_name = "Test"\ndocs_dir = "{self.docs}"\n{self.project}'
            f"[project.markdown_extensions]\n{self.extensions}"
            f"[project.markdown_extensions.gemini_images]\n{options}"
        )

    def run(self, command: str, *arguments: str) -> tuple[int, str]:
        """Run a command of ours in this process; return its exit code and what it says."""
        begin_anew()
        result = click.testing.CliRunner().invoke(
            main.main, [command, "-f", str(self.file), *arguments]
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.site.check_secrets([result.output])
        return result.exit_code, result.output

    def zensical(self, *arguments: str) -> tuple[int, str]:
        """Run Zensical's own command."""
        done = subprocess.run(
            [sys.executable, "-m", "zensical", *arguments],
            cwd=self.root, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def shown(self) -> dict[str, list[str]]:
        """List the texts of the pictures on each page of the built site that has any."""
        found: dict[str, list[str]] = {}
        for page in (self.root / "site").rglob("index.html"):
            place = page.parent.relative_to(self.root / "site").as_posix()
            for tag, attributes in tags(page.read_text()):
                if tag == "img" and "gemini-image" in attributes.get("class", ""):
                    name = "index.md" if place == "." else f"{place}.md"
                    found.setdefault(name, []).append(attributes["alt"])
        return {page: sorted(alts) for page, alts in found.items()}
