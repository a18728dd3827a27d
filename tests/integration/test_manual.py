"""The manual says what the code does: its tables are the code's tables, its examples are run.

In go the pages of `example_site/docs`; what they state is held against the options, the models, the
scenarios and the messages themselves. Where a table differs, the failure shows the one to paste.
"""

import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import click
import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from PIL import Image

import mkdocs_gemini_images
from mkdocs_gemini_images.cli import main
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.config.reading import CI_VARIABLES
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.presets import read_presets
from mkdocs_gemini_images.emulator.batches.job_scenarios import BATCH_SCENARIOS
from mkdocs_gemini_images.emulator.scenarios import SCENARIOS
from mkdocs_gemini_images.gemini.endings import ENDINGS
from mkdocs_gemini_images.hosts.setup import example_page
from mkdocs_gemini_images.hosts.setup.mkdocs_yaml import set_up_yaml
from mkdocs_gemini_images.hosts.setup.wishes import Wishes
from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.models.pricing import quote
from mkdocs_gemini_images.models.pricing.amounts import dollars
from mkdocs_gemini_images.models.pricing.item_prices import item_prices
from mkdocs_gemini_images.reports import survey
from tests.compatibility.extensions import EXTENSIONS
from tests.compatibility.neighbours import NEIGHBOURS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "example_site" / "docs"
PACKAGE = Path(inspect.getfile(mkdocs_gemini_images)).parent
PAGES = sorted(DOCS.rglob("*.md"))

# What stands in the column of defaults where a value would say less than words.
IN_WORDS: dict[str, tuple[object, ...]] = {
    "none": ("", {}, None),
    "not set": (None,),
    "Google's API": ("",),
    "fits the theme": ("",),
    "`v1beta`": ("",),
    "from the environment": ("",),
    "the system's": ("",),
    "all `warn`": ({},),
    "in CI": (None,),
    "`10`": (None,),
}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    """The text of one section of a page, its subsections included."""
    level = len(title.split()[0])
    text = page(name).split(f"\n{title}\n", 1)[1]
    return re.split(rf"^#{{1,{level}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of all tables in a text, without their heads."""
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in text.splitlines()
        if line.lstrip().startswith("|")
    ]
    rules = [at for at, row in enumerate(cells) if not "".join(row).strip("-:| ")]
    heads = {at - 1 for at in rules} | set(rules)
    return [row for at, row in enumerate(cells) if at not in heads]


def written(value: object) -> str:
    """A default as the manual writes it."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case float():
            return f"`{value:g}`"
        case list():
            return f"`{', '.join(map(str, value))}`"
        case _:
            return f"`{value}`"


# --- Options ---------------------------------------------------------------------------------


def test_every_option_of_mkdocs_yml_is_in_the_manual_and_nothing_else_is() -> None:
    documented = [row[0] for row in rows(section("options.md", "## In mkdocs.yml"))]
    assert sorted(documented) == sorted(f"`{name}`" for name, _ in GeminiImagesConfig._schema)


def test_every_default_of_mkdocs_yml_is_the_code_s() -> None:
    defaults = {f"`{name}`": option.default for name, option in GeminiImagesConfig._schema}
    for name, stated, _ in rows(section("options.md", "## In mkdocs.yml")):
        default = defaults[name]
        assert stated == written(default) or default in IN_WORDS.get(stated, ()), name


def test_every_option_of_a_directive_is_in_the_manual_in_the_order_of_the_code() -> None:
    documented = [row[0] for row in rows(section("options.md", "## Of a directive"))]
    assert documented == [f"`{name}`" for name in OPTIONS]


def test_the_machines_that_forget_are_all_named() -> None:
    named = re.findall(r"`(\w+)`", section("ci.md", "## Frozen builds"))
    assert [name for name in named if name.isupper()] == list(CI_VARIABLES)


# --- The command line ------------------------------------------------------------------------

COMMANDS = main.main.commands
EVERYWHERE = {"-f", "--config-file"}


def spelled(command: click.Command) -> set[str]:
    """All spellings of a command's own options."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {name for option in options for name in option.opts}


