"""Addresses of a site's files at a revision, on the host of its repository.

In: the address of a repository, as a job or a remote names it, and a commit. Out: addresses of a
file's page, of its bytes, and of a line. Pure.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mkdocs_gemini_images.core.diagnostics import DiagnosticError, wrong_value

_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)([\w./~-]+)")
"""The address of a remote as ssh takes it, `git@host:owner/name.git`."""
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
_PATH = re.compile(r"(/[\w.~-]+)+")


@dataclass(frozen=True, slots=True)
class Links:
    """The files of one commit."""

    repository: str
    """How the addresses begin; empty where the repository is not known: there are no links."""
    commit: str
    has: Callable[[str], bool]
    """Whether the commit has a file at a path."""

    def page(self, path: str, line: int = 0) -> str:
        """Return the address of the page that shows a file; empty where there is none."""
        return (
            self._at("blob", path) + (f"#L{line}" if line else "") if self._is_there(path) else ""
        )

    def raw(self, path: str) -> str:
        """Return the address of a file's bytes; empty where there is none."""
        return self._at("raw", path) if self._is_there(path) else ""

    def _is_there(self, path: str) -> bool:
        return bool(self.repository and path) and self.has(path)

    def _at(self, kind: str, path: str) -> str:
        return f"{self.repository}/{kind}/{self.commit}/{quote(path)}"


def repository_address(typed: str, environment: Mapping[str, str], remote: str) -> str:
    """Return how addresses in a repository begin: as typed, of the job, or of the remote.

    GitLab has `/-` between the repository and what is meant in it.

    Raises `DiagnosticError` when what was typed is none.
    """
    if typed:
        if not (address := _begins(typed)):
            what = "the https address of a repository"
            raise DiagnosticError(
                wrong_value("--repository", what, typed, "like https://github.com/owner/name")
            )
        return address
    if project := _page_of(environment.get("CI_PROJECT_URL", "")):
        return f"{project}/-"
    if name := environment.get("GITHUB_REPOSITORY", ""):
        return _page_of(f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}")
    return _begins(remote)


def _begins(address: str) -> str:
    page = _page_of(address)
    return f"{page}/-" if page and "gitlab" in urlsplit(page).netloc else page


def _page_of(address: str) -> str:
    """Return the address of a repository's page, without a password; empty where it is none."""
    if (found := _SCP.fullmatch(address)) is not None:
        address = f"https://{found[1]}/{found[2]}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    path = parts.path.rstrip("/").removesuffix(".git")
    if parts.scheme not in ("https", "ssh") or not _HOST.fullmatch(host) or ".." in path:
        return ""
    if not _PATH.fullmatch(path):
        return ""
    return f"https://{host if parts.scheme == 'https' else host.partition(':')[0]}{path}"
