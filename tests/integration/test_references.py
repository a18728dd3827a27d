"""Pictures that are made from pictures: drawn in order, by id or from a file, and kept honest."""

import io
from random import Random

import pytest
from PIL import Image

from tests.integration.conftest import MakeSite
from tests.integration.site import fence


def parts(entry: object) -> list[str]:
    """Name the kinds of parts of a request's last turn."""
    body = getattr(entry, "body", None)
    assert isinstance(body, dict)
    return [next(iter(part)) for part in body["contents"][-1]["parts"]]


def test_a_reference_to_another_picture_is_drawn_after_it(site: MakeSite) -> None:
    here = site(
        {
            "a.md": fence("The fox again", references='["#fox"]'),
            "b.md": fence("A fox", id="fox"),
            "index.md": "# Home",
        }
    )
    built = here.build()
    assert built.loud == ()
    assert built.prompts == ["A fox", "The fox again"]
    assert [parts(entry) for entry in built.requests] == [["text"], ["inlineData", "text"]]
    warm = here.build()
    assert warm.requests == ()
    assert warm.closing == "2 pictures, 2 from stock"


def test_a_chain_of_references_is_drawn_in_its_order(site: MakeSite) -> None:
    page = (
        fence("Third", id="c", references='["#b", "#a"]')
        + fence("Second", id="b", references='["#a"]')
        + fence("First", id="a")
    )
    assert site(page).build().prompts == ["First", "Second", "Third"]


def test_pictures_that_each_build_on_several_others_are_soon_planned(site: MakeSite) -> None:
    page = fence("The first", id="p0") + "".join(
        fence(f"Number {n}", id=f"p{n}", references=f'["#p{n - 1}", "#p{max(0, n - 2)}"]')
        for n in range(1, 60)
    )
    assert "60 requests are more than max_new: 59" in site(page).build(max_new=59).text


def test_a_picture_far_from_its_beginnings_is_a_complaint(site: MakeSite) -> None:
    page = "".join(
        fence(f"Number {n}", id=f"p{n}", references=f'["#p{n + 1}"]') for n in range(600)
    )
    built = site(page + fence("The last", id="p600")).build()
    assert built.requests == ()
    assert "the picture takes 101 requests with all that it refers to, 100 at most" in (built.text)


def test_a_changed_picture_changes_those_that_are_made_from_it(site: MakeSite) -> None:
    page = fence("A fox", id="fox") + fence("The fox again", references='["#fox"]')
    here = site(page)
    here.build()
    here.pages["index.md"] = page.replace("A fox\nalt: A", "A grey fox\nalt: Another")
    built = here.build()
    assert "A grey fox" in built.prompts
    assert "expected" not in built.text


def test_a_circle_is_named_and_its_neighbours_are_drawn(site: MakeSite) -> None:
    page = (
        fence("One", id="one", references='["#two"]')
        + fence("Two", id="two", references='["#one"]')
        + fence("Free")
    )
    built = site(page).build()
    assert built.prompts == ["Free"]
    assert len(built.warnings) == 2
    assert all("one -> two -> one" in w or "two -> one -> two" in w for w in built.warnings)


def test_an_unknown_id_is_named_with_the_nearest(site: MakeSite) -> None:
    built = site(fence("A fox", id="fox") + fence("Again", references='["#foxx"]')).build()
    assert built.prompts == ["A fox"]
    (warning,) = built.warnings
    assert "'foxx'" in warning
    assert "did you mean 'fox'" in warning


@pytest.mark.parametrize(
    "wrong",
    [{"sise": "2K"}, {"aspect_ratio": "7:7"}, {"references": "gone.png"}, {"model": "no model"},
     {"preset": "gone"}, {"take": "first"}],
)  # fmt: skip
@pytest.mark.parametrize("page", ["a.md", "index.md", "z.md"])
def test_a_reference_to_a_directive_with_a_mistake_says_where_that_stands(
    site: MakeSite, wrong: dict[str, str], page: str
) -> None:
    fox = fence("A fox", id="fox", **wrong)
    pages = {"index.md": "# Home\n\n" + fence("Again", references='["#fox"]')}
    pages[page] = pages.get(page, "") + fox
    built = site(pages).build()
    (said,) = [each for each in built.warnings if "it refers to" in each]
    place = {"a.md": "a.md:2", "index.md": "index.md:10", "z.md": "z.md:2"}[page]
    fix = f"whose directive has a mistake: correct that first, at {place}"
    assert said == f"index.md:7: it refers to #fox, {fix}"
    assert built.requests == ()


def test_a_reference_to_a_picture_that_waits_for_another_says_where_to_begin(
    site: MakeSite,
) -> None:
    page = (
        fence("Third", id="c", references='["#b"]')
        + fence("Second", id="b", references='["#a"]')
        + fence("First", id="a", sise="2K")
    )
    third, second, first = site(page).build().warnings
    waits = "it refers to #b, whose own references have a mistake: correct that first"
    assert third == f"index.md:6: {waits}, at index.md:9"
    assert second.endswith("it refers to #a, whose directive has a mistake: correct that first, "
                           "at index.md:16")  # fmt: skip
    assert first.startswith("index.md:20: expected a known option, got 'sise:'")


def test_nothing_is_made_from_a_picture_that_did_not_come(site: MakeSite) -> None:
    page = fence("A fox [emulate: image-safety]", id="fox")
    built = site(page + fence("Again", references='["#fox"]')).build()
    assert len(built.requests) == 1
    assert len(built.warnings) == 2
    assert "the picture it builds on" in built.warnings[1]


