"""Where the directives that have an id stand, and which of them have a mistake.

In go the directives of a build, as pages are rendered; out comes what a message about a reference
to one of them says. Reads no file.
"""

from mkdocs_gemini_images.directives.directive import Directive


class DescribedIds:
    """The places of a build's ids: the page and the source of the directive of each."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, str]] = {}
        self._broken: dict[str, tuple[str, str]] = {}

    def note(self, directive: Directive, page: str) -> None:
        """Note a directive without mistakes, which has an id."""
        self._broken.pop(directive.id, None)
        self._places.setdefault(directive.id, (page, directive.source))

    def note_broken(self, directive: Directive, page: str) -> None:
        """Note a directive that has an id, and a mistake with a message of its own."""
        self._broken[directive.id] = (page, directive.source)

    def is_broken(self, id: str) -> bool:
        """Return whether the directive of an id has a mistake of its own."""
        return id in self._broken

    def place(self, id: str) -> tuple[str, str]:
        """Return the page and the source of an id's directive, or empty texts."""
        return self._broken.get(id) or self._places.get(id, ("", ""))
