"""What an attacker might try and no other test looks at: see the table in SECURITY.md."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.cli.main import main
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.readers import read_fence, read_image
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, write_body
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.imaging.reference_files import find
from mkdocs_gemini_images.reports.notice_log import located
from mkdocs_gemini_images.requests.request import FilePart, PicturePart, key
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.crash.scene import Heard, Scene
from tests.crash.till import Till
from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, begin_anew, fence
from tests.unit.pictures import png, proven, record, step

# A key is nowhere


def test_a_key_is_in_nothing_that_is_printed_or_written_at_the_loudest(site: MakeSite) -> None:
    """Some pictures come, some fail, and in the end a hook breaks the build."""
    here = site(
        FOX + fence("A hen [emulate: image-safety]") + fence("A cow [emulate: invalid]")
        + fence("A cat [emulate: disconnect]") + fence("An owl [emulate: html-200]"),
        config={"hooks": ["hook.py"]}, retries=0,
    )  # fmt: skip
    (here.root / "hook.py").write_text(
        "from mkdocs.plugins import event_priority\n"
        "@event_priority(-100)\ndef on_post_build(config):\n    raise RuntimeError(config)\n"
    )
    here.write()
    loud = (
        "import logging, sys; logging.basicConfig(level=1, stream=sys.stdout)\n"
        "from mkdocs.__main__ import cli; cli(['build', '--verbose'])"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", loud], cwd=here.root, capture_output=True, text=True,
        env={**os.environ, "PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "default"}, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode != 0
    for expected in ("httpcore", "httpx", "Traceback", "1 drawn", "filelock"):
        assert expected in said
    here.check_secrets([said])


def test_a_key_is_not_in_a_representation_of_anything(till: Till, tmp_path: Path) -> None:
    scene = Scene(tmp_path, till.url)
    options = scene.settings()
    build = SiteBuild(
        options, FolderStore(scene.stock), tmp_path, progress=Heard(), tracker=SpendTracker()
    )
    secret = options.server.key.reveal()
    assert secret
    for thing in (options, options.server, build, vars(build), options.server.key):
        assert secret not in f"{thing!r} {thing!s}"
    build.close()


def test_a_key_is_not_in_the_traceback_of_a_bug(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even in one with the values of all variables of ours, as some tools write it."""

    def broken(self: httpx.AsyncClient, *arguments: object, **named: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(httpx.AsyncClient, "stream", broken)
    here = site(FOX)
    with pytest.raises(RuntimeError, match="a bug") as caught:
        here.build()
    begin_anew()
    whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in whole.stack if "mkdocs_gemini_images" in frame.filename]
    assert {"generate", "_draw", "_exchange"} <= {frame.name for frame in ours}
    here.check_secrets([repr(frame.locals) for frame in ours])


# Strangers' words


HOSTILE = '</figcaption><script>alert(1)</script><img src=x onerror="alert(2)">" onload="x'
BAD_URIS = (
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil\"x",
    "https://example.org/\"onmouseover=\"alert(1)", "https://example.org/<script>", "file:///x",
    "https://example.org/ok",
)  # fmt: skip


def test_hostile_words_of_a_model_are_text_and_its_links_are_web_addresses(site: MakeSite) -> None:
    here = site(fence(HOSTILE, id="fox", alt=HOSTILE, caption="A fox", grounding="web"))
    here.options |= {"model": "gemini-nano-banana-2.1", "size": "1K"}
    wanted = _resolved(Directive(HOSTILE, HOSTILE, grounding=("web",)))
    data = png(64, 36)
    grounding = {
        "webSearchQueries": [HOSTILE],
        "groundingChunks": [{"web": {"uri": uri, "title": HOSTILE}} for uri in BAD_URIS],
        "searchEntryPoint": {"renderedContent": "<script>alert(3)</script>"},
    }
    FolderStore(here.stock).put(
        record(
            wanted.light.request, data, text=HOSTILE, grounding=grounding, model_version=HOSTILE
        ),
        data,
    )
    built = here.build(frozen=True, label=HOSTILE)
    assert "1 from stock" in built.closing, built.text
    found = tags(built.page)
    scripts = {attributes.get("src", "") for tag, attributes in found if tag == "script"}
    assert not [source for source in scripts if "alert" in source]
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]
    assert "<script>alert" not in built.page
    links = [a["href"] for tag, a in found if tag == "a" and "href" in a]
    assert "https://example.org/ok" in links
    assert not [link for link in links if link.split(":")[0] in ("javascript", "data", "vbscript")]
    assert {uri for uri in BAD_URIS if uri in links} == {"https://example.org/ok"}


def _resolved(directive: Directive) -> ResolvedImage:
    return compose_image(apply_defaults(directive, ImageDefaults()), ImageDefaults())


