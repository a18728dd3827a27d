"""What is bought and what is not: money is spent on an author's words, once, on nothing else."""

from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, begin_anew, fence

THREE = fence("A fox in snow") + fence("A heron at noon") + fence("A town at night")


def test_a_cold_build_asks_once_per_picture_and_a_warm_one_never(site: MakeSite) -> None:
    here = site(THREE)
    cold = here.build()
    assert sorted(cold.prompts) == ["A fox in snow", "A heron at noon", "A town at night"]
    assert cold.loud == ()
    assert cold.closing.startswith("3 pictures, 3 drawn in ")
    assert "(commit 6 files in gemini-images/)" in cold.closing
    assert [image["width"] for image in cold.images()] == ["688"] * 3
    warm = here.build()
    assert warm.requests == ()
    assert warm.closing == "3 pictures, 3 from stock"
    assert warm.images() == cold.images()
    assert warm.pictures == cold.pictures


def test_the_price_is_said_before_the_first_request(site: MakeSite) -> None:
    built = site(THREE).build()
    first, *others = built.infos
    assert first == "drawing 3 pictures with gemini-3.1-flash-image, about $0.14 (at most $0.18)"
    assert sum("drawn" in text for text in others) == 4


@pytest.mark.parametrize(
    "presentation",
    [
        {"caption": "In *winter*"},
        {"width": "50%"},
        {"class": "wide"},
        {"align": "left"},
        {"id": "fox"},
        {"loading": "eager"},
        {"alt": "Another text"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_presentation_costs_nothing(site: MakeSite, presentation: dict[str, str]) -> None:
    here = site(fence("A fox in snow"))
    here.build()
    here.pages["index.md"] = fence("A fox in snow", **presentation)
    again = here.build()
    assert again.requests == ()
    assert again.images()[0]["src"].endswith(".webp")


@pytest.mark.parametrize(
    "changes",
    [{"quality": 40}, {"widths": [320, 600]}, {"assets_dir": "img/gemini"}, {"sizes": "50vw"},
     {"label": "AI-generated"}, {"concurrency": 1}, {"on_missing": "fail"}],
    ids=lambda given: next(iter(given)),
)  # fmt: skip
def test_options_of_publishing_cost_nothing(site: MakeSite, changes: dict[str, Any]) -> None:
    here = site(FOX)
    here.build()
    again = here.build(**changes)
    assert again.requests == ()
    assert again.warnings == []
    assert again.images()[0]["src"].endswith(".webp")


def test_other_words_cost_one_request(site: MakeSite) -> None:
    here = site(THREE)
    here.build()
    here.pages["index.md"] = THREE.replace("A heron at noon", "A heron at dusk")
    assert here.build().prompts == ["A heron at dusk"]
    assert len(here.owned) == 8, "what was paid is kept"


def test_another_take_costs_one_request(site: MakeSite) -> None:
    here = site(fence("A fox in snow"))
    first = here.build()
    here.pages["index.md"] = fence("A fox in snow", take=2)
    second = here.build()
    assert second.prompts == ["A fox in snow"]
    assert set(first.pictures).isdisjoint(second.pictures)
    assert len(here.owned) == 4


def test_white_space_costs_nothing(site: MakeSite) -> None:
    here = site(fence("A fox in snow"))
    here.build()
    here.pages["index.md"] = fence("A  fox\n  in   snow")
    assert here.build().requests == ()


def test_two_directives_with_one_request_are_one_picture(site: MakeSite) -> None:
    here = site({"index.md": FOX, "guide/a.md": FOX + fence("A fox in snow")})
    built = here.build()
    assert len(built.requests) == 1
    assert built.closing.startswith("1 picture, 1 drawn")
    assert len(built.images("guide/a/index.html")) == 2
    assert len(built.pictures) == 2, "one file for each width"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "gemini-3-pro-image", "size": "1K"}, "gemini-3.1-flash-image -> gemini-3-pro"),
        ({"size": "1K"}, "size 512 -> 1K"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio 16:9 -> 1:1"),
        ({"temperature": 0.5}, "temperature unset -> 0.5"),
        ({"request": {"safetySettings": []}}, "request changed"),
        ({"presets": {"ink": {"template": "{{ prompt }}, in ink"}}, "preset": "ink"},
         "the preset's words changed"),
    ],
)  # fmt: skip
def test_a_changed_default_keeps_the_picture_and_says_what_drifted(
    site: MakeSite, changes: dict[str, Any], said: str
) -> None:
    here = site(FOX)
    before = here.build()
    after = here.build(**changes)
    assert after.requests == ()
    assert after.loud == ()
    assert any("drifted" in text and said in text for text in after.infos), after.text
    assert after.closing == "1 picture, 1 drifted"
    assert after.images()[0]["width"] == before.images()[0]["width"]
    assert set(before.pictures.values()) & set(after.pictures.values())


