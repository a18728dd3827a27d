"""The HTML of one picture: plain, valid, and the same in every host.

In come a directive's words and what is shown for it; out comes well-formed XML from a Jinja2
template which a theme's `custom_dir` can override. The environment is our own and escapes
everything: the theme's does not, and alt, caption and label are other people's text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2

from mkdocs_gemini_images.directive import Directive

TEMPLATE = "partials/gemini-image.html"
CLASS = "gemini-image"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One published file of a picture and its true width in pixels (a `srcset` entry)."""

    uri: str
    width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page points at for one directive: files by site path, and the picture's true size.

    `candidates` are ordered by width; `src` is one of them, or a placeholder's path alone.
    """

    src: str
    width: int
    height: int
    candidates: tuple[Candidate, ...] = ()
    sizes: str = ""
    label: str = ""
    placeholder: bool = False


class Figures:
    """Renders pictures with the site's template, or with ours where it has none."""

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader(
                [jinja2.FileSystemLoader(list(folders)), jinja2.PackageLoader(__package__)]
            ),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, directive: Directive, shown: Shown, src: str, *, caption: bool) -> str:
        """Render one picture whose file is reached from the page as `src`.

        Raises `jinja2.TemplateError` when the site's own template is broken.
        """
        figure = caption and bool(directive.caption or shown.label)
        outer = " ".join((CLASS, *_alignment(directive), *directive.classes))
        template = self._environment.get_template(TEMPLATE)
        return template.render(
            figure=figure,
            outer={"class": outer} | ({"id": directive.id} if directive.id else {}),
            image=image_attributes(directive, shown, src),
            caption=directive.caption if figure else "",
            label=shown.label if figure else "",
        ).strip()


def image_attributes(directive: Directive, shown: Shown, src: str) -> Mapping[str, str]:
    """List the attributes of the `<img>` itself, in the order they are written.

    `srcset` is not among them: it follows from the final `src`, which the host decides.
    """
    attributes = {
        "src": src,
        "alt": directive.alt or "",
        "width": str(shown.width),
        "height": str(shown.height),
        "loading": directive.loading or "lazy",
        "decoding": "async",
    }
    if directive.width:
        attributes["style"] = f"width: {directive.width}"
    return attributes


def srcset(shown: Shown, src: str) -> str:
    """Write `srcset` for a page that reaches the picture's own file as `src`."""
    folder = src[: src.rfind("/") + 1]
    return ", ".join(
        f"{folder}{candidate.uri.rsplit('/', 1)[-1]} {candidate.width}w"
        for candidate in shown.candidates
    )


def _alignment(directive: Directive) -> tuple[str, ...]:
    return (f"{CLASS}--{directive.align}",) if directive.align else ()