def test_every_command_is_in_the_manual_and_nothing_else_is() -> None:
    text = page("command-line.md")
    listed = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \|", text, re.MULTILINE)
    assert listed == [(name, name) for name in re.findall(r"^## (\w+)$", text, re.MULTILINE)]
    assert sorted(name for name, _ in listed) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_in_the_manual_and_nothing_else_is(name: str) -> None:
    text = section("command-line.md", f"## {name}")
    documented = {
        spelling
        for row in rows(text)
        for spelling in re.findall(r"`(-[\w-]+)`", row[0])
    }  # fmt: skip
    assert documented == spelled(COMMANDS[name]) - EVERYWHERE
    assert spelled(COMMANDS[name]) >= EVERYWHERE or name == "emulator"
    pieces = COMMANDS[name].collect_usage_pieces(click.Context(COMMANDS[name]))
    usage = re.findall(r"```text\n(gemini-images .*)\n```", text)
    assert usage == [f"gemini-images {name} {' '.join(pieces)}"]


def lines_to_type() -> Iterator[tuple[str, str]]:
    for path in [*PAGES, ROOT / "README.md", ROOT / "CHANGELOG.md"]:
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?:\$ |run: |entry: |`)(gemini-images [^`\n]*)", text):
            yield path.name, re.split(r" [#|<>&]| \|\|", line)[0]


def test_there_are_lines_to_type() -> None:
    assert len(set(lines_to_type())) > 30


@pytest.mark.parametrize(("name", "line"), sorted(set(lines_to_type())))
def test_a_line_to_type_is_understood(name: str, line: str) -> None:
    _, command, *rest = shlex.split(line)
    if command.startswith("-"):
        assert command in spelled(main.main) | {"--version"}
        return
    assert command in COMMANDS
    found = COMMANDS[command]
    if {"-h", "--help"}.isdisjoint(rest):
        found.make_parser(click.Context(found, ignore_unknown_options=False)).parse_args(rest)


def test_states_and_exit_codes_are_the_code_s() -> None:
    text = section("command-line.md", "## plan")
    first = [row[0] for row in rows(text)]
    states = [each.strip("`") for each in first if each.startswith("`") and each[1].isalpha()]
    assert tuple(states) == survey.SURVEY_STATES
    codes = [each.strip("`") for each in first if each.strip("`").isdecimal()]
    assert list(map(int, codes)) == [
        survey.NOTHING, survey.ERRORS, survey.WOULD_DRAW, survey.OVER_LIMITS
    ]  # fmt: skip


def test_the_configuration_that_the_first_pages_show_is_what_init_writes() -> None:
    wishes = Wishes(zensical=False, emulated=True, page=example_page.NAMES[0])
    written = set_up_yaml("mkdocs.yml", "site_name: My Docs\n", wishes)
    assert f"```yaml\n{written}```" in page("getting-started.md")
    plugins = written[written.index("plugins:") :]
    assert f"```yaml\n{plugins}```" in (ROOT / "README.md").read_text(encoding="utf-8")


# --- Recipes ---------------------------------------------------------------------------------


def test_every_extra_is_in_the_manual_and_nothing_else_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    documented = [row[0].strip("`") for row in rows(section("options.md", "## Extras"))]
    assert documented == list(project["optional-dependencies"])


def options_shown() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for indent, block in re.findall(r"^( *)```yaml\n(.*?)^\1```$", text, re.M | re.S):
            if "- gemini-images:" in block:
                yield path.name, dedent(block) if indent else block


@pytest.mark.parametrize(("name", "block"), list(options_shown()))
def test_an_option_shown_in_a_recipe_is_one(name: str, block: str) -> None:
    value = yaml.safe_load(block.replace("!ENV", ""))
    shown = next(each["gemini-images"] for each in value["plugins"] if "gemini-images" in each)
    assert shown.keys() <= {option for option, _ in GeminiImagesConfig._schema}


def test_the_presets_to_copy_are_those_that_the_page_is_drawn_with() -> None:
    block = section("house-style.md", "## Three presets to copy").split("```yaml\n")[1]
    copied = yaml.safe_load(block.split("```")[0])["plugins"][0]["gemini-images"]["presets"]
    own = yaml.load((DOCS.parent / "mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)
    options = next(each["gemini-images"] for each in own["plugins"] if "gemini-images" in each)
    assert len(copied) == 3
    assert copied.items() <= options["presets"].items()
    for name, preset in read_presets(copied).items():
        words = preset.words("A village by the sea")
        assert words.startswith("A village by the sea. ")
        assert "no lettering" in words.lower()
        assert f"{{ preset={name} }}" in page("house-style.md")


@pytest.mark.parametrize(
    "block", re.findall(r"```yaml\n# \.(?:github|pre-commit).*?```", page("ci.md"), re.DOTALL)
)
def test_a_workflow_is_yaml(block: str) -> None:
    assert yaml.safe_load(block.strip("`").removeprefix("yaml\n"))


def test_every_address_of_the_project_is_the_one_of_pyproject_toml() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    slug = urls["Repository"].removeprefix("https://github.com/")
    assert all(url.startswith((urls["Repository"], urls["Documentation"])) for url in urls.values())
    texts = [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "action.yml"))]
    texts += (ROOT / "integrations").iterdir()
    named = re.compile(
        r"(?:github\.com/|githubusercontent\.com/|uses: )([\w-]+/mkdocs-gemini-images)\b"
    )
    found = [name for path in texts for name in named.findall(path.read_text(encoding="utf-8"))]
    assert len(found) > 2
    assert {*found} == {slug}
    owner, _, name = slug.partition("/")
    assert urls["Documentation"] == f"https://{owner}.github.io/{name}/"


