"""The Markdown extension's interface to MkDocs, where all pages of a site share one build.

In: directives, page by page. Out: rendered images, whose files are registered with MkDocs.
Diagnostics go to the build, which logs all messages at its end.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mkdocs.structure.files import Files

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.mkdocs.site_files import register
from mkdocs_gemini_images.markdown.image_resolver import PageContext

if TYPE_CHECKING:
    import xml.etree.ElementTree as etree

    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.build.messages.notices import NoticeKind
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.hosts.mkdocs.host_run import HostRun
    from mkdocs_gemini_images.hosts.mkdocs.page_images import PageImages
    from mkdocs_gemini_images.rendering.figure import FigureRenderer
    from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

OWN_HOOKS = "mkdocs_gemini_images.plugin"
"""The module of this plugin's hooks."""


class SiteResolver:
    """Resolves and renders directives for the extension inside MkDocs.

    `build` returns the build of the site; `context` returns the page that is being rendered, or an
    empty context before the first page. `figures` returns what renders figures, which
    a site without directives does not need. `run` says whether a command runs the build.
    """

    def __init__(
        self,
        build: "Callable[[], SiteBuild]",
        context: Callable[[], PageContext],
        config: "MkDocsConfig",
        figures: "Callable[[], FigureRenderer]",
        page_images: "PageImages",
        run: "HostRun",
    ) -> None:
        self._build = build
        self._context = context
        self._config = config
        self._figures = figures
        self._page_images = page_images
        self._run = run
        self._presentations: dict[Directive, Directive] = {}  # from `resolve` to `render`
        self._language = (PageContext(""), "")
        """The page of the last directive, and its language."""

    def resolve(self, directive: "Directive", context: PageContext) -> "RenderedImage":
        """Return what the page shows for a directive, and register its files with MkDocs.

        Raises `DiagnosticError`.
        """
        from mkdocs_gemini_images.build.site_image import Use

        if self._language[0] is not context:
            self._language = context, language_of(self._config, context)
        build, language = self._build(), self._language[1]
        pair = build.collect(directive, Use(directive, context.page), language)
        self._presentations[directive] = pair.presentation
        shown = build.shown(pair)
        if isinstance(context.files, Files):
            register(shown, self._config, context.files)
        return shown

    def mistakes(self, directive: "Directive", context: PageContext) -> Sequence[Diagnostic]:
        """Return what is wrong with a directive of which only a part could be read."""
        language = language_of(self._config, context)
        return self._build().mistakes(directive, context.page, language)

    def hero(self, context: PageContext) -> "Directive | None":
        """Return the image that a page's front matter describes.

        Raises `DiagnosticError` with diagnostics that are reported already.
        """
        return self._page_images.at(context.page, excerpt=context.excerpt)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Add diagnostics to the messages of the build."""
        for diagnostic in diagnostics:
            kind: NoticeKind = "flaw" if shown else "broken"
            self._build().report(diagnostic, context.page, source, kind)

    def render(
        self, directive: "Directive", shown: "RenderedImage", src: str, *, caption: bool
    ) -> "etree.Element":
        """Return the figure of the directive that was just resolved; for a dry run, an `<img>`.

        Raises `DiagnosticError` where the template is broken, and lets the build draw nothing.
        """
        presentation = self._presentations.pop(directive)
        try:
            if self._build().mode.dry:
                self._figures().load()
                from xml.etree.ElementTree import Element

                return Element("img", {"src": src, "alt": ""})
            return self._figures().element(presentation, shown, src, caption=caption)
        except DiagnosticError:
            self._build().refuse("the site's template is broken; the warning says where")
            raise

    def context(self) -> PageContext:
        """Return the page that MkDocs is rendering."""
        return self._context()

    def eager(self) -> bool:
        """Return whether a page's first image is fetched at once.

        It is not after the barrier, when blog excerpts are rendered.
        """
        build = self._build()
        return build.settings.priority and not build.is_finished

    def reads_html(self) -> bool:
        """Return whether anything reads the HTML of pages: the host, or a plugin up to the barrier.

        A command that only collects pictures ends the build there. No other build is opened for
        the answer: a page that only speaks of directives needs none.
        """
        if self._run.command_run is None or self._others_read_html:
            return True
        return not self._build().mode.dry

    @cached_property
    def _others_read_html(self) -> bool:
        """Whether another plugin has a hook between the rendering of a page and the barrier."""
        events = self._config.plugins.events
        hooks = [*events["page_content"], *events["env"]]
        return any(getattr(hook, "__module__", "") != OWN_HOOKS for hook in hooks)


def language_of(config: "MkDocsConfig", context: PageContext) -> str:
    """Return the code of the language that a page is written in: its file's, or the theme's.

    Where languages are built one by one, a page without a translation keeps its file's language.
    """
    files = context.files
    file = files.src_uris.get(context.page) if isinstance(files, Files) else None
    of_file = getattr(file, "locale", "")
    language = of_file if of_file and isinstance(of_file, str) else config.theme.get("language")
    return language if language and isinstance(language, str) else str(config.theme.locale)
