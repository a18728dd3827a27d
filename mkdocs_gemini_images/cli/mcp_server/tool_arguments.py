"""What each tool takes, as models that an assistant reads as JSON schemas.

In: the arguments of a call, which may be anything. Out: values of bounded size without characters
that are not shown, or a `DiagnosticError` that names the argument and does not repeat its value.
"""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mkdocs_gemini_images.config.limits import MAX_TAKES
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, printable, quoted

MAX_PROMPT = 4_000
_MOST_NAMES = 50
_MOST_TOLD = 5
"""Mistakes of one call that are told."""


def _shown(text: str) -> str:
    """Return a text. Raises `ValueError` where it has a character that is not shown."""
    if printable(text) != text:
        raise ValueError("must be one line without characters that are not shown, without :: first")
    return text


_Shown = AfterValidator(_shown)
_MAX_NAME = 300
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=_MAX_NAME,
        description="The picture's id, named file, page, or page:line",
    ),
    _Shown,
]


class Arguments(BaseModel):
    """The arguments of one tool."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NoArguments(Arguments):
    """A tool without arguments."""


class OfPicture(Arguments):
    """A picture."""

    name: Name


class OfPlan(Arguments):
    """A picture, or all of them."""

    name: Annotated[
        str,
        Field(max_length=_MAX_NAME, description="An id, named file or page; empty for the site"),
        _Shown,
    ] = ""


class OfTake(Arguments):
    """One take of a picture."""

    name: Name
    take: Annotated[
        int, Field(ge=0, le=9999, description="The number of a take; 0 is the one that is shown")
    ] = 0


class OfPick(Arguments):
    """A take to show."""

    name: Name
    take: Annotated[int, Field(ge=1, le=9999, description="The number of a take in stock")]


class OfDraw(Arguments):
    """Pictures to draw."""

    names: Annotated[
        list[Name],
        Field(max_length=_MOST_NAMES, description="Empty: every picture that is missing"),
    ] = []
    takes: Annotated[
        int, Field(ge=1, le=MAX_TAKES, description="How many drawings of each to have")
    ] = 1


class OfProposal(Arguments):
    """A new directive, and where it goes."""

    page: Annotated[
        str,
        Field(min_length=1, max_length=_MAX_NAME, description="Its file below the docs folder"),
        _Shown,
    ]
    prompt: Annotated[
        str, Field(min_length=1, max_length=MAX_PROMPT, description="What to draw"), _Shown
    ]
    alt: Annotated[
        str,
        Field(max_length=1_000, description="The text alternative; empty if decorative"),
        _Shown,
    ]
    heading: Annotated[
        str,
        Field(max_length=_MAX_NAME, description="The text of the heading to put it below"),
        _Shown,
    ] = ""
    line: Annotated[
        int | None,
        Field(ge=0, le=10**7, description="In place of heading: the line to put it below, from 1"),
    ] = None
    id: Annotated[str, Field(max_length=100, description="A stable name"), _Shown] = ""
    caption: Annotated[str, Field(max_length=1_000), _Shown] = ""
    aspect_ratio: Annotated[str, Field(max_length=20, description="Such as 16:9"), _Shown] = ""
    size: Annotated[str, Field(max_length=20, description="Such as 1K"), _Shown] = ""
    preset: Annotated[str, Field(max_length=100, description="A name in presets:"), _Shown] = ""

    @property
    def options(self) -> dict[str, str]:
        """The options of the directive, as text."""
        further = ("id", "caption", "aspect_ratio", "size", "preset")
        written = {name: str(getattr(self, name)) for name in further}
        given = {name: text for name, text in written.items() if text}
        return {"prompt": self.prompt, "alt": self.alt, **given}


class OfApply(Arguments):
    """A proposal to write."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", description="Of the proposed diff")]


A = TypeVar("A", bound=Arguments)


def read_arguments(model: type[A], given: Mapping[str, Any]) -> A:
    """Return the arguments of a call. Raises `DiagnosticError`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise DiagnosticError(*(_mistake(model, each) for each in found[:_MOST_TOLD])) from None


def _mistake(model: type[Arguments], error: Any) -> Diagnostic:
    where = ".".join(str(part)[:60] for part in error["loc"])
    if error["type"] == "extra_forbidden":
        fix = f"known are {', '.join(model.model_fields) or 'none'}"
        return Diagnostic("a known argument", quoted(where), fix)
    said = str(error["msg"])[:200].removeprefix("Value error, ")
    return Diagnostic.sentence(f"{where}: {said[:1].lower()}{said[1:]}")