# Page authors


OWNERS = sorted({name for name, _ in GeminiImagesConfig()._schema} - OPTIONS.keys())


@pytest.mark.parametrize("name", OWNERS)
def test_what_the_sites_owner_decides_no_page_can(name: str) -> None:
    """Where a key goes, what it may cost, what is sent beside the prompt, where files lie."""
    assert {"base_url", "api_key", "request", "proxy", "budget", "max_new", "stock"} <= {*OWNERS}
    readers: list[Callable[[], Directive]] = [
        lambda: read_fence({}, f"prompt: A fox\nalt: x\n{name}: https://evil.example"),
        lambda: read_fence({name: "https://evil.example"}, "A fox"),
        lambda: read_image("A fox", "A fox", {name: "https://evil.example"}),
    ]
    for read in readers:
        with suppress(DiagnosticError):  # or it is read as words of the prompt
            assert read()._replace(prompt="", alt=None, source="") == Directive()


def test_a_pages_front_matter_decides_nothing(site: MakeSite) -> None:
    evil = "---\ngemini-images:\n  base_url: https://evil.example\nbase_url: https://evil.example\n---\n"
    here = site(evil + FOX)
    assert len(here.build().requests) == 1


TEXT = st.text(max_size=40)
VALUES = {
    "model": st.sampled_from(["gemini-3.1-flash-image", "gemini-nano-banana-2.1", "other/../x"]),
    "aspect_ratio": st.sampled_from(["16:9", "1:1", "9:9"]),
    "size": st.sampled_from(["1K", "512", "8K"]),
    "grounding": st.sampled_from(["web", "image, web", "shell"]),
    "references": st.sampled_from(
        ["https://example.org/a.png", "gs://b/c.png", "file:///etc/passwd", "http://x/y", "a.png"]
    ),
}
ALLOWED = {
    "contents.role", "contents.parts.text", "contents.parts.fileData.fileUri",
    "contents.parts.fileData.mimeType",
    "contents.parts.inlineData.mimeType", "contents.parts.inlineData.data",
    "generationConfig.responseModalities", "generationConfig.imageConfig.aspectRatio",
    "generationConfig.imageConfig.imageSize", "generationConfig.temperature",
    "tools.googleSearch", "tools.googleSearch.searchTypes.webSearch",
    "tools.googleSearch.searchTypes.imageSearch",
}  # fmt: skip


SMALL = png()


