"""What an assistant cannot do: pass a limit, write elsewhere, or send what is not bounded."""

from functools import partial
from typing import Any

import anyio
import pytest
from filelock import FileLock

from tests.cli.assistant import Assistant, Call, converse, page
from tests.cli.command import kept, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

ANIMALS = ("fox", "heron", "hare", "owl", "seal", "toad", "vole", "wren", "mole", "newt", "lynx")


def animals(site: MakeSite, **options: Any) -> Site:
    made = site("".join(fence(f"A {each}", id=each) for each in ANIMALS), **options)
    made.write()
    return made


def test_ten_drawings_at_once_pass_no_limit_together(site: MakeSite) -> None:
    made = animals(site, max_new=4)
    before = len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        calls: list[Call] = [("draw", {"names": [each]}) for each in ANIMALS[:10]]
        found = await assistant.call_together(*calls)
        refused = [each.text for each in found if each.refused]
        assert len(refused) == 6
        assert "1 request after 4 before is more than max_new: 4" in refused[0]
        assert "this needs a person, who runs: gemini-images draw -f " in refused[0]
        assert "sent 4 of 4 requests" in (await assistant.call("plan")).text
        made.write(max_new=100, budget=100)
        found = await assistant.call_together(("draw", {"names": ["lynx"]}), ("draw", {}))
        assert all(each.refused for each in found)

    converse(made, talk)
    assert len(made.ledger) - before == len(made.sidecars) == 4


def test_a_budget_is_one_account_for_the_whole_run(site: MakeSite) -> None:
    prices = {"gemini-3.1-flash-image": {"512": 0.3}}
    made = animals(site, budget=1, prices=prices)
    before = len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        for each in ANIMALS:
            await assistant.call("draw", names=[each])
        made.write(prices={"gemini-3.1-flash-image": {"512": 0.0001}}, budget=1)
        cheaper = await assistant.call("draw", names=["lynx"])
        assert cheaper.refused
        assert "more than budget: 1.00" in cheaper.text

    converse(made, talk)
    assert len(made.ledger) - before == len(made.sidecars)
    assert 0.3 * len(made.sidecars) <= 1
    assert made.sidecars


def test_a_lower_limit_of_the_configuration_holds_at_once(site: MakeSite) -> None:
    made = animals(site, max_new=9)

    async def talk(assistant: Assistant) -> None:
        assert not (await assistant.call("draw", names=["fox"])).refused
        made.write(max_new=1)
        assert (await assistant.call("draw", names=["heron"])).refused

    converse(made, talk)
    assert len(made.sidecars) == 1


def test_what_a_person_decides_at_the_command_line_is_refused(site: MakeSite) -> None:
    made = animals(site, model="gemini-unknown-image")
    before = len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        reply = await assistant.call("draw", names=["fox", "hare"], takes=2)
        assert reply.refused
        assert "no price is known for gemini-unknown-image" in reply.text
        assert "--takes 2 hare fox" in reply.text or "--takes 2 fox hare" in reply.text

    converse(made, talk)
    assert len(made.ledger) == before


def test_a_drawing_waits_for_another_command_and_buys_nothing_twice(site: MakeSite) -> None:
    made = animals(site)
    made.cache.mkdir(parents=True)
    before = len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        async with anyio.create_task_group() as tasks:
            with FileLock(made.cache / "buy.lock"):
                tasks.start_soon(partial(assistant.call, "draw", names=["fox"]))
                await anyio.sleep(1)
                assert not assistant.replies
                assert len(made.ledger) == before
        again = await assistant.call("draw", names=["fox"])
        assert not again.refused

    converse(made, talk)
    assert len(made.ledger) - before == 1


FOX: dict[str, Any] = {"page": "index.md", "prompt": "A fox", "alt": "A fox", "line": 1}

