"""One helper from source to result: pages and options go in, a built site comes out.

A `Site` is a folder with an `mkdocs.yml`, and `build` runs the host's own build over it, inside
this process. What comes back is all that can be seen of it: pages, messages, files, the
requests that a server was sent, and how it ended. Two promises are checked after every build of
every test: no page points at a file of ours that is not there, and the key is nowhere.
"""

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mkdocs.commands.build
import mkdocs.config
from mkdocs.config.config_options import Plugins
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from mkdocs_gemini_images.emulator.request_log import LoggedRequest, RequestLog
from tests.integration.built_pages import check_links, tags

CANARY = "canary-4f1e-key"
"""The API key of all tests: whatever is not a request's header must not have it."""

QUICK = {"model": "gemini-3.1-flash-image", "size": "512", "widths": [480]}
"""Options with which a picture is soon drawn and soon encoded."""

DARK: dict[str, Any] = {"theme": {"name": "material", "palette": {"scheme": "slate"}}}
"""A site with a theme that has dark pages, and shows one of a pair by a fragment."""

FOX = 'A page.\n\n![A fox](gemini: "A fox in snow")\n'


def fence(prompt: str, **options: object) -> str:
    """Write a directive as a fence."""
    written = {"prompt": prompt, "alt": "A picture", **options}
    lines = [f"{name}: {value}" for name, value in written.items()]
    return "\n".join(["", "```gemini-image", *lines, "```", ""])


@dataclass(frozen=True)
class Built:
    """What a build published and logged."""

    pages: Mapping[str, str]
    """The HTML of each page, by its file."""
    files: Mapping[str, bytes]
    """The pictures that are published, placeholders included, by name."""
    said: tuple[tuple[str, str], ...]
    """Level and text of each message of ours."""
    loud: tuple[str, ...]
    """All warnings and errors of the whole build, the host's included."""
    requests: tuple[LoggedRequest, ...]
    error: BaseException | None = None

    @property
    def text(self) -> str:
        return "\n".join(f"{level} {text}" for level, text in self.said)

    @property
    def warnings(self) -> list[str]:
        return [text for level, text in self.said if level == "WARNING"]

    @property
    def infos(self) -> list[str]:
        return [text for level, text in self.said if level == "INFO"]

    @property
    def closing(self) -> str:
        return self.said[-1][1]

    @property
    def prompts(self) -> list[str]:
        """What was asked for, the last turn's words of each request."""
        return [entry.body["contents"][-1]["parts"][-1]["text"] for entry in self.requests]

    @property
    def page(self) -> str:
        return self.pages["index.html"]

    def images(self, uri: str = "index.html") -> list[dict[str, str]]:
        """List the attributes of a page's pictures of ours."""
        return [
            attributes for tag, attributes in tags(self.pages[uri], "gemini")
            if tag == "img" and "gemini" in attributes.get("src", "")
        ]  # fmt: skip

    @property
    def pictures(self) -> dict[str, bytes]:
        return {name: data for name, data in self.files.items() if name.endswith(".webp")}

    @property
    def placeholders(self) -> list[str]:
        return [name for name in self.files if name.endswith(".svg")]


