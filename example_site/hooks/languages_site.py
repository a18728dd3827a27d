"""Builds the small site in three languages into the manual's folder `languages/`.

In: `example_site/languages`, a site of its own, since the manual has one language. Out: its pages,
at whose pictures the manual's page "Directives" looks. Its warnings count as the manual's.
"""

from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

SITE = Path(__file__).parents[1] / "languages" / "mkdocs.yml"


def on_post_build(config: MkDocsConfig) -> None:
    """Build it, once the manual is there: a build empties its folder before it begins."""
    nested = load_config(
        str(SITE),
        site_dir=str(Path(config.site_dir) / "languages"),
        site_url=f"{config.site_url}languages/",
        strict=config.strict,
    )
    nested.plugins.on_startup(command="build", dirty=False)
    try:
        build(nested)
    finally:
        nested.plugins.on_shutdown()