def test_a_drifted_picture_is_drawn_anew_when_the_owner_says_so(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    assert len(here.build(aspect_ratio="1:1", on_drift="draw").requests) == 1
    assert here.build(aspect_ratio="1:1", on_drift="draw").requests == ()
    assert here.build(aspect_ratio="1:1").closing == "1 picture, 1 from stock"


def test_going_back_to_old_defaults_costs_nothing(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    here.build(aspect_ratio="1:1", on_drift="draw")
    back = here.build(on_drift="draw")
    assert back.requests == ()
    assert back.closing == "1 picture, 1 from stock"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"max_new": 2}, "3 requests are more than max_new"),
        ({"budget": 0.1}, "up to $0.18 is more than budget"),
        ({"model": "some-gateways-model", "size": "1K"}, "no price is known"),
    ],
)
def test_beyond_a_wall_nothing_is_bought(
    site: MakeSite, changes: dict[str, Any], reason: str
) -> None:
    built = site(THREE).build(**changes)
    assert built.requests == ()
    first, *others = built.warnings
    assert reason in first
    assert "gemini-images draw" in first
    assert len(others) == 2
    assert built.closing == "3 pictures, 3 not drawn"


def test_every_turn_counts_at_a_wall(site: MakeSite) -> None:
    page = fence("A fox", edits="[at night, in snow, with a friend]")
    assert site(page).build(max_new=3).requests == ()
    assert len(site(page).build(max_new=4).requests) == 4


def test_a_wall_is_not_asked_by_what_is_owned(site: MakeSite) -> None:
    here = site(THREE)
    here.build()
    assert here.build(max_new=0, budget=0).closing == "3 pictures, 3 from stock"


def test_an_unknown_model_may_draw_where_its_price_is_given(site: MakeSite) -> None:
    prices = {"gemini-3.1-flash-image": {"512": 1.5}}
    built = site(FOX + fence("A heron at noon")).build(prices=prices)
    assert built.requests == ()
    assert "up to $3.03 is more than budget" in built.text


@pytest.mark.parametrize(("on_missing", "level"), [("warn", "WARNING"), ("info", "INFO")])
def test_a_frozen_build_shows_a_placeholder(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, on_missing: str, level: str
) -> None:
    monkeypatch.setenv("CI", "true")
    built = site(FOX).build(on_missing=on_missing)
    assert built.requests == ()
    assert built.placeholders == ["placeholder-688x384.svg"]
    (image,) = built.images()
    assert image["src"] == "assets/gemini/placeholder-688x384.svg"
    assert (image["width"], image["height"], image["alt"]) == ("688", "384", "A fox")
    assert b"A fox in snow" not in built.files["placeholder-688x384.svg"]
    (said,) = [line for line in built.said if "A fox in snow" in line[1]]
    assert said[0] == level
    assert "index.md:3" in said[1]
    assert "frozen" in said[1]
    assert "gemini-images draw" in said[1]


