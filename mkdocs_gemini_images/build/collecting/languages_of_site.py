"""What the builds of one site's languages share: named files, and the first language's images."""

from dataclasses import dataclass, field

from mkdocs_gemini_images.build.collecting.spellings import Spellings
from mkdocs_gemini_images.requests.first_language import FirstLanguage
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage


@dataclass(frozen=True, slots=True)
class SharedByLanguages:
    """What each language of a site adds to, in the order in which they are built."""

    named_files: dict[str, ResolvedImage] = field(default_factory=dict)
    """The images that have a file of their own in the docs folder, by its site path."""
    spellings: Spellings = field(default_factory=Spellings)
    first: FirstLanguage = field(default_factory=FirstLanguage)
