"""What each model draws and costs, row by row as the API reference has it."""

import pytest

from mkdocs_gemini_images.models import catalogue, dimensions

NB, PRO, FLASH = "gemini-nano-banana-2.1", "gemini-3-pro-image", "gemini-3.1-flash-image"
LITE, OLD = "gemini-3.1-flash-lite-image", "gemini-2.5-flash-image"
SEED_PAGE = (
    "gemini-2.5-flash-image",
    "gemini-3.1-flash-image-preview",
    "gemini-3-pro-image-preview",
)

PIXELS = """
1:1    512x512   1024x1024 2048x2048 4096x4096
2:3    424x632   848x1264  1696x2528 3392x5056
3:2    632x424   1264x848  2528x1696 5056x3392
3:4    448x600   896x1200  1792x2400 3584x4800
4:3    600x448   1200x896  2400x1792 4800x3584
4:5    464x576   928x1152  1856x2304 3712x4608
5:4    576x464   1152x928  2304x1856 4608x3712
9:16   384x688   768x1376  1536x2752 3072x5504
16:9   688x384   1376x768  2752x1536 5504x3072
21:9   792x336   1584x672  3168x1344 6336x2688
1:4    256x1024  512x2048  1024x4096 2048x8192
4:1    1024x256  2048x512  4096x1024 8192x2048
1:8    192x1536  384x3072  768x6144  1536x12288
8:1    1536x192  3072x384  6144x768  12288x1536
"""
PIXELS_OF_OLD = """
1:1 1024x1024
2:3 832x1248
3:2 1248x832
3:4 864x1184
4:3 1184x864
4:5 896x1152
5:4 1152x896
9:16 768x1344
16:9 1344x768
21:9 1536x672
"""
COMMON = [row.split()[0] for row in PIXELS_OF_OLD.split("\n") if row]
EVERY = [row.split()[0] for row in PIXELS.split("\n") if row]
ABLE = {
    NB: (EVERY, ["1K", "2K", "4K"]),
    PRO: (COMMON, ["1K", "2K", "4K"]),
    FLASH: (EVERY, ["512", "1K", "2K", "4K"]),
    LITE: (COMMON, ["1K"]),
    OLD: (COMMON, ["1K"]),
    f"{PRO}-preview": (COMMON, ["1K", "2K", "4K"]),
    f"{FLASH}-preview": (EVERY, ["512", "1K", "2K", "4K"]),
}
PRICES = {
    NB: {"1K": 0.0336, "2K": 0.0504, "4K": 0.1134},
    PRO: {"1K": 0.134, "2K": 0.134, "4K": 0.24},
    FLASH: {"512": 0.045, "1K": 0.067, "2K": 0.101, "4K": 0.151},
    LITE: {"1K": 0.0336},
    OLD: {"1K": 0.039},
}
TOKENS = {
    NB: {"1K": 1120, "2K": 1680, "4K": 3780},
    PRO: {"1K": 1120, "2K": 1120, "4K": 2000},
    FLASH: {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
    LITE: {"1K": 1120},
    OLD: {"1K": 1290},
}


def table(text: str) -> list[tuple[str, str, tuple[int, int]]]:
    rows = []
    for row in filter(None, text.split("\n")):
        ratio, *cells = row.split()
        sizes = dimensions.SIZES if len(cells) == 4 else ("1K",)
        for size, cell in zip(sizes, cells, strict=True):
            width, height = cell.split("x")
            rows.append((ratio, size, (int(width), int(height))))
    return rows


def refused(model: str, **more: object) -> list[str]:
    asked: dict[str, object] = {
        "ratio": "16:9", "size": "1K", "grounding": frozenset(), "references": 0
    }  # fmt: skip
    return [str(each) for each in catalogue.check_options(model, **(asked | more))]  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [model for model in ABLE if model != OLD])
def test_the_3_family_draws_the_pixels_of_its_table(model: str) -> None:
    for ratio, size, pixels in table(PIXELS):
        assert catalogue.pixels(model, ratio, size) == pixels, (ratio, size)


def test_2_5_draws_the_pixels_of_its_own_table() -> None:
    for ratio, size, pixels in table(PIXELS_OF_OLD):
        assert catalogue.pixels(OLD, ratio, size) == pixels, ratio


def test_an_unknown_model_is_expected_to_draw_what_its_kin_does() -> None:
    for ratio, size, pixels in table(PIXELS):
        assert catalogue.pixels("gemini-9-image", ratio, size) == pixels


