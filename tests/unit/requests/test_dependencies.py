"""References by `#id` become keys in a workable order, or errors that name the path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.requests.dependencies import (
    MAX_REQUESTS,
    reference_error,
    referenced_ids,
    resolve_references,
)
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, key
from tests.unit.pictures import step


def refers(text: str, *ids: str) -> ImageRequest:
    return step(text, parts=tuple(PicturePart(id) for id in ids))


def test_each_id_gets_the_key_of_its_request_with_all_it_refers_to() -> None:
    named = {"c": refers("c", "b", "a"), "b": refers("b", "a"), "a": step("a")}
    keys, wrong = resolve_references(named)
    assert wrong == {}
    a = key(step("a"))
    b = key(refers("b", "a"), {"a": a})
    assert keys == {"a": a, "b": b, "c": key(refers("c", "b", "a"), {"a": a, "b": b})}
    assert list(keys) == ["a", "b", "c"]


def test_an_id_that_stands_elsewhere_has_the_key_that_is_known() -> None:
    named = {"b": refers("b", "a")}
    keys, wrong = resolve_references(named, {"a": "K"})
    assert wrong == {}
    assert keys["b"] == key(refers("b", "a"), {"a": "K"})
    assert reference_error(refers("c", "a", "b"), keys, named) is None


def test_a_changed_picture_changes_all_that_are_made_from_it() -> None:
    before, _ = resolve_references({"a": step("a"), "b": refers("b", "a"), "c": step("c")})
    after, _ = resolve_references({"a": step("A"), "b": refers("b", "a"), "c": step("c")})
    assert [name for name in before if before[name] != after[name]] == ["a", "b"]


def test_the_references_of_earlier_steps_count() -> None:
    asked = step("edit", after=refers("x", "a", "b"))
    assert list(referenced_ids(asked)) == ["a", "b"]
    keys, _ = resolve_references({"e": asked, "a": step("a"), "b": step("b")})
    assert list(keys) == ["a", "b", "e"]


@pytest.mark.parametrize(
    ("edges", "shown"),
    [({"a": "a"}, "a -> a"), ({"a": "b", "b": "a"}, "a -> b -> a"),
     ({"a": "b", "b": "c", "c": "b"}, "b -> c -> b"),
     ({"a": "b", "b": "c", "c": "a"}, "a -> b -> c -> a")],
    ids=["itself", "two", "behind another", "three"],
)  # fmt: skip
def test_a_circle_is_an_error_that_names_its_path(edges: dict[str, str], shown: str) -> None:
    named = {name: refers(name, other) for name, other in edges.items()} | {"free": step("free")}
    keys, wrong = resolve_references(named)
    assert list(keys) == ["free"]
    assert set(wrong) == set(edges)
    circle = shown.split(" -> ")
    for name in circle:
        assert str(wrong[name]) == (f"circular reference: {shown}; take one of the references out")


def test_a_reference_into_a_circle_names_the_id_to_mend_first() -> None:
    _, wrong = resolve_references({"a": refers("a", "b"), "b": refers("b", "b")})
    assert str(wrong["a"]) == (
        "it refers to #b, whose own references have a mistake: correct that first"
    )


def test_an_unknown_id_is_named_with_the_nearest_known_one() -> None:
    named = {"keeper": step("a"), "lamp": refers("b", "keper")}
    keys, wrong = resolve_references(named)
    assert list(keys) == ["keeper"]
    said = "no picture has the id 'keper': did you mean 'keeper'?"
    assert str(wrong["lamp"]) == said
    assert str(reference_error(refers("x", "keper"), keys, named)) == said


def test_without_any_id_on_the_site_the_fix_is_to_give_one() -> None:
    assert str(reference_error(refers("x", "a"), {}, {})) == (
        "no picture has the id 'a': give that directive an id"
    )
    assert reference_error(step("x"), {}, {}) is None


def test_references_that_branch_take_no_longer_than_there_are_references() -> None:
    names = [f"p{n}" for n in range(MAX_REQUESTS)]
    named = {
        name: refers(name, *names[max(0, at - 3) : at]) for at, name in enumerate(names)
    }  # some 10^25 paths
    keys, wrong = resolve_references(dict(reversed(named.items())))
    assert (list(keys), wrong) == (names, {})


@pytest.mark.parametrize("forwards", [True, False], ids=["forwards", "backwards"])
def test_a_chain_that_is_too_long_is_cut_where_it_is(forwards: bool) -> None:
    names = [f"p{n}" for n in range(5000)]
    named = {name: refers(name, *names[max(0, at - 1) : at]) for at, name in enumerate(names)}
    keys, wrong = resolve_references(named if forwards else dict(reversed(named.items())))
    assert list(keys) == names[:MAX_REQUESTS]
    assert str(wrong[names[MAX_REQUESTS]]) == (
        "the picture takes 101 requests with all that it refers to, 100 at most: "
        "let it refer to an earlier one"
    )
    assert "correct that first" in str(wrong[names[-1]])


def test_edits_are_steps_as_well() -> None:
    named = {"a": step("a"), "b": step("b")}
    for _ in range(49):
        named |= {name: step(f"{name}!", after=last) for name, last in named.items()}
    named["b"] = step("b!", after=refers("b", "a"))
    keys, wrong = resolve_references(named | {"c": refers("c", "b")})
    assert wrong == {}
    for _ in range(49):
        named["b"] = step("b!", after=named["b"])
    keys, wrong = resolve_references(named)
    assert list(keys) == ["a"]
    assert "101 requests" in str(wrong["b"])


graphs = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=3), max_size=6
)


@given(graphs)
def test_every_id_has_either_a_key_or_a_complaint_and_what_it_needs_comes_first(
    graph: dict[str, list[str]],
) -> None:
    named = {name: refers(name, *others) for name, others in graph.items()}
    keys, wrong = resolve_references(named)
    assert keys.keys() | wrong.keys() == named.keys()
    assert not keys.keys() & wrong.keys()
    order = list(keys)
    for name in keys:
        assert all(order.index(other) < order.index(name) for other in graph[name])
        assert keys[name] == key(named[name], keys)
    for name in wrong:
        assert any(other not in keys for other in graph[name])


@given(graphs, st.randoms())
def test_the_order_of_pages_changes_no_key(graph: dict[str, list[str]], random: object) -> None:
    named = {name: refers(name, *others) for name, others in graph.items()}
    shuffled = list(named.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve_references(dict(shuffled))[0] == resolve_references(named)[0]
