"""The option `stock_url`: what is a public address, and what is refused."""

import pytest

from mkdocs_gemini_images.config.stock_address import read_stock_url
from mkdocs_gemini_images.core.diagnostics import DiagnosticError

BUCKET = "s3://pictures/docs"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("https://pictures.example/docs/", "https://pictures.example/docs"),
        ("https://pictures.example:8443", "https://pictures.example:8443"),
        ("http://127.0.0.1:9000/docs", "http://127.0.0.1:9000/docs"),
    ],
)
def test_an_address_is_https_or_on_this_machine(written: str, read: str) -> None:
    assert read_stock_url(written, BUCKET) == read


@pytest.mark.parametrize(
    "written",
    [
        "http://pictures.example/docs", "pictures.example", "s3://pictures", "file:///etc",
        "https://", "https://me:secret@pictures.example", "https://pictures.example/?key=secret",
        "https://pictures.example/#x", "https://pictures.example:99999", "https://a b",
        "http://127.0.0.1.example/", "https://[::1", "https://ex\u0430mple/",
    ],
)  # fmt: skip
def test_another_address_is_refused_without_its_secrets(written: str) -> None:
    with pytest.raises(DiagnosticError, match="stock_url must be an https address") as caught:
        read_stock_url(written, BUCKET)
    assert "secret" not in str(caught.value)


def test_a_folder_has_no_public_address() -> None:
    with pytest.raises(DiagnosticError, match="and stock is a folder: leave it out"):
        read_stock_url("https://pictures.example", "")