def test_a_frozen_build_can_be_made_to_fail(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    built = site(FOX).build(on_missing="fail")
    assert built.requests == ()
    assert "1 picture is missing" in str(built.error)


@pytest.mark.parametrize("name", ["CI", "READTHEDOCS", "NETLIFY", "CF_PAGES"])
def test_machines_that_forget_are_frozen(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    here = site(FOX)
    assert here.build().requests == ()
    assert len(here.build(frozen=0).requests) == 1, "the owner decides"


def test_a_frozen_build_shows_what_is_owned(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(FOX)
    before = here.build()
    monkeypatch.setenv("CI", "true")
    after = here.build(on_missing="fail")
    assert after.error is None
    assert after.images() == before.images()
    assert after.pictures == before.pictures


def test_without_a_key_no_request_is_sent(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    built = site({"index.md": FOX, "other.md": fence("A heron")}).build()
    assert built.requests == ()
    first, *others = built.warnings
    assert "no API key for 127.0.0.1" in first
    assert "GEMINI_API_KEY" in first
    assert others == ["other.md:2: 'A heron' is not drawn: as above"]


def test_switched_off_it_shows_what_is_owned_and_draws_nothing(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    here.pages["index.md"] += fence("A heron at noon")
    built = here.build(enabled=False)
    assert built.requests == ()
    assert built.loud == ()
    assert [image["src"].endswith(".webp") for image in built.images()] == [True, False]


def test_the_bundled_emulator_is_never_frozen_and_owns_nothing(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("GEMINI_API_KEY")
    here = site(THREE, base_url="emulator")
    built = here.build(frozen=True, max_new=0, budget=0)
    assert built.loud == ()
    assert built.closing.startswith("3 pictures, 3 drawn in ")
    assert "commit" not in built.closing
    assert "$" not in built.text
    assert "drawing 3 pictures with the emulator" in built.infos
    assert len(built.pictures) == 6
    assert not here.stock.exists()
    assert here.build().closing == "3 pictures, 3 from the emulator's cache"


def test_pictures_of_the_emulator_never_stand_for_real_ones(site: MakeSite) -> None:
    here = site(FOX)
    here.build(base_url="emulator")
    assert len(here.build().requests) == 1
    assert here.build(base_url="emulator").closing == "1 picture, 1 from the emulator's cache"
    assert [sidecar["price"] > 0 for sidecar in here.sidecars] == [True]


def test_one_id_for_two_requests_is_an_error_that_names_both(site: MakeSite) -> None:
    page = fence("A fox in snow", id="fox") + fence("A heron at noon", id="fox")
    built = site(page).build()
    assert built.prompts == ["A fox in snow"]
    (warning,) = built.warnings
    assert "'fox'" in warning
    assert "A heron at noon" in warning
    assert "A fox in snow" in warning
    assert "gemini-image-error" in built.page


def test_one_id_for_one_request_may_appear_again(site: MakeSite) -> None:
    page = fence("A fox in snow", id="fox")
    built = site({"index.md": page, "de/index.md": page}).build()
    assert (len(built.requests), built.loud) == (1, ())


def test_an_earlier_picture_of_the_same_id_is_better_than_none(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(fence("A fox in snow", id="fox"))
    before = here.build()
    here.pages["index.md"] = fence("A fox in rain", id="fox")
    monkeypatch.setenv("CI", "1")
    after = here.build()
    assert after.requests == ()
    assert set(after.pictures.values()) == set(before.pictures.values())
    assert set(after.pictures).isdisjoint(before.pictures), "an old URL never shows other bytes"
    said = "index.md:2: an earlier picture of this id is shown in place of 'A fox in rain': "
    assert after.warnings[0].startswith(said)


def test_an_edit_is_drawn_step_by_step_and_its_last_picture_is_shown(site: MakeSite) -> None:
    here = site(fence("A fox", edits="[at night, in snow]"))
    built = here.build()
    assert built.prompts == ["A fox", "at night", "in snow"]
    last = built.requests[-1].body["contents"]
    assert [turn["role"] for turn in last] == ["user", "model", "user", "model", "user"]
    assert len(here.owned) == 6
    assert len(built.pictures) == 2, "one picture, at two widths"
    here.pages["index.md"] = fence("A fox", edits="[at night, in rain]")
    assert here.build().prompts == ["in rain"]


def test_a_mistake_costs_nothing_and_leaves_its_neighbours_alone(site: MakeSite) -> None:
    wrong = fence("A heron", sise="2K")
    built = site(wrong + FOX).build()
    assert built.prompts == ["A fox in snow"]
    (warning,) = built.warnings
    assert "did you mean 'size'" in warning


def test_what_a_model_cannot_draw_is_not_asked_for(site: MakeSite) -> None:
    built = site(fence("A fox", model="gemini-2.5-flash-image", size="4K")).build()
    assert built.requests == ()
    assert len(built.warnings) == 1


def test_an_example_costs_nothing(site: MakeSite) -> None:
    page = f"~~~~markdown\n{fence('A fox')}\n~~~~\n\n`{FOX.split(chr(10))[2]}`\n"
    built = site(page).build()
    assert (built.requests, built.said) == ((), ())


def test_the_builds_of_one_command_share_their_walls(site: MakeSite) -> None:
    """As with one build per language: the host builds again before the command ends."""
    here = site(fence("A fox in snow"), max_new=1)
    begin_anew()
    before = len(here.ledger.entries)
    config = load_config(str(here.write()))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    here.pages["index.md"] += fence("A heron at noon")
    here.write()
    build(config)
    assert len(here.ledger.entries) - before == 1
    assert len(here.sidecars) == 1
    assert "placeholder" in (here.root / "site" / "index.html").read_text()
