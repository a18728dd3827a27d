"""The path of a request is split into version, model and method."""

import pytest

from mkdocs_gemini_images.emulator.protocol.http_request import ApiPath, parse_path


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/v1beta/models", ApiPath("v1beta")),
        ("/v1/models/m-1", ApiPath("v1", "m-1")),
        ("/any/prefix/v1beta/models/m:generateContent", ApiPath("v1beta", "m", "generateContent")),
        ("/v1beta/models/", None),
        ("/v1/v1beta/models/m", None),
        ("/v2/models/m", None),
        ("/v1beta/models/m:", None),
        ("/v1beta/files/m", None),
    ],
)
def test_a_path_of_the_api_is_split_and_others_are_none(path: str, parts: ApiPath | None) -> None:
    assert parse_path(path) == parts