@dataclass
class Site:
    """A folder from which a site is built."""

    root: Path
    pages: dict[str, str]
    options: dict[str, Any]
    """The plugin's."""
    config: dict[str, Any] = field(default_factory=dict)
    """The host's, without the plugin."""
    ledger: RequestLog = field(default_factory=RequestLog)
    secrets: tuple[str, ...] = (CANARY,)

    @property
    def stock(self) -> Path:
        return self.root / "gemini-images"

    @property
    def cache(self) -> Path:
        return self.root / ".cache" / "plugin" / "gemini-images"

    @property
    def journal(self) -> Path:
        return self.cache / "journal"

    @property
    def owned(self) -> list[str]:
        """The names of the files in stock."""
        return sorted(path.name for path in self.stock.glob("*"))

    @property
    def sidecars(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.stock.glob("*.json"))]

    def write(self, **changes: Any) -> Path:
        """Write the site's source; `changes` of options last for this writing."""
        for uri, text in self.pages.items():
            path = self.root / "docs" / uri
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        config = {
            "site_name": "Test",
            "markdown_extensions": ["attr_list", "fenced_code"],
            "plugins": [{"gemini-images": {**self.options, **changes}}],
        }
        extra = dict(self.config)
        config["plugins"] = [*extra.pop("plugins", []), *config["plugins"]]
        file = self.root / "mkdocs.yml"
        file.write_text(json.dumps({**config, **extra}, indent=1))  # JSON is YAML
        return file

    def build(self, *, serving: bool = False, dirty: bool = False, **changes: Any) -> Built:
        """Build the site, with `changes` of the plugin's options."""
        return self.run(self.write(**changes), serving=serving, dirty=dirty)

    def run(self, file: Path, *, serving: bool = False, dirty: bool = False) -> Built:
        """Build what is written."""
        before, ears, error = len(self.ledger.entries), _Ears(), None
        begin_anew()
        with ears:
            try:
                config = mkdocs.config.load_config(str(file))
                config.plugins.on_startup(command="serve" if serving else "build", dirty=dirty)
                mkdocs.commands.build.build(config, dirty=dirty)
            except (MkDocsException, SystemExit) as caught:
                error = caught
        ours = tuple(
            (record.levelname, record.getMessage().removeprefix("gemini-images: "))
            for record in ears.heard
            if "gemini" in record.name
        )
        loud = tuple(r.getMessage() for r in ears.heard if r.levelno >= logging.WARNING)
        site = self.root / "site"
        found = files_below(site)
        pages = {uri: Path(p).read_text() for uri, p in found.items() if uri.endswith(".html")}
        files = {m[1]: Path(p).read_bytes() for uri, p in found.items() if (m := _FILE.search(uri))}
        built = Built(pages, files, ours, loud, self.ledger.entries[before:], error)
        check_links(site, urlsplit(self.config.get("site_url", "")).path)
        self.check_secrets(
            [r.getMessage() + (r.exc_text or "") for r in ears.heard] + [repr(error)]
        )
        return built

    def check_secrets(self, texts: list[str]) -> None:
        """Look for the key in messages, and in every file there is."""
        found = [text for text in texts for secret in self.secrets if secret in text]
        assert not found, found
        secrets = [secret.encode() for secret in self.secrets]
        for path in files_below(self.root).values():
            data = Path(path).read_bytes()
            assert not [secret for secret in secrets if secret in data], path


def begin_anew() -> None:
    """Let the host forget the plugins it keeps, so that a build is a command of its own."""
    plugins = dict(MkDocsConfig._schema)["plugins"]
    assert isinstance(plugins, Plugins)
    plugins.plugin_cache.clear()


def files_below(folder: Path) -> dict[str, str]:
    """Return the path of each file below a folder by its name there, with slashes."""
    found, folders = dict[str, str](), [""] if folder.is_dir() else []
    while folders:
        inside = folders.pop()
        with os.scandir(f"{folder}{os.sep}{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{inside}{entry.name}/")
                elif os.path.isfile(entry.path):  # noqa: PTH113 (raises nothing)
                    found[f"{inside}{entry.name}"] = entry.path
    return found


class _Ears(logging.Handler):
    """Hears everything that is logged in a block, down to DEBUG."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record)

    def __enter__(self) -> "_Ears":
        root = logging.getLogger()
        self._level = root.level
        self._levels = {handler: handler.level for handler in root.handlers}
        for handler in root.handlers:  # pytest's would format a thousand lines of the host's
            handler.setLevel(max(handler.level, logging.INFO))
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *error: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        for handler, level in self._levels.items():
            handler.setLevel(level)
        root.setLevel(self._level)


_FILE = re.compile(r"(?:^|/)gemini/([^/]+\.(?!css$)[^/.]*)$")
"""The name of a picture, or a placeholder, that is published."""