def test_a_frozen_build_asks_for_no_reference(site: MakeSite) -> None:
    page = fence("A fox", id="fox") + fence("Again", references='["#fox"]')
    built = site(page).build(frozen=True)
    assert built.requests == ()
    first, second = built.warnings
    assert "frozen" in first
    assert second.endswith("is not drawn: as above")


def test_a_file_is_sent_without_what_a_camera_wrote_into_it(site: MakeSite) -> None:
    here = site(fence("A fox like this", references="[fox.jpg]"))
    (here.root / "docs").mkdir()
    exif = Image.Exif()
    exif[0x010E] = "at home, 48.1 N 11.5 E"
    Image.new("RGB", (64, 64), "teal").save(here.root / "docs" / "fox.jpg", exif=exif)
    built = here.build()
    assert parts(built.requests[0]) == ["inlineData", "text"]
    import base64

    sent = built.requests[0].body["contents"][0]["parts"][0]["inlineData"]["data"]
    data = base64.b64decode(sent)
    assert b"48.1" not in data
    assert Image.open(io.BytesIO(data)).size == (64, 64)


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd", "nowhere.png"])
def test_a_path_that_leads_nowhere_costs_nothing(site: MakeSite, path: str) -> None:
    built = site(fence("A fox", references=f"[{path}]")).build()
    assert built.requests == ()
    assert len(built.warnings) == 1
    assert "root:" not in built.text


def photo(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "PNG")
    return file.getvalue()


def config(entry: object) -> dict[str, object]:
    """Give the `imageConfig` of a request."""
    body = getattr(entry, "body", None)
    assert isinstance(body, dict)
    found: dict[str, object] = body["generationConfig"].get("imageConfig", {})
    return found


def test_without_a_ratio_an_edit_of_a_screenshot_keeps_its_shape(site: MakeSite) -> None:
    written = {"references": "screen.png", "aspect_ratio": "auto"}
    here = site(fence("The same, as a drawing", **written))
    (here.root / "docs").mkdir()
    (here.root / "docs" / "screen.png").write_bytes(photo(300, 400))
    planned = here.build(frozen=True)
    (placeholder,) = planned.images()
    assert int(placeholder["width"]) / int(placeholder["height"]) == pytest.approx(0.75, abs=0.01)
    built = here.build()
    assert built.warnings == []
    assert "aspectRatio" not in config(built.requests[0])
    (image,) = built.images()
    assert int(image["width"]) / int(image["height"]) == 448 / 600
    again = here.build()
    assert (again.requests, again.images()) == ((), built.images())


def test_without_a_ratio_and_a_reference_the_picture_is_a_square(site: MakeSite) -> None:
    here = site(fence("A fox"), aspect_ratio="auto")
    (image,) = here.build().images()
    assert image["width"] == image["height"]


def test_the_type_of_an_address_is_sent_or_asked_for(site: MakeSite) -> None:
    page = (
        fence("One", references="https://pictures.example/a.webp")
        + fence("Two", references="gs://pictures/b type image/png")
        + fence("Three", references="gs://pictures/c")
    )
    built = site(page).build()
    sent = [entry.body["contents"][0]["parts"][0]["fileData"] for entry in built.requests]
    assert sorted(each["mimeType"] for each in sent) == ["image/png", "image/webp"]
    (warning,) = built.warnings
    assert "the type of the picture at 'gs://pictures/c' is not known" in warning
    assert warning.startswith("index.md:")


def test_the_type_of_an_address_changes_no_picture(site: MakeSite) -> None:
    here = site(fence("A fox", references="gs://pictures/b.png"))
    here.build()
    here.pages["index.md"] = fence("A fox", references="gs://pictures/b.png type image/png")
    assert here.build().closing == "1 picture, 1 from stock"


def test_what_a_reference_is_is_said_to_the_model(site: MakeSite) -> None:
    page = fence("A fox", id="fox") + fence("A hill", references='["#fox as person"]')
    built = site(page).build()
    assert built.warnings == []
    assert built.prompts == [
        "A fox", "A hill. Reference image 1 shows a person: keep the face and the figure.",
    ]  # fmt: skip


def test_too_many_of_a_kind_is_an_error_before_anything_is_sent(site: MakeSite) -> None:
    names = ", ".join(f"https://pictures.example/{n}.png as person" for n in range(5))
    built = site(fence("A fox", references=f"[{names}]")).build()
    assert built.requests == ()
    (warning,) = built.warnings
    assert "5 references are 'as person', and gemini-3.1-flash-image takes 4" in warning


def test_a_request_that_is_too_large_names_its_largest_reference(site: MakeSite) -> None:
    here = site(fence("A fox", references="[small.png, large.png]"))
    (here.root / "docs").mkdir()
    (here.root / "docs" / "small.png").write_bytes(photo(30, 30))
    noise = Image.frombytes("RGB", (2400, 2400), Random(1).randbytes(2400 * 2400 * 3))
    noise.save(here.root / "docs" / "large.png", compress_level=0)  # noise has no shorter form
    built = here.build()
    assert built.requests == ()
    (warning,) = built.warnings
    assert "the request has 2" in warning
    assert "(docs/large.png with 16.5 MB, docs/small.png with 0.0 MB" in warning


def test_a_temperature_above_one_is_not_sent_to_a_gateway(site: MakeSite) -> None:
    built = site(fence("A fox", temperature=1.5) + fence("An owl", temperature=1)).build()
    assert built.prompts == ["An owl"]
    (warning,) = built.warnings
    assert "temperature must be from 0 to 1 for this server" in warning
