"""Which server is asked, and whom a key may go to.

In come the options as the site's owner wrote them and the environment's keys; out comes a `Server`
or a complaint. A key from the environment goes to Google's hosts and to this machine alone; any
other server gets a key only when the owner names one for it. The key is a `Secret` from here on,
and leaves it in one place: the header of a request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from mkdocs_gemini_images.core.diagnostics import Diagnostic, near, quoted

Auth = Literal["auto", "api-key", "bearer"]

GOOGLE = "https://generativelanguage.googleapis.com"
KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Secret:
    """A key that shows itself only when asked to, never in a message, a log or a traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the key itself, for a header."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a key is not to be pickled")


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests go, and with which credentials."""

    url: str = GOOGLE
    """Scheme, host and path before `/models/...`, the version included, without a slash at its end.
    """
    key: Secret = field(default_factory=lambda: Secret(""))
    bearer: bool = False
    proxy: str = ""
    ca_file: str = ""
    emulated: bool = False

    @property
    def host(self) -> str:
        """The host's name, for messages."""
        return urlsplit(self.url).hostname or self.url

    @property
    def key_places(self) -> str:
        """Say where a key for it may stand: the environment's are for Google and this machine."""
        own = "api_key: !ENV NAME"
        if not (self.google or is_loopback(self.host)):
            return own
        return f"{' or '.join(KEY_NAMES)}, or {own}"

    @property
    def google(self) -> bool:
        """Whether it is Google's own."""
        return is_google(self.host)

    def endpoint(self, model: str) -> str:
        """Write the URL that draws with `model`."""
        return f"{self.url}/models/{model}:generateContent"

    def headers(self) -> dict[str, str]:
        """Write the one header that carries the key."""
        if not self.key:
            return {}
        if self.bearer:
            return {"Authorization": f"Bearer {self.key.reveal()}"}
        return {"x-goog-api-key": self.key.reveal()}


EMULATOR = Server(url="http://emulator.invalid/v1beta", emulated=True)
"""The bundled emulator inside the process: the name resolves nowhere, and no key is sent."""


def choose(
    base_url: str,
    *,
    api_version: str = "",
    auth: Auth = "auto",
    api_key: str = "",
    proxy: str = "",
    ca_file: str = "",
    environment: Mapping[str, str],
) -> Server | Diagnostic:
    """Choose the server for a build, or say why `base_url` cannot be one."""
    if base_url.strip().lower() == "emulator":
        return EMULATOR
    url = base_url.strip().rstrip("/") or GOOGLE
    parts = _address(url)
    if parts is None:
        fix = "leave out query, fragment and password; write the address of the server alone"
        if near(url, ("emulator",)):
            fix = "did you mean 'emulator'?"
        return Diagnostic("base_url as https://host/path", quoted(_bare(url)), fix)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        fix = "a key travels over https, or not beyond this machine"
        return Diagnostic("base_url with https", quoted(url), fix)
    if not re.fullmatch(r"[\w.-]*", api_version):
        return Diagnostic("api_version like v1beta", quoted(api_version), "leave it out")
    if proxy and ((through := _address(proxy)) is None or through.scheme not in ("http", "https")):
        fix = "write the address of an HTTP proxy"
        return Diagnostic("proxy as http://host:port", quoted(_bare(proxy)), fix)
    versioned = re.search(r"/v\d+\w*$", url)
    if versioned and api_version:
        url = url[: versioned.start()]
    if api_version or not versioned:
        url = f"{url}/{api_version or 'v1beta'}"
    found = api_key or _from_environment(host, environment)
    if not re.fullmatch(r"[!-~]*", found.strip()):
        fix = "copy it again: it has spaces, line breaks or letters that no key has"
        return Diagnostic("an API key that fits into a header", "another", fix)
    bearer = auth == "bearer" or (auth == "auto" and not is_google(host))
    return Server(url=url, key=Secret(found.strip()), bearer=bearer, proxy=proxy, ca_file=ca_file)


def is_google(host: str) -> bool:
    """Whether a host belongs to Google's APIs."""
    return host == "googleapis.com" or host.endswith(".googleapis.com")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in _LOOPBACK or re.fullmatch(r"127\.\d+\.\d+\.\d+", host) is not None


def _from_environment(host: str, environment: Mapping[str, str]) -> str:
    if not (is_google(host) or is_loopback(host)):
        return ""
    return next((environment[name] for name in KEY_NAMES if environment.get(name)), "")


def _address(url: str) -> SplitResult | None:
    """Split an address, if it is one of a host, in ASCII, and nothing more than a path with it."""
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        return None
    host = re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", parts.hostname or "")
    more = parts.query or parts.fragment or parts.username or parts.password
    plain = re.fullmatch(r"[!-~]+", url)
    return parts if host and port and plain and not more else None


def _bare(url: str) -> str:
    """Show an address without what may be a password in it."""
    return re.sub(r"//.*@", "//***@", re.split(r"[?#]", url)[0])
