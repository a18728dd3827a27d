"""A directive becomes requests: what its options change in keys and author's digests, and what not.

Presentation and defaults that an author repeats change no key.
"""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.presets import read_presets
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.requests.request import FilePart, key
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage, another_take, apply_defaults
from tests.unit.pictures import resolved

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.split()
)
directives = st.builds(
    lambda **options: Directive(**options),  # with no others: `builds` gives each field a value
    prompt=words,
    model=st.sampled_from(["", "gemini-3.1-flash-image"]),
    aspect_ratio=st.sampled_from(["", "1:1", "16:9"]),
    size=st.sampled_from(["", "1K", "2K"]),
    temperature=st.none() | st.floats(0, 2),
    edits=st.lists(words, max_size=3).map(tuple),
    dark=st.just("") | words,
    take=st.integers(1, 3),
)


def author_digests(found: ResolvedImage) -> list[str]:
    authored = [each for each in (found.light, found.dark) if each is not None]
    return [each.author_digest for each in authored]


@given(directives, st.sampled_from(["alt", "caption", "id", "classes", "width", "align", "loading",
                                    "source"]))  # fmt: skip
def test_presentation_changes_neither_key_nor_author_digest(
    directive: Directive, name: str
) -> None:
    value: Any = ("wide",) if name == "classes" else "other"
    changed = directive._replace(**{name: value})
    one, other = resolved(directive), resolved(changed)
    assert [key(each) for each in one.requests] == [key(each) for each in other.requests]
    assert author_digests(one) == author_digests(other)


@pytest.mark.parametrize(
    "written",
    [
        {"model": catalogue.DEFAULT_MODEL},
        {"aspect_ratio": "16:9"},
        {"size": "1K"},
        {"size": "1k "},
        {"take": 1},
        {"edits": ()},
        {"dark": ""},
        {"grounding": ()},
        {"references": ()},
        {"temperature": None},
    ],
)
def test_writing_a_default_changes_no_key(written: dict[str, Any]) -> None:
    assert key(resolved(Directive("A fox", **written)).light.request) == key(
        resolved(Directive("A fox")).light.request
    )


@given(st.lists(words, min_size=1, max_size=5), st.sampled_from([" ", "\n", "\t  ", " \n\n "]))
def test_white_space_is_folded_in_text_key_and_author_digest(said: list[str], space: str) -> None:
    said = " ".join(said).split()
    one = resolved(Directive(" ".join(said), edits=(" ".join(said),)))
    other = resolved(Directive(space + space.join(said) + space, edits=(space.join(said),)))
    assert other.light.request.text == " ".join(said)
    assert key(one.light.request) == key(other.light.request)
    assert (
        Directive(" ".join(said)).author_digest == Directive(space.join(said) + space).author_digest
    )


@given(directives, words)
def test_another_last_edit_redraws_one_step(directive: Directive, other: str) -> None:
    assume(directive.edits and other.split() != directive.edits[-1].split())
    changed = directive._replace(edits=(*directive.edits[:-1], other))
    before = [key(each) for each in resolved(directive).light.request.chain()]
    after = [key(each) for each in resolved(changed).light.request.chain()]
    assert before[:-1] == after[:-1]
    assert before[-1] != after[-1]


@given(directives, st.integers(4, 9))
def test_another_take_redraws_the_last_step_alone(directive: Directive, take: int) -> None:
    before = [key(each) for each in resolved(directive).light.request.chain()]
    after = [key(each) for each in resolved(directive._replace(take=take)).light.request.chain()]
    assert before[:-1] == after[:-1]
    assert before[-1] != after[-1]


@given(directives)
def test_a_conversation_is_the_prompt_the_edits_and_then_the_dark_twin(
    directive: Directive,
) -> None:
    found = resolved(directive)
    texts = [each.text for each in found.light.request.chain()]
    assert texts == [" ".join(text.split()) for text in (directive.prompt, *directive.edits)]
    assert [each.take for each in found.light.request.chain()][:-1] == [1] * len(directive.edits)
    assert found.light.request.take == directive.take
    if found.dark is None:
        assert not directive.dark
    else:
        assert found.dark.request.after == found.light.request
        assert found.dark.request.take == 1
        assert len(set(author_digests(found))) == 2


def test_only_the_first_step_has_the_references() -> None:
    part = FilePart("a.png", "a" * 64)
    found = resolved(Directive("x", edits=("y", "z"), dark="d"), parts=(part,))
    assert [each.parts for each in found.light.request.chain()] == [(part,), (), ()]
    assert found.dark is not None
    assert found.dark.request.parts == ()


def test_a_directive_that_its_model_cannot_draw_is_refused_whole() -> None:
    with pytest.raises(DiagnosticError) as caught:
        apply_defaults(
            Directive("x", size="8K", aspect_ratio="1:8"),
            ImageDefaults(model="gemini-3-pro-image"),
        )
    assert len(caught.value.diagnostics) == 2


WISHED: list[dict[str, Any]] = [
    {"prompt": "other"}, {"model": "gemini-3-pro-image"}, {"aspect_ratio": "16:9"}, {"size": "1K"},
    {"temperature": 0.0}, {"grounding": ("web",)}, {"preset": "ink"}, {"references": ("a.png",)},
    {"edits": ("x",)}, {"dark": "x"}, {"take": 2},
]  # fmt: skip


def test_each_option_that_draws_changes_the_author_digest_even_a_repeated_default() -> None:
    base = {"prompt": "A fox"}
    found = [Directive(**(base | each)).author_digest for each in [{}, *WISHED]]
    assert len(set(found)) == len(found)


def test_an_author_digest_knows_nothing_of_the_site() -> None:
    presets = read_presets({"ink": {"template": "{{ prompt }}, ink", "size": "2K"}})
    site = ImageDefaults(model="gemini-3-pro-image", presets=presets, preset="ink", emulated=True)
    one, other = resolved(Directive("A fox")), resolved(Directive("A fox"), site)
    assert one.directive.author_digest == other.directive.author_digest
    assert key(one.light.request) != key(other.light.request)


def test_the_second_digest_is_the_one_from_before_localized_was_changed() -> None:
    plain = Directive("A sign", dark="At night")
    today = resolved(plain._replace(localized=True), language="fr")
    before = resolved(plain._replace(localized=None), language="fr")
    for one, other in ((today.light, before.light), (today.dark, before.dark)):
        assert one is not None
        assert other is not None
        same = other._replace(directive=one.directive)
        now, former = list(one.author_digests())[:2]
        assert [former, now] == list(same.author_digests())[:2]
        assert now != former


def test_the_presentation_has_the_presets_defaults_and_the_authors_words() -> None:
    presets = read_presets({"ink": {"template": "{{ prompt }}, ink", "size": "2K"}})
    site = ImageDefaults(presets=presets, preset="ink", model="gemini-3-pro-image")
    written = Directive("A fox", caption="Ink")
    found = resolved(written, site)
    assert found.directive == written
    assert found.presentation == written._replace(size="2K")
    assert found.light.request.text == "A fox, ink"


@given(directives, st.integers(2, 9))
def test_another_take_is_the_light_image_with_that_take_written(
    directive: Directive, take: int
) -> None:
    found = another_take(resolved(directive), take)
    written = resolved(directive._replace(take=take))
    assert found.light == written.light
    assert found.light.author_digest == written.light.author_digest
    assert (found.directive, found.dark) == (written.directive, None)