# --- Models ----------------------------------------------------------------------------------


def model_row(model: catalogue.Model) -> str:
    prices = [
        f"{model.prices[size]:g}" if size in model.prices else "" for size in dimensions.SIZES
    ]
    looks = ", ".join(sorted(model.grounding, reverse=True))
    cells = [f"`{model.id}`", str(len(model.ratios)), *prices]
    cells += [str(model.references), looks, model.ends]
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def test_the_table_of_models_is_the_code_s() -> None:
    shown = [line for line in page("models.md").splitlines() if line.startswith("| `")]
    assert "\n".join(shown) == "\n".join(model_row(model) for model in catalogue.MODELS.values())


def item_rows() -> dict[str, list[float]]:
    models = [each for each in catalogue.MODELS.values() if "preview" not in each.id]
    found = [item_prices(model.id, "1K", {}) for model in models]
    prices = [each for each in found if each is not None]
    return {
        "Picture sent along": [dollars(each.input_picture) for each in prices],
        "Text sent": [dollars(each.text_in) for each in prices],
        "Thinking and text": [dollars(each.text_out) for each in prices],
        "… tokens": [model.text_out() for model in models],
        "… with `thinkingLevel: HIGH`": [model.text_out("HIGH") for model in models],
        "Search": [dollars(each.search) for each in prices],
    }


def test_the_table_of_items_is_the_code_s() -> None:
    table = section("models.md", "## What a request costs").splitlines()
    lines = [line.strip("| ").split(" | ") for line in table if line.startswith("|")]
    shown = {name: cells for name, *cells in lines}
    for name, values in item_rows().items():
        assert shown[name][:5] == [f"{value:g}" for value in values]
    assert shown["… tokens"][-1] == f"{quote.MOST_TEXT_OUT:,}"
    assert shown["… with `thinkingLevel: HIGH`"][-1] == f"{quote.MOST_TEXT_OUT_HIGH:,}"
    assert shown["Search"][-1] == "five for each kind"
    assert quote.MOST_SEARCHES == 5


def test_the_table_of_models_shows_only_ratios_that_are_common_or_all() -> None:
    common = section("models.md", "## Shapes").split("four more")[0]
    ratios = set(re.findall(r"\d+:\d+", common))
    assert {model.ratios == dimensions.RATIOS or set(model.ratios) == ratios
            for model in catalogue.MODELS.values()} == {True}  # fmt: skip
    assert set(re.findall(r"\b\d+:\d+\b", section("models.md", "## Shapes"))) == set(
        dimensions.RATIOS
    )


# --- The emulator ----------------------------------------------------------------------------


def test_every_scenario_is_in_the_manual() -> None:
    shown = [line.strip() for line in page("emulator.md").splitlines() if line.startswith("    |")]
    described = [(name, each.description) for name, each in SCENARIOS.items()]
    described += [(name, each.description) for name, each in BATCH_SCENARIOS.items()]
    expected = [f"| `{name}` | {text.replace('{}', '`{}`')} |" for name, text in described]
    assert "\n".join(shown[2:]) == "\n".join(expected)


def test_every_ending_of_a_request_is_on_the_page_about_troubles() -> None:
    shown = [row[0] for row in rows(page("troubleshooting.md"))]
    assert ENDINGS
    for ending in ENDINGS.values():
        assert any(ending.says in cell for cell in shown), ending


# --- Neighbours ------------------------------------------------------------------------------


def test_every_neighbour_that_is_tried_is_in_the_manual_and_works() -> None:
    tried = rows(page("neighbours.md"))
    neighbours = (*NEIGHBOURS, *EXTENSIONS)
    assert [row[0].replace("`", "") for row in tried] == [each.name for each in neighbours]
    assert [" ".join(row[6:]) for row in tried] == [each.remark for each in neighbours]
    assert [row[5] for row in tried] == ["works" if each.zensical else "" for each in neighbours]
    assert {word for row in tried for word in row[2:5]} == {"works", ""}


