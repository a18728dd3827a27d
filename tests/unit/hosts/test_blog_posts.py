"""What Zensical copies out of a blog's post leads to its files from every page."""

import pytest

from mkdocs_gemini_images.hosts.zensical.blog_posts import is_post, with_served_addresses

PAGE = "blog/posts/one.md"
IMAGE = (
    '<img data-src="../../a/f-960.webp" src="../../a/f-480.webp" alt="../../b"'
    ' srcset="../../a/f-480.webp 480w, ../../a/f-960.webp 960w">'
)


def test_addresses_that_zensical_does_not_adapt_name_the_path_of_the_site() -> None:
    assert with_served_addresses(IMAGE, PAGE, "https://docs.example/some/where/") == (
        '<img data-src="/some/where/a/f-960.webp" src="../../a/f-480.webp" alt="../../b"'
        ' srcset="/some/where/a/f-480.webp 480w, /some/where/a/f-960.webp 960w">'
    )


@pytest.mark.parametrize("site_url", ["", "https://docs.example", "https://docs.example/"])
def test_a_site_at_the_top_of_its_server_keeps_its_addresses(site_url: str) -> None:
    assert with_served_addresses(IMAGE, PAGE, site_url) == IMAGE


@pytest.mark.parametrize(
    ("page", "options", "expected"),
    [
        (PAGE, {}, True),
        ("blog/posts/deep/one.md", {}, True),
        ("blog/index.md", {}, False),
        ("index.md", {}, False),
        ("news/p/one.md", {"blog_dir": "news", "post_dir": "{blog}/p"}, True),
        (PAGE, {"blog_dir": "news"}, False),
        ("posts/one.md", {"blog_dir": "."}, True),
    ],
)
def test_a_post_is_known_by_its_folder(
    page: str, options: dict[str, str], *, expected: bool
) -> None:
    blogs = {"config": [{"name": "blog", "config": options}]}
    assert is_post(page, {"blogs": blogs}) is expected
    assert is_post(page, {"blogs": blogs["config"]}) is expected
    assert not is_post(page, {})