def paths(value: Any, path: str = "") -> Iterator[str]:
    """List the paths of a JSON value's leaves."""
    if isinstance(value, dict) and value:
        for name, inside in value.items():
            yield from paths(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inside in value:
            yield from paths(inside, path)
    else:
        yield path


@settings(deadline=None, max_examples=80)
@given(st.fixed_dictionaries({}, optional={
    **{name: VALUES.get(name, TEXT) for name in OPTIONS if name != "prompt"},
    "tools": TEXT, "fileUri": TEXT, "contents": TEXT,
}), TEXT)  # fmt: skip
def test_a_directive_reaches_only_the_known_places_of_a_request(
    header: dict[str, str], prompt: str
) -> None:
    try:
        found = read_fence(header, prompt)
    except DiagnosticError:
        return
    try:
        full = apply_defaults(found, ImageDefaults())
    except DiagnosticError:
        return
    try:
        parts = [find(each, "docs", Path(__file__).parent) for each in full.complete.references]
    except DiagnosticError:
        return
    wanted = compose_image(full, ImageDefaults(), tuple(parts))
    data = SMALL

    def look(key: str) -> tuple[Record, bytes]:
        return record(step(), data), data

    def load(part: FilePart) -> Inline:
        return Inline(proven(data), data)

    for last in wanted.requests:
        ids = (p.id for each in last.chain() for p in each.parts if isinstance(p, PicturePart))
        turns = conversation.turns(last, dict.fromkeys(ids, "a" * 64), look, load)
        assert {*paths(json.loads(write_body(last, turns, google=True)))} <= ALLOWED
        uris = [p.uri for turn in turns for p in turn.pictures if isinstance(p, FileUri)]
        assert all(uri.startswith(("https://", "gs://")) for uri in uris)


# Bills


def test_a_thousand_pictures_at_once_cost_nothing_and_are_said_once_each(
    till: Till, tmp_path: Path
) -> None:
    scene = Scene(tmp_path / "scene", till.url)
    options = scene.settings()._replace(limits=SpendingLimits())
    build = SiteBuild(
        options, FolderStore(scene.stock), tmp_path, progress=Heard(), tracker=SpendTracker()
    )
    for number in range(1_000):
        directive = Directive(f"Picture {number}", "A picture")
        build.collect(directive, Use(directive, "index.md"))
    build.finish()
    build.close()
    assert till.bills() == []
    assert build.missing == 1_000
    assert len(build.notices) == 1_000
    first, *others = (text for _, text in located(build.notices, lambda notice: notice.page))
    assert "more than max_new: 10" in first
    assert all(text.endswith("is not drawn: as above") for text in others)


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_pull_request_with_a_key_in_reach_buys_nothing(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    """Unless its own configuration says so, which is why such builds must not be given a key."""
    for name, value in (("CI", "true"), ("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", event)):
        monkeypatch.setenv(name, value)
    here = site(FOX)
    built = here.build()
    assert (built.requests, len(built.placeholders)) == ((), 1)
    assert len(here.build(frozen=False).requests) == 1


# What lies about


def test_a_cache_in_a_pull_request_swaps_no_picture(site: MakeSite) -> None:
    """It holds an attacker's files under the names and digests that the build looks for."""
    here = site(FOX)
    real = here.build()
    name, evil = "", b"RIFF an attacker's picture"
    with closing(sqlite3.connect(here.cache / "variants" / "cache.db")) as database, database:
        for (name,) in database.execute("SELECT key FROM Cache").fetchall():
            value = sha256(name.encode() + b"\0" + evil).digest() + evil
            database.execute("UPDATE Cache SET value = ? WHERE key = ?", (value, name))
    assert name
    shutil.rmtree(here.cache / "ready")
    shutil.rmtree(here.root / "site")
    for command in (["init", "-q"], ["add", "-f", ".cache"]):
        subprocess.run(["git", *command], cwd=here.root, check=True, capture_output=True)
    built = here.build()
    assert built.pictures == real.pictures
    (warning,) = built.warnings
    assert "(Git tracks .cache/plugin/gemini-images/" in warning
    assert "run git rm -r --cached .cache/plugin/gemini-images" in warning


def test_a_link_in_the_stock_leads_no_other_file_into_the_site(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    (picture,) = (path for path in here.stock.iterdir() if path.suffix != ".json")
    secret = here.root / "secret.png"
    secret.write_bytes(png(640, 360))
    picture.unlink()
    picture.symlink_to(secret)
    for path in (here.cache, here.root / "site"):
        subprocess.run(["rm", "-rf", path], check=True)
    built = here.build()
    assert built.pictures == {}
    assert len(built.warnings) == 1


@pytest.mark.parametrize("path", ["../../evil.png", "x/../../../evil.png", "%2e%2e/evil.png"])
def test_a_named_file_stays_in_its_folder(site: MakeSite, path: str) -> None:
    here = site(f'![A fox]({path} "gemini: A fox in snow")\n')
    here.build()
    outside = [each for each in here.root.parent.rglob("evil*") if each.is_file()]
    assert all(each.is_relative_to(here.root / "site") for each in outside)


def test_an_authors_own_file_is_never_replaced(site: MakeSite) -> None:
    here = site('![A fox](fox.png "gemini: A fox in snow")\n')
    own = here.root / "docs" / "fox.png"
    own.parent.mkdir()
    own.write_bytes(png(50, 40))
    built = here.build()
    assert built.requests == ()
    done = CliRunner().invoke(main, ["draw", "--yes", "-f", str(here.root / "mkdocs.yml")])
    begin_anew()
    assert done.exit_code == 0
    assert own.read_bytes() == png(50, 40) == (here.root / "site" / "fox.png").read_bytes()


def test_what_is_in_flight_and_what_was_paid_stay_out_of_the_site(site: MakeSite) -> None:
    here = site(FOX + fence("A hen [emulate: disconnect]"), retries=0)
    here.build()
    published = [path for path in (here.root / "site").rglob("*") if path.is_file()]
    assert not [path for path in published if "journal" in path.parts or path.suffix == ".part"]
    names = {path.name for path in published}
    assert not names & {path.name for path in here.stock.iterdir()}, "originals stay at home"


def test_a_forged_pair_is_its_committers_responsibility(site: MakeSite) -> None:
    """Who can write the stock owns its pictures: a whole pair under a key is believed."""
    here = site(FOX)
    here.build()
    (sidecar,) = here.stock.glob("*.json")
    told, forged = json.loads(sidecar.read_text()), png(640, 360)
    (here.stock / f"{told['key']}.jpg").unlink(missing_ok=True)
    (here.stock / f"{told['key']}.png").write_bytes(forged)
    told |= {"sha256": sha256(forged).hexdigest(), "kind": "png", "width": 640, "height": 360}
    sidecar.write_text(json.dumps(told))
    built = here.build()
    assert (built.requests, built.warnings) == ((), [])
    assert key(step()) != told["key"]