# --- Looks -----------------------------------------------------------------------------------


def test_the_template_in_the_manual_is_the_template() -> None:
    template = (PACKAGE / "templates/partials/gemini-image.html").read_text(encoding="utf-8")
    shown = section("customising.md", "## The template").split("```jinja\n")[1].split("```")[0]
    assert shown == re.sub(r"\{#.*?#\}\n", "", template, flags=re.DOTALL)


def test_every_class_in_the_manual_is_in_the_style_sheet() -> None:
    style = (PACKAGE / "static/gemini-images.css").read_text(encoding="utf-8")
    in_style = set(re.findall(r"\.(gemini-(?:image|gallery)[\w-]*)", style))
    in_manual = {row[0] for row in rows(section("customising.md", "## CSS"))}
    shown = set(re.findall(r"`(gemini-(?:image|gallery)[\w-]*|--\w+)`", "\n".join(in_manual)))
    assert {f"gemini-image{name}" if name.startswith("-") else name for name in shown} == in_style


# --- Examples --------------------------------------------------------------------------------


def frames() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        found = re.split(r'^<div class="example" markdown>\n\n', text, flags=re.MULTILINE)[1:]
        for at, frame in enumerate(found, 1):
            yield f"{path.name} {at}", frame


@pytest.mark.parametrize(("name", "frame"), [pytest.param(*f, id=f[0]) for f in frames()])
def test_what_stands_below_a_source_is_that_source(name: str, frame: str) -> None:
    shown, live = re.split(r"^````\n", frame.removeprefix("````markdown\n"), flags=re.MULTILINE)[:2]
    assert live.startswith(f"\n{shown}\n</div>\n"), name


def test_the_page_beyond_the_text_shows_its_own_front_matter_and_template() -> None:
    text = page("beyond.md")
    head = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    assert head is not None
    assert f"```yaml\n{head[0]}```" in text
    template = (DOCS.parent / "overrides/404.html").read_text(encoding="utf-8")
    assert f"```jinja\n{template}```" in text


def said_of(text: str, language: str) -> list[tuple[str, str]]:
    """Pairs of an example in `language` and the message that the page gives right behind it."""
    pattern = rf"^(`{{3,4}}){language}\n(.*?)^\1\n\n```text\n(.*?)^```$"
    found = re.finditer(pattern, text, re.MULTILINE | re.DOTALL)
    return [(each[2], " ".join(each[3].split())) for each in found]


MISTAKES = said_of(page("troubleshooting.md"), "markdown")
REFUSED = said_of(page("troubleshooting.md"), "yaml")


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", *CI_VARIABLES):
        monkeypatch.delenv(name, raising=False)


def test_the_page_of_mistakes_has_mistakes() -> None:
    assert len(MISTAKES) > 10
    assert len(REFUSED) == 4


