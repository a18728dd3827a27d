"""Pictures that are shown again by their id: `![alt](gemini: "#lighthouse")`.

An echo has no request of its own. Where its picture is described below, or on a page that is
rendered later, it is promised until the barrier, with a twin for dark pages: then it becomes what
the picture has become, or a placeholder where no picture has the id. Pure.
"""

from collections.abc import Callable, Iterable, Iterator

from mkdocs_gemini_images.build.build_tools import Images
from mkdocs_gemini_images.build.collecting.described_ids import DescribedIds
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage
from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import Missing


def unknown_id(id: str, known: Iterable[str], described: DescribedIds) -> Diagnostic:
    """Return the diagnostic for an echo of an id that no picture has.

    `described` has the ids of directives with mistakes, which have messages of their own.
    """
    if described.is_broken(id):
        said = f"the picture with the id {quoted(id)} is described with a mistake"
        diagnostic = Diagnostic.sentence(said, "correct that first", at="prompt")
        return diagnostic._replace(other=described.place(id))
    names = list(known)
    fix = did_you_mean(id, names) if names else "give that picture's directive this id"
    return Diagnostic.sentence(f"no picture has the id {quoted(id)}", fix, at="prompt")


def promised_echo(resolved: ResolvedImage, id: str, *, dark: bool) -> list[SiteImage]:
    """Return the images that stand for those of an id until the barrier: light, and perhaps dark.

    `resolved` is the echo's own directive, as if its words were a prompt.
    """
    light = SiteImage(resolved, resolved.light, Missing(), promised=True, echo=id)
    if not dark:
        return [light]
    request = light.request._replace(text=f"{light.request.text} in the dark")
    authored = resolved.light._replace(request=request, is_dark=True)
    return [light, light._replace(authored=authored, light=light)]


def with_echoes(images: Images, echoes: Images, targets: dict[ImageKey, ImageKey | None]) -> Images:
    """Return all images of a build, each with the places and shapes of its echoes.

    `targets` names the image of each echo. An echo of an unknown id stays, as an image that cannot
    be had.
    """
    found = dict(images)
    for key, echo in echoes.items():
        target = targets[key]
        if target is not None:
            image = found[target]
            uses = tuple(dict.fromkeys((*image.uses, *echo.uses)))
            shapes = tuple(dict.fromkeys((*image.shapes, *echo.shapes)))
            found[target] = image._replace(uses=uses, shapes=shapes)
        elif echo.light is None:
            found[key] = echo
        elif echo.light.key in found:
            found[key] = echo._replace(light=found[echo.light.key])
    return found


def echo_corrections(
    echoes: Images,
    targets: dict[ImageKey, ImageKey | None],
    published: Images,
    shown_of: Callable[[SiteImage], Iterator[RenderedImage]],
) -> Iterator[Correction]:
    """Yield what pages show in place of each echo that was promised.

    `shown_of` gives what pages show of an image: the whole of it, then each of its cuts.
    """
    with_twin = {echo.light.key: targets[key] for key, echo in echoes.items() if echo.light}
    for key, echo in echoes.items():
        target = targets[key]
        if target is None:
            if echo.light is not None and targets[echo.light.key] is not None:
                for promised in shown_of(echo):
                    yield Correction(promised, None)  # the picture has no twin for dark pages
            continue
        now = {shown.shape: shown for shown in shown_of(published[target])}
        alone = key in with_twin and with_twin[key] is None
        for promised in shown_of(echo):
            yield Correction(promised, now.get(promised.shape, now[""]), alone=alone)