ATTACKS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a page above": ("propose", {**FOX, "page": "../mkdocs.md"}, "expected a page of the site"),
    "a page by its root": ("propose", {**FOX, "page": "/etc/passwd.md"}, "expected a page"),
    "a page of Windows": ("propose", {**FOX, "page": "..\\secret.md"}, "expected a page"),
    "a link that leads out": ("propose", {**FOX, "page": "out.md"}, "expected a page"),
    "a file that is no page": ("propose", {**FOX, "page": "mkdocs.yml"}, "expected a page"),
    "no such page": ("propose", {**FOX, "page": "nowhere.md"}, "expected a page"),
    "a line behind the end": ("propose", {**FOX, "line": 999}, "the page has no line 999"),
    "a line before the page": ("propose", {**FOX, "line": -1}, "greater than or equal to 0"),
    "a place in an example": ("propose", {**FOX, "line": 5}, ""),
    "a place in a comment": ("propose", {**FOX, "line": 9}, "in an example"),
    "no place": ("propose", {**FOX, "line": None}, "give heading or line"),
    "an unknown heading": ("propose", {**FOX, "line": None, "heading": "X"}, "no heading"),
    "control characters": ("propose", {**FOX, "prompt": "a\x1b[2Jfox"}, "not shown"),
    "a second line": ("propose", {**FOX, "prompt": "a\nmodel: x"}, "not shown"),
    "a command to a runner": ("propose", {**FOX, "prompt": "::error"}, "without :: first"),
    "a hidden id": ("propose", {**FOX, "id": "fox\u202e"}, "not shown"),
    "a device as id": ("propose", {**FOX, "id": "con"}, "the name of a device"),
    "a folder as id": ("propose", {**FOX, "id": "../../x"}, "must be a name"),
    "a used id": ("propose", {**FOX, "id": "heron"}, "heron"),
    "a template": ("propose", {**FOX, "prompt": "{{ config }}"}, "which a page acts upon"),
    "a snippet": ("propose", {**FOX, "alt": '--8<-- "secret"'}, "which a page acts upon"),
    "a script": ("propose", {**FOX, "caption": "<script>x</script>"}, "which a page acts upon"),
    "an enormous prompt": ("propose", {**FOX, "prompt": "a" * 10**6}, "at most"),
    "a wrong ratio": ("propose", {**FOX, "aspect_ratio": "99:1"}, "99:1"),
    "a model of its own": ("propose", {**FOX, "model": "x"}, "expected a known argument"),
    "a limit of its own": ("draw", {"max_new": 99}, "expected a known argument"),
    "an agreement of its own": ("draw", {"yes": True}, "expected a known argument"),
    "drifted pictures": ("draw", {"drifted": True}, "expected a known argument"),
    "a text for a number": ("draw", {"takes": "9"}, "takes: input should be a valid integer"),
    "very many takes": ("draw", {"takes": 10**9}, "takes: "),
    "very many names": ("draw", {"names": ["fox"] * 10**4}, "names: "),
    "an empty name": ("draw", {"names": [""]}, "names.0: "),
    "a NUL in a name": ("takes", {"name": "fox\0"}, "not shown"),
    "half a character": ("picture", {"name": "fox\udc80"}, "name: "),
    "an unknown name": ("draw", {"names": ["foxx"]}, "no picture has the id"),
    "an unknown take": ("picture", {"name": "heron", "take": 9}, "take 9 is not in stock"),
    "a pick of nothing": ("pick", {"name": "heron", "take": 9}, "take 9 is not in stock"),
    "an unknown digest": ("apply", {"digest": "0" * 16}, "no proposal has the digest"),
    "a digest as a path": ("apply", {"digest": "../../mkdocs.yml"}, "digest: "),
    "no arguments": ("propose", {}, "page: field required"),
    "another tool": ("delete", {}, "no tool is called 'delete'"),
}


def test_hostile_calls_are_refused_and_change_nothing(site: MakeSite) -> None:
    text = "# T\n\n```text\na\nb\n```\n\n<!--\nc\n\nd\n-->\n" + fence("A heron", id="heron")
    made = site(text)
    made.write()
    assert run(made, "draw").code == 0
    (made.root.parent / "out.md").write_text("# Out\n")
    (made.root / "docs/out.md").symlink_to(made.root.parent / "out.md")
    before, sent = kept(made.root / "docs"), len(made.ledger)

    async def talk(assistant: Assistant) -> None:
        for name, (tool, arguments, words) in ATTACKS.items():
            reply = await assistant.call(tool, **arguments)
            assert reply.refused, name
            assert words in reply.text, (name, reply.text)
            assert len(reply.text) < 2_000, name

    converse(made, talk)
    assert kept(made.root / "docs") == before
    assert len(made.ledger) == sent


def test_a_proposal_is_written_where_its_page_is_unchanged(site: MakeSite) -> None:
    made = site("# T\n\nText.\n")
    made.write()
    file = made.root / "docs/index.md"

    async def talk(assistant: Assistant) -> None:
        one = await assistant.call("propose", **FOX)
        other = await assistant.call("propose", **{**FOX, "prompt": '"Save"', "line": 3})
        assert page(made) == "# T\n\nText.\n"
        file.write_text("# T\n\nAnother text.\n")
        changed = await assistant.call("apply", digest=one.digest)
        assert changed.refused
        assert "index.md has changed since it was read" in changed.text
        file.write_text("# T\n\nText.\n")
        assert not (await assistant.call("apply", digest=other.digest)).refused
        assert (await assistant.call("apply", digest=one.digest)).refused

    converse(made, talk)
    fence = "```gemini-image\nprompt: '\"Save\"'\nalt: A fox\n```\n"
    assert page(made) == f"# T\n\nText.\n\n{fence}"


def test_a_site_without_a_configuration_says_so_with_every_tool(site: MakeSite) -> None:
    made = site("# T\n")

    async def talk(assistant: Assistant) -> None:
        for tool in ("plan", "draw", "check"):
            reply = await assistant.call(tool)
            assert reply.refused
            assert "mkdocs.yml" in reply.text

    with untouched(made.root):
        converse(made, talk)


def test_a_hook_that_fails_ends_a_call_and_not_the_server(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site("# A page\n", config={"hooks": ["wrong.py"]})
    made.write()
    (made.root / "wrong.py").write_text(
        "from pathlib import Path\n\ndef on_pre_build(**_):\n    int(Path('digits').read_text())\n"
    )
    digits = made.root / "digits"
    digits.write_text("x")
    monkeypatch.chdir(made.root)

    from mcp.shared.exceptions import MCPError

    async def talk(assistant: Assistant) -> None:
        with pytest.raises(MCPError):
            await assistant.call("check")
        digits.write_text("1")
        assert not (await assistant.call("check")).refused

    converse(made, talk)


def test_a_plan_of_many_pictures_is_bounded_and_says_what_is_left_out(site: MakeSite) -> None:
    made = site("".join(fence(f"A fox {n} {'x' * 60}") for n in range(400)))
    made.write()

    async def talk(assistant: Assistant) -> None:
        reply = await assistant.call("plan")
        assert "400 new" in reply.text
        assert "lines left out: name a picture or a page" in reply.text

    converse(made, talk)
