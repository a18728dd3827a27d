"""Images of a site for tests: a directive, what the stock holds for it, and where it is used."""

from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage
from mkdocs_gemini_images.store.lookup import LookupResult, Missing
from tests.unit.pictures import step

NOT_DRAWN = Missing()


def site_image(
    directive: Directive,
    held: LookupResult = NOT_DRAWN,
    *pages: str,
    file: str = "",
    why: str = "",
    light: SiteImage | None = None,
) -> SiteImage:
    """Make the image of a directive, used on `pages`; `why` is the reason it is missing."""
    authored = AuthoredRequest(
        step(directive.prompt, take=directive.take), directive, is_dark=light is not None
    )
    resolved = ResolvedImage(directive, directive, authored, file=file)
    uses = tuple(Use(directive, page) for page in pages)
    return SiteImage(resolved, authored, held, light, reason=why, uses=uses)
