"""The neighbours that a site of ours may have, one entry each: a table, read by harness and manual.

An entry says how the neighbour is set up, what it brings to the common site (see `site.py`), where
pictures are then to be found beyond the common pages, and which files it makes of the pages. What
is checked of every neighbour is in `findings.py`; nothing here acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SECRET = "zebrawood"
"""A word of every prompt that is drawn: it must be nowhere in a built site."""

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
FOX = f'![A fox](gemini: "A fox in snow, {SECRET}")'
HERON = f"""```gemini-image
prompt: A heron by a river, {SECRET}
alt: A heron
caption: The *heron*
```
"""


@dataclass(frozen=True)
class Neighbour:
    """One plugin or extension, and a site that uses it."""

    name: str
    package: str
    """The distribution whose version the table shows."""
    plugins: str = "[]"
    """Its entries in the list of plugins, as YAML."""
    extensions: str = "[]"
    """Its entries in the list of Markdown extensions, as YAML."""
    config: str = ""
    """What else it wants of `mkdocs.yml`, as YAML; replaces what the common site says."""
    files: Mapping[str, str | Path] = field(default_factory=dict)
    """Files beside `mkdocs.yml` by path; a `Path` is copied from the system."""
    pictures: Mapping[str, int] = field(default_factory=dict)
    """How many pictures are on its pages, by the path of the page in the built site."""
    makes: tuple[str, ...] = ()
    """Files that it makes of the pages: they have to be there."""
    pdf: str = ""
    """A PDF that it makes, which has to show every picture of the common pages."""
    build: Literal["build", "mike"] = "build"
    git: bool = False
    """Whether the site has to be in a repository."""
    last: bool = False
    """Whether it refuses to stand before another."""
    properdocs: bool = False
    """Whether it is tried under ProperDocs as well."""
    zensical: bool = False
    """Whether Zensical has it, and it is tried there as well."""
    zensical_makes: tuple[str, ...] = ()
    """Files that Zensical makes of the pages for it: they have to be there."""
    short: bool = False
    """Whether it is tried in the short form."""
    remark: str = ""
    """A fact for the manual."""


POST = f"""---
date: 2026-01-02
categories: [Birds]
---
# One

{FOX}

<!-- more -->

