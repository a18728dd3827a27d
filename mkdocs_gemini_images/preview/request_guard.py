"""Decides whose requests may see the preview's token, and use it.

In: a request's WSGI environment. Out: whether a page of this server, in a browser of this machine,
has sent it. What counts is the address of the socket's other end, never a name in a header:

- Other machines get the site's pages without the panel, whatever address the server listens at.
- A proxy on this machine hides who is behind it, so a request that says it came through one counts
  as another machine's. A forwarded port, as of `ssh -L`, says nothing and is like this machine.
- The `Host` header must name this machine, since another name may be made to resolve to it, and
  `Origin` and `Sec-Fetch-Site`, where a browser sends them, must be those of this server's pages.
- Pages in a frame get no token, because a frame allows clickjacking.
- A header that comes twice, or whose name has an underscore, can mean two things: it is refused. So
  are lines that are no header: the host reads none of those behind them, a proxy's among them.

Other users of this machine, and its programs, can do what the author can: *not* kept out. Pure.
"""

import hmac
import ipaddress
import re
from wsgiref.types import WSGIEnvironment

from mkdocs_gemini_images.preview.request_reading import HEADER_NAMES

TOKEN = "X-Gemini-Images-Token"  # noqa: S105 (a header's name)

_PROXY_HEADERS = (
    "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP",
    "HTTP_X_ORIGINAL", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_", "HTTP_CLIENT_IP", "HTTP_X_CLUSTER_CLIENT",
    "HTTP_X_ENVOY", "HTTP_X_PROXY", "HTTP_X_AMZN", "HTTP_X_SCHEME", "HTTP_CDN_LOOP", "HTTP_FASTLY",
    "HTTP_TAILSCALE", "HTTP_NGROK",
)  # fmt: skip
"""How the names of headers begin that proxies add."""
_HOST = re.compile(r"(?:([A-Za-z0-9.-]+)|\[([0-9A-Fa-f:.]+)\])(?::[0-9]*)?")
NOT_FRAMED = [
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
]
"""Headers that keep an answer out of frames, also in browsers that do not announce frames."""


class RequestGuard:
    """Knows the session's token and the `host` and `port` that the server listens at."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._token = token.encode()

    def may_see_token(self, environ: WSGIEnvironment) -> bool:
        """Whether the answer to a request for a page of the site may have the token in it."""
        if not (self._is_addressed(environ) and _is_plain(environ)):
            return False
        match environ.get("HTTP_SEC_FETCH_DEST", "document"):
            case "document":
                return True
            case "empty":  # a theme that loads pages by script
                return _is_of_same_origin(environ)
            case _:
                return False

    def is_from_own_page(self, environ: WSGIEnvironment) -> bool:
        """Whether a page of this server has sent a request."""
        if not (self._is_addressed(environ) and _is_plain(environ)):
            return False
        host, origin = environ.get("HTTP_HOST"), environ.get("HTTP_ORIGIN")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return False
        return _is_of_same_origin(environ)

    def has_token(self, environ: WSGIEnvironment) -> bool:
        """Whether a request has the token; the comparison takes the same time for all."""
        given = str(environ.get(f"HTTP_{TOKEN.upper().replace('-', '_')}", ""))
        return hmac.compare_digest(given.encode(), self._token)

    def _is_addressed(self, environ: WSGIEnvironment) -> bool:
        """Whether this machine has sent a request, and to a name of this server."""
        host = str(environ.get("HTTP_HOST", ""))
        by_proxy = any(name.startswith(_PROXY_HEADERS) for name in environ)
        near = is_loopback(str(environ.get("REMOTE_ADDR", ""))) and not by_proxy
        return near and (host == self._address or _names_loopback(host))


def is_loopback(address: str) -> bool:
    """Whether an IP address is of this machine alone, also an IPv4 address written as IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def exposure(host: str, port: int) -> str:
    """Return a warning where a server at `host` and `port` can be reached by others, or empty."""
    if host == "localhost" or is_loopback(host):
        return ""
    here = f"http://127.0.0.1:{port}/"
    any_address = host in ("0.0.0.0", "::")  # noqa: S104 (compared, not bound)
    where = f"at {here}" if any_address else "at this machine's own address, which -a names"
    fix = "" if any_address else f"; to have them, run mkdocs serve -a 127.0.0.1:{port}"
    return (
        f"mkdocs serve listens at {host}: others on the network can read the pages of this "
        "preview, drafts and prompts of pictures that are not drawn included. They cannot draw, "
        f"spend or write: panel and buttons are for browsers on this machine, {where}{fix}"
    )


def _is_of_same_origin(environ: WSGIEnvironment) -> bool:
    return environ.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none")


def _is_plain(environ: WSGIEnvironment) -> bool:
    """Whether each header comes once, under a name that no other name is mistaken for."""
    names = [name.lower() for name in environ.get(HEADER_NAMES, ())]
    return len(set(names)) == len(names) and not any("_" in name for name in names)


def _names_loopback(host: str) -> bool:
    """Whether a `Host` header names this machine, with any port: the port may be forwarded."""
    found = _HOST.fullmatch(host)
    name = (found[1] or found[2]).lower() if found else ""
    return name == "localhost" or is_loopback(name)
