"""What the builds of one site's languages share: named files, and the first language's images."""

from mkdocs_gemini_images.build.collecting.spellings import Spellings
from mkdocs_gemini_images.requests.first_language import FirstLanguage
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage


class SharedByLanguages:
    """What each language of a site adds to, in the order in which they are built."""

    def __init__(self) -> None:
        self.named_files: dict[str, ResolvedImage] = {}
        """The images that have a file of their own in the docs folder, by its site path."""
        self.spellings = Spellings()
        self.first = FirstLanguage()
