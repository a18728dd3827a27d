"""The server that requests are sent to, and the key that it gets.

`choose` takes the options as the site's owner wrote them and the keys of the environment, and
returns a `Server`. A key of the environment goes only to Google's hosts and to this machine; any
other server gets a key only if the option `api_key` names one. The key is wrapped in a `Secret`,
and unwrapped in one place: the header of a request.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    near,
    quoted,
    wrong_value,
)

Auth = Literal["auto", "api-key", "bearer"]

GOOGLE = "https://generativelanguage.googleapis.com"
KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")


class Secret:
    """A key that is hidden in messages, logs and tracebacks; `reveal` returns it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the key itself, for a header."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a key is not to be pickled")


class Server(NamedTuple):
    """The address that requests are sent to, and the credentials for it."""

    url: str = GOOGLE
    """Scheme, host and path before `/models/...`, with the version and no slash at the end."""
    key: Secret = Secret("")
    bearer: bool = False
    """Whether the key is sent as a Bearer token, and not in the header of the Gemini API."""
    key_name: str = ""
    """The variable or the option that the key comes from; empty without a key."""
    key_problem: str = ""
    """Why there is no key although one is defined, or empty."""
    proxy: str = ""
    ca_file: str = ""
    """The path of certificates that are trusted in place of the system's, or empty."""
    emulated: bool = False

    @property
    def host(self) -> str:
        """The name of the host, for messages."""
        return urlsplit(self.url).hostname or self.url

    @property
    def key_places(self) -> str:
        """The place where its key is defined, or those where it may be, for messages."""
        if self.key_name:
            return self.key_name
        own = "api_key: !ENV NAME"
        if self.emulated or not (self.google or is_loopback(self.host)):
            return own
        return f"{' or '.join(KEY_NAMES)}, or {own}"

    @property
    def base_url(self) -> str:
        """The address without the version at its end, for messages."""
        return re.sub(r"/v\d+\w*$", "", self.url)

    @property
    def google(self) -> bool:
        """Whether the server is Google's own."""
        return is_google(self.host)

    def endpoint(self, model: str) -> str:
        """Return the URL to which requests for `model` are posted."""
        return f"{self.url}/models/{model}:generateContent"

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key, or none without a key."""
        if not self.key:
            return {}
        if self.bearer:
            return {"Authorization": f"Bearer {self.key.reveal()}"}
        return {"x-goog-api-key": self.key.reveal()}


EMULATOR = Server(url="http://emulator.invalid/v1beta", emulated=True)
"""The bundled emulator inside this process; its host does not exist, and no key is sent."""


def choose(
    base_url: str,
    *,
    api_version: str = "",
    auth: Auth = "auto",
    api_key: str = "",
    proxy: str = "",
    environment: Mapping[str, str],
) -> Server:
    """Return the server for a build.

    Without `api_key`, the key comes from `environment`. A key that cannot be one stops only what
    needs a key: the server is then without it and says why. Raises `DiagnosticError` where an
    address or the version cannot be one.
    """
    if base_url.strip().lower() == "emulator":
        return EMULATOR
    url = base_url.strip().rstrip("/") or GOOGLE
    host = _checked_host(url)
    if not re.fullmatch(r"[\w.-]*", api_version):
        raise _error("api_version like v1beta", quoted(api_version), "leave it out")
    if proxy and ((through := _address(proxy)) is None or through.scheme not in ("http", "https")):
        fix = "write the address of an HTTP proxy"
        raise _error("proxy as http://host:port", quoted(_without_password(proxy)), fix)
    name, key = _named_key(api_key, environment, host)
    problem = ""
    if not re.fullmatch(r"[!-~]*", key):
        said = f"the API key in {name} has spaces, line breaks or letters that no key has"
        problem = str(Diagnostic.sentence(said, "copy it again"))
        key = ""
    if key and proxy and not url.lower().startswith("https:"):
        fix = "leave proxy out: the proxy would read the key, which is for this machine"
        raise DiagnosticError(Diagnostic.sentence("proxy is set for a server on this machine", fix))
    return Server(
        url=_versioned(url, api_version),
        key=Secret(key),
        bearer=auth == "bearer" or (auth == "auto" and not is_google(host)),
        key_name=name,
        key_problem=problem,
        proxy=proxy,
    )


def is_google(host: str) -> bool:
    """Return whether a host belongs to Google's APIs."""
    return host == "googleapis.com" or host.endswith(".googleapis.com")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine; `127.0.0.999` is a name that a resolver answers."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _error(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


def _checked_host(url: str) -> str:
    """Return the host of an address to which a key may be sent."""
    parts = _address(url)
    if parts is None or not parts.scheme:
        fix = "leave out query, fragment and password; write the address of the server alone"
        bare = re.sub(r"\A(?:https?(?::/?|/+))?/*", "", url, flags=re.IGNORECASE)
        if near(url, ("emulator",)):
            fix = "did you mean 'emulator'?"
        elif "://" not in url and len(url) < 200 and _address(f"https://{bare}") is not None:
            there = urlsplit(f"https://{bare}").hostname or ""
            fix = f"write {'http' if is_loopback(there) else 'https'}://{bare}"
        raise _error("base_url as https://host/path", quoted(_without_password(url)), fix)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        fix = "a key travels over https, or not beyond this machine"
        raise DiagnosticError(wrong_value("base_url", "an https address", url, fix))
    return host


def _versioned(url: str, api_version: str) -> str:
    """Return an address with the version at its end: `api_version`, its own one, or `v1beta`."""
    own = re.search(r"/v\d+\w*$", url)
    if own and not api_version:
        return url
    return f"{url[: own.start()] if own else url}/{api_version or 'v1beta'}"


def _named_key(api_key: str, environment: Mapping[str, str], host: str) -> tuple[str, str]:
    """Return the first key that is not empty, after the name of its place; both may be empty."""
    places = [("api_key", api_key)]
    if is_google(host) or is_loopback(host):
        places += [(name, environment.get(name, "")) for name in KEY_NAMES]
    return next(((name, key) for name, text in places if (key := _bare(text))), ("", ""))


def _bare(key: str) -> str:
    """Return a key without what is copied along: white space, quotes, marks that are not seen."""
    return re.sub(rf"\A{_AROUND}|{_AROUND}\Z", "", key)


_AROUND = r"(?:[^\w!-~]|[\"'`])+"
"""What no key has at its ends: neither a letter nor a visible sign of ASCII, or a quote."""


def _address(url: str) -> SplitResult | None:
    """Return the parts of an address, or None unless it is a host in ASCII with at most a path."""
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        return None
    host = re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", parts.hostname or "")
    more = parts.query or parts.fragment or parts.username or parts.password
    plain = re.fullmatch(r"[!-~]+", url)
    return parts if host and port and plain and not more else None


def _without_password(url: str) -> str:
    """Return an address without the parts that may hold a password: the user, query, fragment.

    What stands before an `@` is left out whole, since a password may hold any character.
    """
    before, at, host = url.rpartition("@")
    scheme = re.match(r"https?://", before)
    shown = f"{'' if scheme is None else scheme[0]}***@{host}" if at else url
    return re.split(r"[?#]", shown)[0]
