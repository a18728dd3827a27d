"""Read `stock_url`, the public address at which a stock in a bucket is read without credentials."""

from urllib.parse import urlsplit

from mkdocs_gemini_images.config.server import is_loopback
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, wrong_value


def read_stock_url(written: str, bucket: str) -> str:
    """Return the address without a slash at its end; empty when there is none.

    Raises `DiagnosticError` when it is no public address, or the stock is in no bucket.
    """
    if not written:
        return ""
    if not bucket:
        said = "stock_url is the public address of a bucket, and stock is a folder"
        raise DiagnosticError(Diagnostic.sentence(said, "leave it out", at="stock_url"))
    try:
        parts = urlsplit(written)
        host, plain = parts.hostname or "", written.isascii() and written.isprintable()
        plain = plain and " " not in written and (parts.port is None or parts.port > 0)
    except ValueError:
        host, plain, parts = "", False, urlsplit("")
    more = parts.query or parts.fragment or parts.username or parts.password
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (plain and host and is_safe) or more:
        shown = written.rpartition("@")[2].partition("?")[0]
        fix = "write https://host/path, without a name, a password or a query"
        raise DiagnosticError(wrong_value("stock_url", "an https address", shown, fix))
    return written.rstrip("/")
