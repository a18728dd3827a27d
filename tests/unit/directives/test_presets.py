"""A preset puts text around a prompt, and has defaults for options without a value."""

import pytest

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.presets import Preset, fill, read_presets
from mkdocs_gemini_images.requests.resolved_image import apply_defaults


def preset(**body: object) -> Preset:
    return read_presets({"ink": body})["ink"]


def mistakes(presets: dict[str, object]) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as caught:
        read_presets(presets)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ prompt }}", "A fox"),
        ("{{ prompt }}, ink on paper", "A fox, ink on paper"),
        ("Ink. {{ prompt | lower }}.", "Ink. a fox."),
        ("{% if prompt %}{{ prompt }}{% endif %} & <b>", "A fox & <b>"),
    ],
)
def test_the_template_puts_its_words_around_the_prompt(template: str, words: str) -> None:
    assert preset(template=template).words("A fox") == words


def test_a_prompt_is_literal_and_never_a_template() -> None:
    assert preset(template="{{ prompt }}!").words("{{ 7 * 7 }}") == "{{ 7 * 7 }}!"
    site = ImageDefaults(presets={"ink": preset(template="{{ prompt }}!")}, preset="ink")
    full = apply_defaults(Directive(prompt="{{ 7 * 7 }}"), site).complete
    assert full.prompt == "{{ 7 * 7 }}!"


def test_without_a_template_the_prompt_is_the_authors() -> None:
    assert preset(size="2K").words("A fox") == "A fox"


OPTIONS: list[tuple[str, object, str, object]] = [
    ("model", "gemini-3-pro-image", "model", "gemini-3-pro-image"),
    ("aspect_ratio", 969, "aspect_ratio", "16:9"),
    ("aspect_ratio", "4:3", "aspect_ratio", "4:3"),
    ("size", 512, "size", "512"),
    ("size", "2k", "size", "2K"),
    ("temperature", 0, "temperature", 0.0),
    ("temperature", 0.5, "temperature", 0.5),
    ("grounding", ["web", "image"], "grounding", ("image", "web")),
    ("grounding", "web", "grounding", ("web",)),
    ("references", ["a.png", "b.png"], "references", ("a.png", "b.png")),
    ("references", "a.png", "references", ("a.png",)),
    ("references", None, "references", ()),
    ("edits", ["Make it  night"], "edits", ("Make it night",)),
    ("dark", "By night", "dark", "By night"),
    ("class", "left wide", "classes", ("left", "wide")),
    ("class", None, "classes", ()),
    ("width", 300, "width", "300px"),
    ("align", "left", "align", "left"),
    ("loading", "eager", "loading", "eager"),
]


@pytest.mark.parametrize(("option", "written", "field", "value"), OPTIONS)
def test_an_option_of_a_preset_is_the_default_of_its_directives(
    option: str, written: object, field: str, value: object
) -> None:
    filled = fill(Directive(prompt="A fox"), preset(**{option: written}))
    assert getattr(filled, field) == value


def test_an_authors_option_is_kept() -> None:
    read = preset(size="2K", aspect_ratio="4:3", temperature=1, references=["a.png"], width=300)
    mine = Directive(
        prompt="x", size="4K", aspect_ratio="1:1", temperature=0.0, references=("b.png",),
        width="50%",
    )  # fmt: skip
    assert fill(mine, read) == mine


def test_without_a_preset_nothing_changes() -> None:
    directive = Directive(prompt="x")
    assert apply_defaults(directive, ImageDefaults()).presentation == directive


def test_the_author_comes_before_the_preset_and_the_preset_before_the_site() -> None:
    site = ImageDefaults(
        size="4K", aspect_ratio="1:1", temperature=0.3, model="gemini-3-pro-image",
        presets={"ink": preset(size="2K", aspect_ratio="4:3")},
    )  # fmt: skip
    full = apply_defaults(Directive(prompt="x", preset="ink", size="1K"), site).complete
    assert (full.size, full.aspect_ratio, full.temperature, full.model) == (
        "1K", "4:3", 0.3, "gemini-3-pro-image",
    )  # fmt: skip


def test_a_directives_own_preset_replaces_the_sites() -> None:
    both = read_presets({"ink": {"template": "ink {{ prompt }}"}, "oil": {"size": "2K"}})
    site = ImageDefaults(presets=both, preset="ink")
    full = apply_defaults(Directive("x"), site).complete
    other = apply_defaults(Directive("x", preset="oil"), site).complete
    assert (full.prompt, full.size, other.prompt, other.size) == ("ink x", "1K", "x", "2K")


MISTAKES: list[tuple[object, str]] = [
    ("ink", "expected preset 'ink' as a mapping, got ''ink'': write template: ..."),
    (None, "expected preset 'ink' as a mapping, got 'None': write template: ..."),
    ({"siz": "2K"}, "expected a known option in preset 'ink', got 'siz': did you mean 'size'?"),
    ({"templat": "x"},
     "expected a known option in preset 'ink', got 'templat': did you mean 'template'?"),
    ({"model": None}, "in preset 'ink', model must be the id of a model (you wrote ''): "
                      "write it like "
     "gemini-nano-banana-2.1"),
    ({"temperature": 9}, "in preset 'ink', temperature must be a number from 0 to 2 (you "
                         "wrote '9'): "
     "leave it out unless you need it"),
    ({"aspect_ratio": "wide"},
     "in preset 'ink', aspect_ratio must be width:height or auto (you wrote 'wide'): "
     "write it like 16:9"),
    ({"template": "no place"}, "the template of preset 'ink' leaves out the author's words: "
     "write {{ prompt }} where the author's words belong"),
    ({"template": None}, "the template of preset 'ink' leaves out the author's words: "
     "write {{ prompt }} where the author's words belong"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), MISTAKES)
def test_a_mistake_in_a_preset_is_reported(body: object, said: str) -> None:
    assert [str(each) for each in mistakes({"ink": body, "oil": {}})] == [said]


def test_the_mistakes_of_all_presets_are_reported_together() -> None:
    assert len(mistakes({"ink": "x", "oil": {}, "wash": {"siz": "2K"}})) == 2


@pytest.mark.parametrize(
    "template",
    ["{{ prompt", "{{ promt }}", "{{ prompt + 1 }}", "{{ 1 / 0 }}{{ prompt }}", "{% include 'x' %}",
     "{{ prompt.nothing.at_all }}", "{{ prompt | nofilter }}", "{{ prompt | int('x', 99) }}"],
)  # fmt: skip
def test_a_template_that_cannot_be_rendered_is_reported(template: str) -> None:
    (diagnostic,) = mistakes({"ink": {"template": template}})
    assert str(diagnostic).startswith(
        ("expected a Jinja2 template in preset 'ink'", "the template of preset 'ink' leaves out")
    )


@pytest.mark.parametrize("option", ["prompt", "alt", "caption", "id", "preset", "take"])
def test_an_option_of_one_picture_has_no_default(option: str) -> None:
    (diagnostic,) = mistakes({"ink": {option: "1"}})
    assert diagnostic.expected == "a known option in preset 'ink'"


def test_a_preset_that_is_not_defined_is_named() -> None:
    with pytest.raises(DiagnosticError) as caught:
        apply_defaults(Directive("x", preset="wash"), ImageDefaults(presets={"washed": preset()}))
    (diagnostic,) = caught.value.diagnostics
    assert str(diagnostic) == ("preset 'wash' is not defined: did you mean 'washed'?")
