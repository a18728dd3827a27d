"""The configuration and the post that the manual shows make an illustrated blog as they stand."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

MANUAL = Path(__file__).parents[2] / "example_site/docs/illustrated-blog.md"
CHEAP = "base_url: emulator\n      widths: [120]\n      "


def test_the_blog_of_the_manual_has_a_picture_in_post_list_and_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    text = MANUAL.read_text(encoding="utf-8")
    (config,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (post,) = re.findall(r"^```markdown\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "docs/blog/posts").mkdir(parents=True)
    (tmp_path / "docs/blog/index.md").write_text("# Blog\n")
    (tmp_path / "docs/blog/posts/boat.md").write_text(post)
    options = config.replace("gemini-images:\n      ", f"gemini-images:\n      {CHEAP}")
    assert CHEAP in options
    (tmp_path / "mkdocs.yml").write_text(options)
    loaded = load_config(str(tmp_path / "mkdocs.yml"), strict=True)
    loaded.plugins.on_startup(command="build", dirty=False)
    build(loaded)
    site = tmp_path / "site"
    (page,) = site.glob("blog/2026/11/10/*/index.html")
    for listed in (page, site / "blog/index.html", site / "blog/archive/2026/index.html"):
        assert listed.read_text("utf-8").count('alt="The first boat comes in"') == 1
    said = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page.read_text()))
    assert (said["type"], said["title"]) == ("article", "The first boat")
    assert said["description"] == "What the first boat brought."
    assert said["url"] == f"https://example.org/notes/{page.parent.relative_to(site)}/"
    card = site / said["image"].removeprefix("https://example.org/notes/")
    assert card.is_file()
    assert said["image:alt"] == "The first boat comes in"
