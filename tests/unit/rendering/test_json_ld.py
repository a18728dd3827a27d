"""The JSON-LD of an image has what is known about it, and nothing else."""

import pytest

from mkdocs_gemini_images.imaging.metadata import Origin
from mkdocs_gemini_images.rendering.head_tags import image_object

URL = "https://x.example/fox.webp"


@pytest.mark.parametrize(
    ("alt", "origin", "of_page", "more"),
    [
        ("", None, False, {}),
        ("A fox", None, False, {"caption": "A fox"}),
        ("", Origin("algorithmicMedia", "Emulated"), False,
         {"creditText": "Emulated",
          "digitalSourceType": "https://schema.org/AlgorithmicMediaDigitalSource"}),
        ("A fox", Origin("trainedAlgorithmicMedia", "Made", "model"), True,
         {"caption": "A fox", "creditText": "Made", "representativeOfPage": True,
          "digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource"}),
    ],
)  # fmt: skip
def test_an_image_is_described_by_its_alt_its_origin_and_its_page(
    alt: str, origin: Origin | None, of_page: bool, more: dict[str, object]
) -> None:
    described = {"@type": "ImageObject", "contentUrl": URL}
    assert image_object(URL, alt, origin, of_page=of_page) == described | more