{HERON}
"""

NEIGHBOURS = (
    # Material for MkDocs
    Neighbour(
        "search",
        "mkdocs-material",
        "[search]",
        makes=("search/search_index.json",),
        properdocs=True,
        short=True,
        remark="Captions are found, prompts are not.",
        zensical=True,
    ),
    Neighbour(
        "blog",
        "mkdocs-material",
        "[search, blog]",
        files={"docs/blog/index.md": "# Blog\n", "docs/blog/posts/one.md": POST},
        pictures={
            "blog/index.html": 1,
            "blog/2026/01/02/one/index.html": 2,
            "blog/archive/2026/index.html": 1,
            "blog/category/birds/index.html": 1,
        },
        properdocs=True,
        short=True,
        zensical=True,
    ),
    Neighbour(
        "social",
        "mkdocs-material",
        "[search, social: {concurrency: 1}]",
        files={".cache/plugin/social/fonts/Roboto/Regular.ttf": FONT},
        makes=("assets/images/social/index.png",),
        zensical=True,
    ),
    Neighbour("optimize", "mkdocs-material", "[search, optimize: {concurrency: 1}]"),
    Neighbour(
        "privacy",
        "mkdocs-material",
        "[search, privacy: {concurrency: 1, assets_exclude: ['unpkg.com/*']}]",
        short=True,
        zensical=True,
    ),
    Neighbour(
        "meta",
        "mkdocs-material",
        "[search, meta]",
        files={"docs/sub/.meta.yml": "author: A keeper\n"},
        zensical=True,
    ),
    Neighbour(
        "tags",
        "mkdocs-material",
        "[search, tags]",
        files={
            "docs/tags.md": "# Tags\n\n<!-- material/tags -->\n",
            "docs/tagged.md": f"---\ntags: [birds]\n---\n# Tagged\n\n{HERON}",
        },
        pictures={"tags/index.html": 0, "tagged/index.html": 1},
        zensical=True,
    ),
    Neighbour(
        "offline",
        "mkdocs-material",
        "[search, offline]",
        config="use_directory_urls: false",
        makes=("search/search_index.js",),
        short=True,
        zensical=True,
    ),
    Neighbour(
        "group",
        "mkdocs-material",
        "[search, group: {enabled: true, plugins: [tags, offline]}]",
        config="use_directory_urls: false",
    ),
    # Others
    Neighbour(
        "glightbox",
        "mkdocs-glightbox",
        "[search, glightbox]",
        properdocs=True,
        short=True,
        zensical=True,
    ),
    Neighbour(
        "macros",
        "mkdocs-macros-plugin",
        "[search, macros]",
        files={
            "main.py": (
                "def define_env(env):\n"
                "    @env.macro\n"
                "    def picture(words):\n"
                f"        words += ' {SECRET}'\n"
                "        return f'```gemini-image\\nprompt: {words}\\nalt: x\\n```\\n'\n"
            ),
            "docs/macros.md": (
                "# Macros\n\n{{ picture('A fox in snow,') }}\n\n"
                "![A fox](gemini: \"A fox in {{ 'snow' }}, " + SECRET + '")\n'
            ),
        },
        pictures={"macros/index.html": 2},
        short=True,
        zensical=True,
    ),
    Neighbour(
        "include-markdown",
        "mkdocs-include-markdown-plugin",
        "[search, include-markdown]",
        files={
            "docs/including.md": (
                '# Including\n\n{% include-markdown "../parts/part.md" %}\n\n'
                '- An item:\n\n    {% include-markdown "../parts/part.md" %}\n'
            ),
            "parts/part.md": f"{HERON}\n{FOX}\n",
        },
        pictures={"including/index.html": 4},
        short=True,
        zensical=True,
    ),
    Neighbour(
        "static-i18n",
        "mkdocs-static-i18n",
        """
        - search
        - i18n:
            docs_structure: suffix
            languages:
              - {locale: en, name: English, default: true}
              - {locale: de, name: Deutsch}
        """,
        files={"docs/index.de.md": f"# Deutsch\n\n{HERON}\n{FOX}\n"},
        pictures={"de/index.html": 2, "de/sub/deep/page/index.html": 3},
        short=True,
        remark="The languages share their pictures.",
    ),
    Neighbour(
        "rss",
        "mkdocs-rss-plugin",
        """
        - search
        - rss: {use_git: false, abstract_chars_count: -1, date_from_meta: {as_creation: date}}
        """,
        files={"docs/news.md": f"---\ndate: 2026-01-02\n---\n# News\n\n{HERON}\n{FOX}\n"},
        pictures={"news/index.html": 2},
        makes=("feed_rss_created.xml", "feed_json_created.json"),
        short=True,
        remark="Feeds have the addresses of the page, for your own pictures too.",
        zensical=True,
    ),
    Neighbour(
        "llmstxt",
        "mkdocs-llmstxt",
        """
        - search
        - llmstxt:
            full_output: llms-full.txt
            sections: {Pages: [index.md, sub/deep/page.md]}
        """,
        makes=("llms.txt", "llms-full.txt"),
        short=True,
        zensical=True,
    ),
    Neighbour(
        "print-site",
        "mkdocs-print-site-plugin",
        "[search, print-site]",
        pictures={"print_page/index.html": 9},
        last=True,
        short=True,
        remark="It warns unless it is the last plugin, and removes `loading`.",
    ),
    Neighbour(
        "minify",
        "mkdocs-minify-plugin",
        "[search, minify: {minify_html: true, htmlmin_opts: {remove_comments: true}}]",
        short=True,
        zensical=True,
    ),
    Neighbour(
        "mkdocstrings",
        "mkdocstrings",
        "[search, mkdocstrings: {handlers: {python: {paths: [.], options: {show_source: false}}}}]",
        files={
            "docs/reference.md": "# Reference\n\n::: lighthouse\n",
            "lighthouse.py": (
                f'"""A lighthouse.\n\n{HERON}"""\n\n\n'
                f"def light() -> None:\n    r'''Light it.\n\n    {FOX}\n    '''\n"
            ),
        },
        pictures={"reference/index.html": 2},
        short=True,
        zensical=True,
    ),
    Neighbour(
        "markdown-exec",
        "markdown-exec",
        "[search, markdown-exec]",
        files={
            "docs/sub/executed.md": (
                "# Executed\n\n"
                '````python exec="1"\n'
                f"print('''{HERON}''')\n"
                f"print('''{FOX}''')\n"
                "````\n"
            ),
        },
        pictures={"sub/executed/index.html": 2},
        short=True,
        zensical=True,
    ),
    Neighbour(
        "awesome-nav",
        "mkdocs-awesome-nav",
        "[search, awesome-nav]",
        files={"docs/.nav.yml": "nav:\n  - index.md\n  - sub\n"},
        zensical=True,
    ),
    Neighbour(
        "literate-nav",
        "mkdocs-literate-nav",
        "[search, literate-nav]",
        files={"docs/SUMMARY.md": "- [Home](index.md)\n- [Page](sub/deep/page.md)\n"},
        zensical=True,
    ),
    Neighbour(
        "section-index",
        "mkdocs-section-index",
        "[search, section-index]",
        files={"docs/sub/index.md": f"# Section\n\n{FOX}\n"},
        pictures={"sub/index.html": 1},
        zensical=True,
    ),
    Neighbour(
        "gen-files",
        "mkdocs-gen-files",
        "[search, gen-files: {scripts: [generate.py]}]",
        files={
            "generate.py": (
                "import mkdocs_gen_files\n"
                "with mkdocs_gen_files.open('sub/made.md', 'w') as file:\n"
                f"    file.write('''# Made\n\n{HERON}\n{FOX}\n''')\n"
            )
        },
        pictures={"sub/made/index.html": 2},
    ),
    Neighbour(
        "monorepo",
        "mkdocs-monorepo-plugin",
        "[search, monorepo]",
        config="nav: [index.md, sub/deep/page.md, {Other: '!include other/mkdocs.yml'}]",
        files={
            "other/mkdocs.yml": "site_name: other\nnav: [index.md]\n",
            "other/docs/index.md": f"# Other\n\n{HERON}\n{FOX}\n",
        },
        pictures={"other/index.html": 2},
    ),
    Neighbour(
        "redirects",
        "mkdocs-redirects",
        "[search, redirects: {redirect_maps: {old.md: sub/deep/page.md}}]",
        pictures={"old/index.html": 0},
        zensical=True,
    ),
    Neighbour(
        "git-revision-date-localized",
        "mkdocs-git-revision-date-localized-plugin",
        "[search, git-revision-date-localized: {type: date}]",
        git=True,
    ),
    Neighbour("mike", "mike", "[search, mike]", build="mike", git=True),
    Neighbour(
        "with-pdf",
        "mkdocs-with-pdf",
        "[search, with-pdf: {output_path: site.pdf}]",
        pdf="site.pdf",
        remark="Its PDF has none of the site's CSS, so it shows the light and the dark picture.",
    ),
)
