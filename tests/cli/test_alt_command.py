"""The command `alt`: a text model proposes, the author accepts, and one line of a page changes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.options import read_plugin_options
from mkdocs_gemini_images.config.reading import read_settings
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.sources.alts.asking import answers_kept, ask_for_alts
from mkdocs_gemini_images.sources.alts.question import AltQuestion
from tests.cli.command import drawn, plan, run, untouched
from tests.cli.test_everywhere import on_a_terminal
from tests.integration.conftest import MakeSite, set_environment, sites_in
from tests.integration.site import Site, fence
from tests.integration.test_languages_of_site import translated

SAILING = "# The harbour\n\nA boat leaves at dusk.\n\n"
BARE = "```gemini-image\nprompt: A small boat, ink drawing\n```\n"
COPY = '\n## More\n\n![A fox in snow, ink drawing](gemini: "A fox in snow, ink drawing"){ #fox }\n'
GOOD = fence("A heron", alt="A grey bird stands in a pond")
BOAT = "A sailboat by the sea at dusk in "


PAGES = {"index.md": SAILING + BARE + COPY, "good.md": GOOD}


@pytest.fixture(scope="module")
def stock(
    tmp_path_factory: pytest.TempPathFactory, server: tuple[str, RequestLog], quick_pictures: None
) -> Path:
    """Draw the pictures of these pages once."""
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        made = sites_in(tmp_path_factory.mktemp("alts"), server)(PAGES)
        drawn(made)
        return made.stock


@pytest.fixture
def here(site: MakeSite, stock: Path) -> Site:
    made = site(PAGES)
    made.write()
    shutil.copytree(stock, made.stock)
    return made


def page(here: Site, name: str = "index.md") -> str:
    return (here.root / "docs" / name).read_text()


def asked(here: Site, *arguments: str, typed: str | None = None) -> Any:
    return run(here, "alt", *arguments, typed=typed)


def test_proposals_are_shown_and_nothing_is_written_without_a_terminal(here: Site) -> None:
    with untouched(here.root / "docs"):
        done = asked(here)
    assert done.code == 0
    assert [each.model for each in done.requests] == ["gemini-3.1-flash-lite"] * 2
    assert "asking gemini-3.1-flash-lite about 2 alts, about $0.00" in done.stderr
    assert "1 of 2  index.md:5  The harbour\n  the alt is missing\n" in done.stdout
    assert f"proposed: {BOAT}" in done.stdout
    assert "2 of 2  index.md:11  More\n  the alt repeats the prompt\n" in done.stdout
    assert "there is no terminal to ask on: --write accepts every proposal" in done.stderr
    for body in (entry.body for entry in done.requests):
        assert "ink drawing" not in json.dumps(body), "the prompt is not sent"


def test_asking_again_costs_nothing_and_write_takes_all(here: Site) -> None:
    first, keys = asked(here), {row["key"] for row in plan(here)["pictures"]}
    done = asked(here, "--write")
    assert (done.code, done.requests) == (0, ())
    assert "wrote 2 alts into index.md:5, index.md:11" in done.stdout
    boat, fox = [line.split(": ", 1)[1] for line in first.stdout.splitlines() if "proposed" in line]
    assert page(here) == SAILING + BARE.replace("ing\n", f"ing\nalt: {boat}\n") + COPY.replace(
        "![A fox in snow, ink drawing]", f"![{fox}]"
    )
    assert page(here, "good.md") == GOOD
    assert {row["key"] for row in plan(here)["pictures"]} == keys
    assert asked(here).stdout == (
        "no alt is missing, equal to its prompt, too long or older: --all looks at every one\n"
    )


def test_all_and_names_choose_what_is_looked_at(here: Site) -> None:
    assert len(asked(here, "--all").requests) == 3
    assert "1 of 1  good.md:2" in asked(here, "--all", "good.md").stdout
    assert "1 of 1  index.md:11" in asked(here, "fox").stdout
    assert "1 of 1  index.md:5" in asked(here, str(here.root / "docs/index.md") + ":6").stdout


def test_an_empty_alt_is_looked_at_only_where_it_is_named(site: MakeSite) -> None:
    here = site({"index.md": fence("A heron", alt='""', id="heron")})
    drawn(here)
    done = asked(here, "--all", "--write")
    assert (done.code, done.requests) == (0, ())
    assert "no picture has an alt with words to look at" in done.stdout
    assert "  is:       empty, as for a decorative picture" in asked(here, "--all", "heron").stdout


def test_an_echo_named_by_its_page_or_its_picture_is_looked_at(site: MakeSite) -> None:
    echo = "```gemini-image\nprompt: '#fox'\n```\n"
    here = site({"index.md": fence("A fox", id="fox", alt="An animal sits"), "echo.md": echo})
    drawn(here)
    assert "1 of 1  echo.md:1\n  the alt is missing\n" in asked(here, "echo.md").stdout
    assert "1 of 1  echo.md:1\n" in asked(here, "fox").stdout


def test_another_section_is_another_question(here: Site) -> None:
    asked(here)
    file = here.root / "docs/index.md"
    file.write_text(page(here).replace("dusk", "night"))
    done = asked(here)
    assert len(done.requests) == 1
    assert "A sailboat by the sea at night in" in done.stdout


def test_the_page_language_is_asked_for(site: MakeSite) -> None:
    here = site({"index.md": BARE, "index.fr.md": BARE}, config=translated())
    drawn(here)
    done = asked(here)
    words = [entry.body["contents"][0]["parts"][1]["text"] for entry in done.requests]
    assert sorted("in French" in text for text in words) == [False, True]
    assert asked(here, "--write").code == 0
    assert page(here, "index.fr.md").count("alt: ") == page(here).count("alt: ") == 1


@pytest.mark.parametrize(
    ("tag", "said", "code"),
    [
        ("decorative", "proposed: empty, as for a decorative picture", 0),
        ("chatty", "proposed: A fox reads a map.", 0),
        ("hostile", "proposed: nothing, the model wrote an address", 1),
        ("nothing", "proposed: nothing, the model wrote no alt (STOP)", 1),
        ("bad-request", "proposed: nothing, ", 1),
    ],
)
def test_what_the_model_says_is_hostile(site: MakeSite, tag: str, said: str, code: int) -> None:
    here = site(f"A page. [emulate: {tag}]\n\n{BARE}")
    drawn(here)
    done = asked(here, "--write")
    assert (said in done.stdout, done.code) == (True, code), done.text
    assert ("alt:" in page(here)) == (code == 0)


def test_an_included_file_is_written_where_it_is(site: MakeSite, tmp_path: Path) -> None:
    extensions = ["attr_list", "fenced_code", {"pymdownx.snippets": {"base_path": [str(tmp_path)]}}]
    here = site('--8<-- "part.txt"\n', config={"markdown_extensions": extensions})
    (tmp_path / "part.txt").write_text(BARE)
    drawn(here)
    assert asked(here, "--write").code == 0
    assert (tmp_path / "part.txt").read_text().count("\nalt: A ") == 1


def test_front_matter_and_equal_directives_say_what_to_write(site: MakeSite) -> None:
    front = "---\ngemini_image: A lighthouse\n---\n# Light\n"
    here = site({"index.md": front, "two.md": BARE + "\n" + BARE})
    drawn(here)
    done = asked(here, "--write")
    assert done.code == 1
    assert "not written: the picture is in the front matter: write alt: " in done.stderr
    assert page(here, "two.md").count("\nalt: ") == 2


def test_the_author_accepts_edits_skips_and_quits_on_a_terminal(site: MakeSite) -> None:
    fences = [f"## Part {n}\n\n```gemini-image\nprompt: A boat {n}\n```\n" for n in range(5)]
    here = site("\n".join(fences), base_url="emulator")
    assert here.build().error is None
    typed = 'a\ne\nA boat of mine\ns\ne\n""\nq\n'
    said = on_a_terminal(here.root, "alt", typed=typed)
    assert "accept, edit, skip or quit (a, e, s, q) [s]:" in said
    assert "wrote 3 alts into index.md:3, index.md:9, index.md:21" in said
    alts = [line for line in page(here).splitlines() if line.startswith("alt: ")]
    assert [alts[0].startswith("alt: A scene in "), *alts[1:]] == [
        True,
        "alt: A boat of mine",
        'alt: ""',
    ]


WRONG: list[tuple[tuple[str, ...], dict[str, Any], str]] = [
    (("foxx",), {}, "no picture has the id, named file or page 'foxx': did you mean 'fox'?"),
    (("",), {}, "a name is empty: write an id, a named file or page"),
    (("index.md:99",), {}, "no picture has the id, named file or page 'index.md:99'"),
    (("--al",), {}, "No such option"),
    (
        ("owl",),
        {},
        "wrong.md:7: the directive has a mistake, so 'owl' names no picture: expected a known "
        "option, got 'focsu:': did you mean 'focus'?",
    ),
    (("wrong.md",), {}, "wrong.md:7: the directive has a mistake, so 'wrong.md' names no picture"),
    (("docs/wrong.md:7",), {}, "wrong.md:7: the directive has a mistake, so 'docs/wrong.md:7'"),
    (("wrong.md:1",), {}, "the page 'wrong.md' has no pictures: describe one there"),
    (("words.md",), {}, "the page 'words.md' has no pictures: describe one there"),
    (("docs/words.md:3",), {}, "the page 'words.md' has no pictures: describe one there"),
    (("nothing.md",), {}, "no picture has the id, named file or page 'nothing.md'"),
    (("../mkdocs.yml",), {}, "no picture has the id, named file or page '../mkdocs.yml'"),
    (("-f", "mkdocs.yml"), {}, ""),
    ((), {"alt_model": "gemini-nano-banana-2.1"}, "alt_model must be a text model (you wrote"),
    ((), {"alt_model": "a model"}, "alt_model must be the id of a model (you wrote 'a model'): "),
    ((), {"alt_model": 5}, "alt_model"),
    (
        (),
        {"alt_modell": "x"},
        "expected an option of gemini-images, got 'alt_modell': did you mean",
    ),
    (
        (),
        {"frozen": True},
        "proposed: nothing, this site is frozen, as in CI, and no model is asked",
    ),
    ((), {"enabled": False}, "proposed: nothing, pictures are switched off (enabled: false)"),
    ((), {"budget": 0}, "though at most $0.01 is more than budget: 0.00? There is no terminal"),
    ((), {"max_new": 1}, "though 2 requests are more than max_new: 1? There is no terminal"),
    ((), {"alt_model": "unheard-of"}, "though no price is known for unheard-of? There is no term"),
]


@pytest.mark.parametrize(("arguments", "options", "said"), WRONG)
def test_a_misuse_has_its_message(
    here: Site, arguments: tuple[str, ...], options: dict[str, Any], said: str
) -> None:
    here.write(**options)
    (here.root / "docs/words.md").write_text("# Words\n\nNo picture.\n")
    (here.root / "docs/wrong.md").write_text("# Wrong\n" + fence("An owl", id="owl", focsu="left"))
    with untouched(here.root / "docs"):
        done = asked(here, *arguments)
    assert done.code != 0
    assert said in done.text
    assert done.requests == ()


def test_a_model_that_the_server_does_not_have_is_told_once(here: Site) -> None:
    here.write(alt_model="gemini-9-flash-lite")
    done = asked(here, "--yes")
    told = "nothing, the server has no such model as 'gemini-9-flash-lite': name another alt_model"
    assert (done.code, done.stdout.count(told)) == (1, 1)
    assert done.stdout.count("  proposed: nothing, as above\n") == 1


def test_a_site_without_a_key_asks_nobody(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    done = asked(here)
    assert (done.code, done.requests) == (1, ())
    assert "proposed: nothing, no API key for" in done.stdout


def test_nothing_is_drawn_yet(site: MakeSite) -> None:
    here = site(BARE)
    here.write()
    assert (
        asked(here).stdout == "no picture is drawn yet: gemini-images draw, and then ask for alts\n"
    )


def test_an_alt_older_than_its_picture_is_looked_at(site: MakeSite) -> None:
    old = fence("A fox", id="fox", alt="Something runs")
    here = site(old)
    drawn(here)
    here.pages["index.md"] = old.replace("A fox", "A heron in a pond")
    drawn(here)
    assert "  the alt was written for an earlier picture\n" in asked(here).stdout


def test_one_of_equal_directives_is_named_by_its_line(site: MakeSite) -> None:
    here = site(f"{BARE}\n{BARE}")
    drawn(here)
    done = asked(here, "index.md:6", "--write")
    assert "1 of 1  index.md:5" in done.stdout
    assert page(here).startswith(f"{BARE}\n```gemini-image\n")
    assert page(here).count("alt:") == 1


@pytest.mark.parametrize("place", ["j", "journal"])
def test_an_answer_that_a_killed_run_has_left_is_taken_in(here: Site, place: str) -> None:
    asked(here)
    folder = here.cache / "alts"
    kept = sorted(folder.glob("*.json"))
    settings = read_settings(
        read_plugin_options(here.options), config_file=here.root / "mkdocs.yml",
        docs_dir=here.root / "docs", environment={"GEMINI_API_KEY": "x"},
    )  # fmt: skip
    question = AltQuestion("ab" * 32, language="en")
    key = question.key(settings.alt_model, emulated=False)
    request = question.request(settings.alt_model, emulated=False)
    journal = Journal(folder / place, here.root)
    entry = journal.begin(Intent(key, request, "", "", 0.0, "2026-01-01T00:00:00Z"))
    entry.sink([b'{"candidates": [{"content": {"parts": [{"text": "A fox"}]}}]}'])
    entry.arrived()
    journal.begin(Intent(key, request, "", "", 0.0, "2026-01-01T00:00:00Z"))
    found = ask_for_alts((), settings)
    assert (found.words, found.unknown) == ({key: "A fox"}, 1)
    assert answers_kept([key], settings) == {key: "A fox"}
    assert len(list(folder.glob("*.json"))) == len(kept) + 1
    assert not list((folder / place).glob("*.intent"))
