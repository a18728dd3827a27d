"""When a picture does not come, its siblings stay, it is not paid twice, and it is reported."""

from typing import Any

import pytest

from mkdocs_gemini_images.config.server import GOOGLE
from mkdocs_gemini_images.generation.journal.names import UNKNOWN
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, FOX, fence


def failing(scenario: str, prompt: str = "A heron") -> str:
    """Write a directive whose request has an end of its own."""
    return fence(f"{prompt} [emulate: {scenario}]")


def test_one_failure_leaves_its_siblings_alone(site: MakeSite) -> None:
    page = FOX + failing("image-safety") + fence("A town at night") + failing("forbidden")
    built = site(page).build()
    assert [image["src"].endswith(".webp") for image in built.images()] == [
        True,
        False,
        True,
        False,
    ]
    assert len(built.warnings) == 2
    assert "2 drawn" in built.closing
    assert built.closing.count("2 not drawn") == 1


@pytest.mark.parametrize(
    "scenario", ["image-safety", "prompt-blocked", "text-only", "gateway-blocked"]
)
def test_a_refusal_is_remembered_and_not_paid_for_again(site: MakeSite, scenario: str) -> None:
    here = site(failing(scenario))
    first = here.build()
    assert len(first.requests) == 1
    assert len(first.warnings) == 1
    second = here.build()
    assert second.requests == ()
    (warning,) = second.warnings
    assert warning.startswith("index.md:2: ")
    assert "answered on 20" in warning
    assert "gemini-images draw" in warning


def test_a_refused_first_step_is_the_reason_of_its_edits(site: MakeSite) -> None:
    here = site(fence("A heron [emulate: image-safety]", edits="[at night, in snow]"))
    first = here.build()
    assert len(first.requests) == 1
    assert len(first.warnings) == 1
    second = here.build()
    assert second.requests == ()
    assert "IMAGE_SAFETY" in second.warnings[0]


def test_what_is_not_billed_is_asked_for_by_the_next_build(site: MakeSite) -> None:
    here = site(failing("forbidden"))
    assert len(here.build().requests) == 1
    assert len(here.build().requests) == 1
    assert list(here.journal.glob("*.intent")) == []


def test_a_bad_key_ends_the_build_after_one_request(site: MakeSite) -> None:
    page = failing("bad-key", "A") + failing("bad-key", "B") + failing("bad-key", "C")
    built = site(page).build(concurrency=1)
    assert len(built.requests) == 1
    assert len(built.warnings) == 3
    assert "API key" in built.warnings[0]
    assert all(warning.endswith(": as above") for warning in built.warnings[1:]), built.warnings


def test_an_unknown_outcome_is_tried_once_more_and_both_are_counted(site: MakeSite) -> None:
    here = site(failing("dropped"))
    built = here.build(retries=5)
    assert len(built.requests) == 2
    (warning,) = built.warnings
    assert "about $0.09 may have been billed" in warning
    assert len(list((here.journal / UNKNOWN).glob("*"))) == 2


def test_an_unknown_outcome_is_not_tried_beyond_the_budget(site: MakeSite) -> None:
    built = site(failing("dropped")).build(budget=0.08)
    assert len(built.requests) == 1


def test_a_picture_that_failed_comes_with_a_later_build(site: MakeSite) -> None:
    here = site(failing("bad-gateway"))
    here.build(retries=0)
    here.pages["index.md"] = fence("A heron")
    built = here.build()
    assert built.loud == ()
    assert len(built.pictures) == 2


def test_a_failure_can_be_made_to_fail_the_build_after_it_kept_what_came(site: MakeSite) -> None:
    here = site(FOX + failing("image-safety"))
    built = here.build(on_missing="fail")
    assert "1 picture is missing" in str(built.error)
    assert len(here.owned) == 2


@pytest.mark.parametrize("key", [f"{CANARY}\n{CANARY}", f"ümlaut-{CANARY}", f"two {CANARY}"])
def test_a_key_that_cannot_be_sent_is_not_quoted(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", key)
    built = site(FOX).build()
    assert built.requests == ()
    assert "API key" in built.loud[0]


def test_a_key_may_be_named_for_a_server_and_is_in_no_message(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("MY_KEY", CANARY)
    here = site(FOX)
    file = here.write(api_key="ENV MY_KEY")
    file.write_text(file.read_text().replace('"ENV MY_KEY"', "!ENV MY_KEY"))
    assert len(here.run(file).requests) == 1


def test_a_key_in_the_file_is_refused_and_not_repeated(site: MakeSite) -> None:
    here = site(FOX)
    here.secrets = ()
    built = here.build(api_key="sk-literal-0815")
    assert built.requests == ()
    assert "!ENV" in built.loud[0]
    assert "sk-literal-0815" not in str(built.loud)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ca_file": "nowhere.pem"}, "nowhere.pem cannot be read"),
        ({"proxy": "localhost:3128"}, "proxy as http://host:port"),
        ({"proxy": "socks5://127.0.0.1:9"}, "proxy as http://host:port"),
        ({"proxy": "http://127.0.0.1:9"}, "the proxy would read the key"),
        ({"base_url": GOOGLE, "proxy": "http://127.0.0.1:9", "retries": 0}, "no connection"),
        ({"base_url": "http://127.0.0.1:9", "retries": 0}, "no connection"),
    ],
)
def test_a_way_that_leads_nowhere_costs_nothing(
    site: MakeSite, changes: dict[str, Any], said: str
) -> None:
    built = site(FOX).build(**changes)
    assert built.requests == ()
    (warning,) = built.loud
    assert said in warning


def test_a_picture_that_is_billed_more_than_at_most_is_a_warning(site: MakeSite) -> None:
    built = site(failing("bill-above-table")).build()
    (warning,) = built.warnings
    assert "was billed $0.1" in warning
    assert "and $0.05" in warning
    assert " (quoted $0.05)" in built.closing
    assert " for $0.1" in built.closing


def test_no_words_of_an_author_steer_a_terminal(site: MakeSite) -> None:
    steering = "\x1b[2J\x1b]0;title\x07\u202e"
    page = fence(f"A heron{steering}") + fence("A town", take=f"2{steering}")
    said = site(page).build(frozen=True).text
    assert "'A heron\ufffd[2J\ufffd]0;title\ufffd\ufffd'" in said
    assert "(you wrote '2\ufffd[2J" in said
    assert not set(steering[:1] + "\x07\u202e") & set(said)


def test_a_link_out_of_the_site_leads_no_correction_there(site: MakeSite) -> None:
    here = site(failing("image-safety"), config={"hooks": ["hook.py"]})
    (here.root / "hook.py").write_text(
        "import json\nfrom pathlib import Path\n"
        "def on_page_content(html, config, **more):\n"
        "    Path(config.config_file_path).with_name('outside.json').write_text(json.dumps(html))\n"
        "def on_post_build(config):\n"
        "    outside = Path(config.config_file_path).with_name('outside.json')\n"
        "    Path(config.site_dir, 'inside.json').write_text(outside.read_text())\n"
        "    Path(config.site_dir, 'link.json').symlink_to(outside)\n"
    )
    built = here.build()
    assert built.error is None
    assert ".svg" in (here.root / "site" / "inside.json").read_text()
    assert ".webp" in (here.root / "outside.json").read_text()
