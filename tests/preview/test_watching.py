"""What a preview stores is no change that it builds for, where it watches its own folders."""

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, fence
from tests.preview.serving import serve, wait_until


def test_a_save_that_draws_is_the_only_change_that_is_seen(site: MakeSite) -> None:
    theme = {"theme": {"name": None, "custom_dir": "theme"}}
    here = site(FOX, base_url="emulator", cache_dir="docs/cache", config=theme)
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    here.write()
    page = here.root / "docs" / "index.md"
    with serve(here, "--verbose") as served:
        for mark in ("first", "second"):
            page.write_text(f"{fence(f'A fox, the {mark}')}\n\nThe {mark} text.\n")
            wait_until(lambda mark=mark: f"The {mark} text" in served.page())  # type: ignore[misc]
    assert (here.root / "docs" / "cache" / "emulator").is_dir()
    seen = {line for line in (here.root / "serve.log").read_text().splitlines() if "Event(" in line}
    assert [line for line in seen if "index.md" in line]
    assert not [line for line in seen if "cache" in line and "is_directory=False" in line]
