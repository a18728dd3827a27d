"""Serve a site with Zensical behind the live preview.

In: a configuration file and an address. Out: Zensical's own server on another port, a server in
front of it with the panel, and pages whose missing images are placeholders. Zensical keeps rendered
pages in its cache: here it has an empty one in a temporary folder, so that no placeholder stays in
that of `zensical build`. It is given the configuration anew when the file changes.
"""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.package_files import STATIC, STYLE_SHEET
from mkdocs_gemini_images.core.printable_log import PrefixedLogger
from mkdocs_gemini_images.hosts.zensical.pages import pages_taken_by
from mkdocs_gemini_images.hosts.zensical.preview_page import PreviewPage, PreviewPages
from mkdocs_gemini_images.hosts.zensical.project import Project, read_project
from mkdocs_gemini_images.hosts.zensical.scratch_site import DOCS, ended, mirrored
from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.front_server import HostProxy, free_port, open_front
from mkdocs_gemini_images.preview.request_guard import exposure
from mkdocs_gemini_images.preview.web_server import PreviewServer
from mkdocs_gemini_images.store.opening import open_store

_PAUSE = 0.5
"""Seconds between two looks at the configuration file."""


class Session:
    """What a preview keeps while the configuration changes."""

    def __init__(self, project: Project, folder: Path, log: PrefixedLogger) -> None:
        self.project = project
        self.controller = PreviewController(log.info, self._source)
        self._folder = folder
        self._pages = PreviewPages(self.controller, folder, log)
        self._open = self._opener(project)

    def open_page(self, page: str) -> PreviewPage:
        """Return the host of a page that is rendered."""
        return self._open(page)

    def change(self, project: Project) -> None:
        """Take a changed configuration. Raises `DiagnosticError`, and keeps the former one."""
        self._open = self._opener(project)
        self.project = project

    def _opener(self, project: Project) -> Callable[[str], PreviewPage]:
        settings = project.settings()
        style = self._folder / settings.assets_dir / STYLE_SHEET
        style.parent.mkdir(parents=True, exist_ok=True)
        style.write_bytes((STATIC / STYLE_SHEET).read_bytes())
        return self._pages.opener(project, settings, open_store(settings, os.environ))

    def _source(self, page: str) -> Path | None:
        file = self.project.docs / page
        return file if file.is_file() else None


def serve_site(file: Path, address: str, log: PrefixedLogger) -> None:
    """Serve a site until Ctrl-C; an empty `address` is that of the configuration.

    Raises `DiagnosticError` where the configuration is wrong, where the address is taken, and where
    Zensical ends.
    """
    project = read_project(file)
    # Zensical may still write a file there while the folder is removed.
    temporary = tempfile.TemporaryDirectory(prefix="gemini-images-", ignore_cleanup_errors=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(temporary))
        session = Session(project, folder / "published", log)
        port = free_port()
        where = _host_and_port(address or str(project.config["dev_addr"]))
        mount = urlsplit(project.config.get("site_url") or "").path.rstrip("/") + "/"
        proxy = HostProxy(port, folder / "published", mount)
        application = PreviewServer(session.controller, proxy, where, mount)
        try:
            front = open_front(where, application, port)
        except OSError as error:
            said = f"nothing can listen at {':'.join(map(str, where))} ({error.strerror or error})"
            fix = "end the server that does, or name another address with -a"
            raise DiagnosticError(Diagnostic.sentence(said, fix)) from error
        stack.callback(front.server_close)
        stack.callback(session.controller.close)
        session.controller.open()
        threading.Thread(target=front.serve_forever, name="front", daemon=True).start()
        stack.callback(front.shutdown)
        log.info("the site is served at http://%s:%s%s", *where, mount)
        if warning := exposure(*where):
            log.warning("%s", warning.replace("mkdocs serve", "gemini-images serve"))
        stack.enter_context(pages_taken_by(session.open_page))
        stack.enter_context(mirrored(project, lambda config: config))
        stack.enter_context(_without_inner_address())
        with suppress(KeyboardInterrupt):
            _run(session, folder / "mirror", port, log)


def _run(session: Session, mirror: Path, port: int, log: PrefixedLogger) -> None:
    """Run Zensical's server until it ends. Raises `DiagnosticError` where it ends by itself."""
    mirror.mkdir()
    (mirror / DOCS).symlink_to(session.project.docs.absolute(), target_is_directory=True)
    copy = mirror / session.project.file.name
    copy.touch()
    failures: list[BaseException] = []
    options: dict[str, Any] = {"dev_addr": f"127.0.0.1:{port}", "open": False, "strict": False}
    options["external_origins"] = ()  # Zensical 0.1.3 asks for it, earlier versions ignore it
    arguments = (str(copy), options)
    thread = threading.Thread(target=_serve, args=(arguments, failures), daemon=True)
    thread.start()
    seen = _state_of(session.project.file)
    while thread.is_alive():
        # Zensical's own handler would end the process, with what is under way in it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        thread.join(_PAUSE)
        if (now := _state_of(session.project.file)) != seen:
            seen = now
            try:
                session.change(read_project(session.project.file))
            except DiagnosticError as error:
                log.warning("%s", error)
            else:
                copy.write_text(f"# {now}\n", encoding="utf-8")
    if failures:
        raise DiagnosticError(ended(str(failures[0])))


def _serve(arguments: tuple[str, dict[str, Any]], failures: list[BaseException]) -> None:
    import zensical

    try:
        zensical.serve(*arguments)
    except BaseException as error:  # an error in Rust is no `Exception`
        failures.append(error)


def _state_of(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _host_and_port(address: str) -> tuple[str, int]:
    """Return the parts of an address. Raises `DiagnosticError` for one without a port."""
    host, _, port = address.rpartition(":")
    if not (host and port.isascii() and port.isdecimal() and int(port) < 2**16):
        said = f"the address must be HOST:PORT (you wrote {quoted(address)})"
        raise DiagnosticError(Diagnostic.sentence(said, "write it like localhost:8000"))
    return host.strip("[]"), int(port)


@contextmanager
def _without_inner_address() -> Iterator[None]:
    """Keep Zensical's line with the address of its own server from the terminal."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    terminal = os.dup(1)
    os.dup2(writing, 1)
    os.close(writing)

    def pass_on() -> None:
        with open(reading, "rb") as lines, open(terminal, "wb", buffering=0) as out:  # noqa: PTH123 (descriptors)
            for line in lines:
                if not line.startswith(b"Serving "):
                    out.write(line)

    threading.Thread(target=pass_on, name="output", daemon=True).start()
    try:
        yield
    finally:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