@pytest.mark.parametrize("model", ABLE)
def test_each_model_takes_its_ratios_and_sizes_and_refuses_all_others(model: str) -> None:
    ratios, sizes = ABLE[model]
    for ratio in dimensions.RATIOS:
        assert bool(refused(model, ratio=ratio)) == (ratio not in ratios), ratio
    for size in dimensions.SIZES:
        assert bool(refused(model, size=size)) == (size not in sizes), size


@pytest.mark.parametrize("model", PRICES)
def test_each_model_has_the_price_of_its_table_for_each_of_its_sizes(model: str) -> None:
    assert catalogue.MODELS[model].prices == PRICES[model]
    assert PRICES[model].keys() == set(ABLE[model][1])
    assert catalogue.MODELS[model].tokens == TOKENS[model]


@pytest.mark.parametrize("model", [NB, PRO, FLASH, LITE, OLD])
def test_the_price_of_a_picture_is_its_tokens_at_the_models_rate(model: str) -> None:
    known = catalogue.MODELS[model]
    for size, usd in known.prices.items():
        assert usd == pytest.approx(known.tokens[size] * known.rates.image / 1e6, rel=0.02)


def test_a_preview_costs_and_can_what_its_model_does() -> None:
    for model in (PRO, FLASH):
        preview, known = catalogue.MODELS[f"{model}-preview"], catalogue.MODELS[model]
        assert (preview.prices, preview.sizes, preview.ratios) == (
            known.prices, known.sizes, known.ratios,
        )  # fmt: skip


@pytest.mark.parametrize("model", SEED_PAGE)
def test_the_ids_of_the_page_it_all_began_with_are_known(model: str) -> None:
    assert model in catalogue.MODELS
    assert refused(model) == []
    assert catalogue.MODELS[model].prices["1K"]


def test_all_ratios_and_sizes_are_those_of_the_reference() -> None:
    assert sorted(dimensions.RATIOS) == sorted(EVERY)
    assert len(dimensions.RATIOS) == 14
    assert dimensions.SIZES == ("512", "1K", "2K", "4K")


def test_an_unknown_model_passes_with_all_that_the_api_knows() -> None:
    assert refused("gemini-9-image", ratio="8:1", size="512", references=99) == []
    assert refused("gemini-9-image", grounding=frozenset({"web", "image"})) == []


@pytest.mark.parametrize(
    ("model", "asked", "said"),
    [
        (NB, {"size": "512"}, "gemini-nano-banana-2.1 does not draw size '512', but 1K, 2K, 4K: "
         "write size: 1K"),
        (LITE, {"size": "4K"}, "gemini-3.1-flash-lite-image does not draw size '4K', but 1K: "
         "write size: 1K"),
        (NB, {"size": "8K"}, "gemini-nano-banana-2.1 does not draw size '8K', but 1K, 2K, 4K: "
         "write one of 1K, 2K, 4K"),
        (PRO, {"ratio": "1:4"}, "gemini-3-pro-image does not draw aspect_ratio "
         f"'1:4', but {', '.join(COMMON)}: another model draws it"),
        ("x", {"ratio": "16:10"}, "no known model draws aspect_ratio '16:10', but "
         f"{', '.join(dimensions.RATIOS)}: did you mean '3:2'?"),
        (NB, {"ratio": "16:99"}, f"{NB} does not draw aspect_ratio '16:99', but "
         f"{', '.join(dimensions.RATIOS)}: did you mean '16:9'?"),
        (OLD, {"references": 4}, "the picture has 4 references, and gemini-2.5-flash-image "
                                 "takes 3: "
         "name fewer"),
        (PRO, {"references": 15}, "the picture has 15 references, and gemini-3-pro-image takes 14: "
         "name fewer"),
        (PRO, {"grounding": frozenset({"image"})}, "gemini-3-pro-image does not look up 'image', "
         "but web: leave grounding out"),
        (LITE, {"grounding": frozenset({"web"})}, "gemini-3.1-flash-lite-image does not "
         "look up 'web', but nothing: leave grounding out"),
        (OLD, {"grounding": frozenset({"web"})}, "gemini-2.5-flash-image does not look up "
         "'web', but nothing: leave grounding out"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)  # fmt: skip
def test_what_a_model_cannot_is_said_before_a_request(
    model: str, asked: dict[str, object], said: str
) -> None:
    assert refused(model, **asked) == [said]


@pytest.mark.parametrize("model", [NB, FLASH])
def test_both_groundings_are_known_where_the_reference_has_them(model: str) -> None:
    assert refused(model, grounding=frozenset({"web", "image"}), references=14) == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    asked = {"ratio": "1:8", "size": "2K", "references": 4, "grounding": frozenset({"web"})}
    assert len(refused(OLD, **asked)) == 4
