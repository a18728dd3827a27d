"""Addresses in a post of Zensical's blog, whose beginning is copied to other pages.

Zensical adapts `src` where it copies a post's excerpt, but neither `srcset` nor `data-src`. In a
post these are therefore written with the path under which the site is served. Pure.
"""

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

_ADDRESSES = re.compile(r'(?:(?<=\ssrcset=")|(?<=\sdata-src="))[^"]+')
_RELATIVE = re.compile(r"\.\./[^\s,]+")


def is_post(page: str, plugins: Mapping[str, Any]) -> bool:
    """Whether a page is a post; `plugins` are those of Zensical's configuration."""
    listed = plugins.get("blogs") or {}
    blogs = listed.get("config", []) if isinstance(listed, Mapping) else listed
    folders = [_post_folder(each.get("config") or {}) for each in blogs]
    return any(PurePosixPath(page).is_relative_to(folder) for folder in folders)


def with_served_addresses(html: str, page: str, site_url: str) -> str:
    """Return a post whose `srcset` and `data-src` lead to their files from each page of the site.

    Without a `site_url` nothing changes: a browser takes what leads above the top of a server for
    the top, which is then right.
    """
    mount = urlsplit(site_url).path.rstrip("/")
    if not mount:
        return html
    folder = posixpath.dirname(page)

    def address(found: re.Match[str]) -> str:
        return f"{mount}/{posixpath.normpath(posixpath.join(folder, found[0]))}"

    return _ADDRESSES.sub(lambda found: _RELATIVE.sub(address, found[0]), html)


def _post_folder(options: Mapping[str, Any]) -> str:
    """Return where a blog has its posts, with the defaults that Zensical has."""
    blog = str(options.get("blog_dir", "blog"))
    posts = str(options.get("post_dir", "{blog}/posts")).replace("{blog}", blog)
    return posixpath.normpath(posts)
