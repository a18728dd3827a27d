"""Adds the page that lists a site's AI images to MkDocs' pages, and fills it in.

In: MkDocs' files and, after the barrier, a finished build. Out: the page in each language of the
site, with relative links to images and pages. `reports/disclosure_page.py` decides what is listed.
A page that the author has written is never replaced.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from mkdocs_gemini_images.core.package_files import TEMPLATES
from mkdocs_gemini_images.hosts.mkdocs.site_languages import shared_page
from mkdocs_gemini_images.reports.disclosure_page import (
    DISCLOSURE_PAGE,
    DisclosedImage,
    PageLink,
    disclosed_images,
    insert_list,
    is_disclosure_page,
    render_list,
)

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.build.site_build import SiteBuild


_SOURCE = TEMPLATES / DISCLOSURE_PAGE
_PLUGIN = "gemini-images"


def add_gallery(config: "MkDocsConfig", files: Files) -> None:
    """Add the page, unless the site has one."""
    if not any(is_disclosure_page(file.src_uri) for file in files):
        shared = shared_page(config, DISCLOSURE_PAGE)
        if shared is None:
            # The page has a source file, because other plugins read the file of every page.
            files.append(File.generated(config, DISCLOSURE_PAGE, abs_src_path=str(_SOURCE)))
        else:
            # static-i18n takes files of the docs folder alone: `give_source` gives it the text.
            docs, site = config.docs_dir, config.site_dir
            file = File(shared, docs, site, config.use_directory_urls)
            file.generated_by = _PLUGIN
            files.append(file)


def give_source(files: Files) -> None:
    """Give a source file to each page that static-i18n has made of the one that was added.

    What reads the history of sources, such as git-revision-date-localized, leaves it out.
    """
    for file in files.documentation_pages():
        source = file.abs_src_path
        if is_disclosure_page(file.src_uri) and source is not None and not Path(source).exists():
            file.abs_src_path, file.generated_by = str(_SOURCE), _PLUGIN


def fill_gallery(
    build: "SiteBuild", config: "MkDocsConfig", files: Files, *, prompts: bool
) -> None:
    """Insert the list into the page, in each language of the site."""
    for file in files:
        page = file.page
        if page is not None and page.content is not None and is_disclosure_page(file.src_uri):
            listed = _listed(build, file, files, prompts=prompts)
            html = render_list(listed, config.theme.dirs, build.settings.mark)
            page.content = insert_list(page.content, html)


def _listed(build: "SiteBuild", here: File, files: Files, *, prompts: bool) -> list[DisclosedImage]:
    """Return the images of all published pages, with links relative to the page `here`."""
    published = {file.src_uri: file for file in files.documentation_pages()}

    def place(uri: str) -> PageLink | None:
        file = published.get(uri)
        if file is None or file.page is None:
            return None
        return PageLink(file.page.title or file.name, file.url_relative_to(here))

    def address(uri: str) -> str:
        return get_relative_url(quote(uri), here.url)

    return disclosed_images(build.images, place, address, prompts=prompts)
