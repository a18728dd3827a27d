"""Say in plain words why a server cannot be reached.

In: the error of the HTTP library, with the errors that led to it. Out: a `Failure` that names the
address as the site's owner wrote it. No effects.
"""

import os
import socket
import ssl
from collections.abc import Iterator

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.failure import Failure

_CERTIFICATE = "name the certificate's authority in ca_file; nothing was billed"


def unconnected(server: Server, error: Exception, words: str) -> Failure:
    """Return the failure of a request that was not sent.

    `words` are those of the error itself, where the system gives no reason.
    """
    reasons = ((cause, _reason(cause)) for cause in _causes(error))
    cause, reason = next((each for each in reasons if each[1]), (error, words))
    advice = _CERTIFICATE if isinstance(cause, ssl.SSLCertVerificationError) else ""
    through = f" through the proxy {server.proxy}" if server.proxy else ""
    where = f"cannot connect to {server.base_url}{through}"
    return failure_reasons.not_connected(f"{where}: {reason}", advice=advice)


def _reason(cause: BaseException) -> str:
    """Return what one error says of the connection, or empty."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({cause.verify_message})"
    if isinstance(cause, socket.gaierror):
        return "no server has this name"
    if isinstance(cause, ssl.SSLError):
        return "it does not speak TLS as expected"
    if isinstance(cause, TimeoutError):
        return "it does not answer"
    if isinstance(cause, OSError) and cause.errno:
        return os.strerror(cause.errno).lower()
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that led to an error, those of several addresses included."""
    yield error
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _causes(each)
    if (cause := error.__cause__ or error.__context__) is not None:
        yield from _causes(cause)