@pytest.mark.parametrize(("source", "message"), MISTAKES)
def test_a_mistake_is_met_with_the_words_of_the_manual(
    source: str, message: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# A page\n\n{source}", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        dedent("""
            site_name: mistakes
            plugins: [gemini-images]
            markdown_extensions: [attr_list, pymdownx.superfences]
        """)
    )
    loaded = load_config(str(tmp_path / "mkdocs.yml"))
    loaded.plugins.on_startup(command="build", dirty=False)
    with caplog.at_level("INFO"):
        build(loaded)
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert any(message in each for each in warnings), warnings


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_a_refused_option_is_met_with_the_words_of_the_manual(
    options: str, message: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A page\n")
    (tmp_path / "mkdocs.yml").write_text(f"site_name: refused\n{options}")
    with pytest.raises(Exception) as caught:  # noqa: PT011 (the host's own kinds of error)
        build(load_config(str(tmp_path / "mkdocs.yml")))
    assert message in f"{caught.value} {caplog.text}"


def test_every_file_that_contributors_are_sent_to_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|\w+\.py)`", text)) - {"dist/"}  # made by make
    missing = [each for each in named if not any((top / each).exists() for top in (ROOT, PACKAGE))]
    assert missing == []


def test_every_test_that_the_security_page_names_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+/test_\w+\.py)`", text)
    assert len(named) > 20
    tops = (ROOT, ROOT / "tests")
    assert [each for each in named if not any((top / each).exists() for top in tops)] == []


CODE = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


def test_the_reasons_in_the_manual_are_the_code_s() -> None:
    reasons = rows(section("troubleshooting.md", "### With a key, but not drawn"))
    assert len(reasons) > 10
    for reason, _ in reasons:
        for piece in reason.strip("`").split("…"):
            assert piece.strip() in CODE, reason


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("models.md", " more than max_new: "),
        ("models.md", "gemini-images draw asks first, then draws"),
        ("keeping.md", " drifted: "),
        ("ci.md", "this build is frozen, as in CI; run gemini-images draw and commit what it drew"),
        ("command-line.md", "--delete deletes unused pictures"),
        ("command-line.md", "nothing has drifted"),
        ("command-line.md", "it is not in stock; run gemini-images draw and commit what it drew"),
        ("command-line.md", " takes the key and serves "),
        ("command-line.md", " stored first by another machine"),
        ("buckets.md", "try again; nothing is bought meanwhile"),
        ("buckets.md", "run gemini-images sync"),
        ("buckets.md", "probe-"),
        ("customising.md", "Picture not drawn yet"),
    ],
)
def test_words_shown_on_a_page_are_the_code_s(name: str, words: str) -> None:
    assert words in page(name)
    assert words in CODE


# --- Words ---------------------------------------------------------------------------------

RIDDLES = (
    "for nothing", "for ever", "for free", "walls?", "some(?:body|one)", "nobody", "whoever",
    "no one", "any(?:body|one)", "strangers?", "makes believe", "anew", "whence", "amid",
    "all the same", "of ours", "by and by", "knows no", "(?:lies|lie|stands?) aside",
)  # fmt: skip
"""Words that a reader has to think about, or that no reader searches for."""
MOST_WORDS = 36
"""A longer sentence has to be read twice."""


def prose(path: Path) -> str:
    """A page without code, tables, pictures and HTML."""
    text = re.sub(r"^ *(`{3,}).*?^ *\1$", "", path.read_text("utf-8"), flags=re.M | re.S)
    text = re.sub(r"^[ >]*\|.*$|!\[.*?\]\([^)]*\)(?:\{.*?\})?|<[^<]*?>", "", text, flags=re.M)
    return re.sub(r"`[^`]*`", "code", text)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_a_page_is_written_in_plain_words(path: Path) -> None:
    riddles = re.compile(rf"\b(?:{'|'.join(RIDDLES)})\b", re.IGNORECASE)
    text = path.read_text("utf-8")
    assert riddles.findall(prose(path)) == []
    titles = re.findall(r"^#+ .*|^title: .*|^description: .*", text, re.MULTILINE)
    assert [title for title in titles if riddles.search(title)] == []


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_no_sentence_of_a_page_is_too_long_to_be_read_aloud(path: Path) -> None:
    blocks = re.split(r"\n\s*\n|^\s*(?:[-:]|\d+\.) ", prose(path), flags=re.MULTILINE)
    for block in blocks:
        said = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", block)
        for sentence in re.split(r"(?<=[.:;!?)])\s", said):
            assert len(sentence.split()) <= MOST_WORDS, sentence


# --- Screens ---------------------------------------------------------------------------------

FENCE = re.compile(r"(?ms)^( *)(`{3,})[^`\n]*\n.*?^\1\2`*$")
APART = re.compile(r"(?m)^(?!#|<|===)\S.*\n(?:#+ .*|`{3,}.*)$")
"""A line of text with a heading, or a fence, right below it."""


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_a_heading_or_a_fence_of_a_page_stands_apart_from_the_text_above(path: Path) -> None:
    text = FENCE.sub(r"\1```", path.read_text(encoding="utf-8"))
    assert APART.findall(text) == []


SCREENS = [
    (words, DOCS / name, options)
    for path in PAGES
    for words, name, options in re.findall(
        r"^!\[(.*)\]\((screens/.*)\)\{ (.*) \}$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
]


def test_every_screen_is_shown_and_described() -> None:
    assert {path for _, path, _ in SCREENS} == set((DOCS / "screens").iterdir())
    assert all(len(words) > 40 for words, _, _ in SCREENS)


@pytest.mark.parametrize(("path", "options"), [(path, options) for _, path, options in SCREENS])
def test_a_screen_is_small_and_as_large_as_its_page_says(path: Path, options: str) -> None:
    assert path.stat().st_size < 80_000
    if path.suffix == ".svg":
        drawing = path.read_text(encoding="utf-8")
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
        assert box is not None
        width, height = round(float(box[1])), round(float(box[2]))
        assert "url(http" not in drawing  # nothing is fetched from elsewhere
    else:
        with Image.open(path) as screen:
            width, height = screen.size
    assert options.startswith(f"width={width} height={height} loading=lazy")
