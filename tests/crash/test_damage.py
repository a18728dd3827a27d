"""A thousand damaged, cut and swapped files: no wrong picture is published, and none is bought.

A published file is right when it is, byte for byte, what the undamaged stock gave; a placeholder
may stand in its place. Each round damages all pictures at once, and the seed is printed.
"""

import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.crash.scene import Ended, Scene
from tests.crash.till import Till, picture
from tests.unit.pictures import opened

PROMPTS = [f"Picture {number}" for number in range(50)]
ROUNDS = 22

Damage = Callable[[Random, Path, list[Path]], None]


def flip(random: Random, file: Path, others: list[Path]) -> None:
    data = bytearray(file.read_bytes())
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    file.write_bytes(data)


def cut(random: Random, file: Path, others: list[Path]) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: random.randrange(len(data))])


def lengthen(random: Random, file: Path, others: list[Path]) -> None:
    file.write_bytes(file.read_bytes() + random.randbytes(random.randrange(1, 99)))


def swap(random: Random, file: Path, others: list[Path]) -> None:
    other = random.choice([each for each in others if each != file])
    mine, theirs = file.read_bytes(), other.read_bytes()
    file.write_bytes(theirs)
    other.write_bytes(mine)


def replace(random: Random, file: Path, others: list[Path]) -> None:
    file.write_bytes(picture(random.randrange(10**9), "another"))


def overwrite(random: Random, file: Path, others: list[Path]) -> None:
    file.write_bytes(random.randbytes(file.stat().st_size))


def lose(random: Random, file: Path, others: list[Path]) -> None:
    file.unlink()


DAMAGES: tuple[Damage, ...] = (flip, flip, cut, lengthen, swap, replace, overwrite, lose)


@pytest.fixture
def seed() -> str:
    chosen = secrets.token_hex(4)
    print(f"seed {chosen}")
    return chosen


@pytest.fixture
def scene(tmp_path: Path, till: Till) -> Scene:
    """A site that owns fifty pictures, and a copy of it beside."""
    scene = Scene(tmp_path / "scene", till.url)
    scene.build(PROMPTS)
    shutil.copytree(scene.root, tmp_path / "whole")
    return scene


def restore(scene: Scene) -> None:
    """Make everything whole again."""
    shutil.rmtree(scene.root)
    shutil.copytree(scene.root.with_name("whole"), scene.root)
    shutil.rmtree(scene.root / "site")


def published(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.rglob("site/**/*.webp")}


def pixels(data: bytes) -> object:
    """Give what is to be seen, without the words about it that come from the sidecar."""
    picture = opened(data)
    return picture.size, picture.tobytes()


def wrong(scene: Scene, ended: Ended, seen: Callable[[bytes], object] = bytes) -> Iterator[str]:
    """List the pictures of a page that are not what they were."""
    whole = published(scene.root.with_name("whole"))
    for name, data in published(scene.root).items():
        if name not in whole or seen(whole[name]) != seen(data):
            yield name
    for prompt, shown in ended.shown.items():
        if not (scene.root / "site" / shown.src).is_file():
            yield f"{prompt}: {shown.src} is nowhere"


def test_damaged_originals_are_never_published_and_never_bought_again(
    scene: Scene, till: Till, seed: str
) -> None:
    random, done, shown = Random(seed), 0, 0
    for _ in range(ROUNDS):
        restore(scene)
        shutil.rmtree(scene.cache)
        files = sorted(scene.stock.glob("*.png"))
        for file in files:
            if file.exists():
                random.choice(DAMAGES)(random, file, [each for each in files if each.exists()])
                done += 1
        ended = scene.build(PROMPTS)
        assert list(wrong(scene, ended)) == []
        assert ended.missing == len(ended.loud)
        shown += len(PROMPTS) - ended.missing
    assert done >= 1_000
    assert shown < done / 10, "a few were swapped back"
    assert len(till.bills()) == len(PROMPTS)


def test_damaged_cache_files_cost_time_and_nothing_else(
    scene: Scene, till: Till, seed: str
) -> None:
    random, done = Random(seed), 0
    for round in range(6):
        restore(scene)
        database = scene.cache / "variants" / "cache.db"
        done += damage_rows(random, database) if round % 2 else damage_pages(random, database)
        ended = scene.build(PROMPTS)
        assert list(wrong(scene, ended)) == []
        assert ended.missing == 0
    assert done >= 300
    assert len(till.bills()) == len(PROMPTS)


def damage_rows(random: Random, database: Path) -> int:
    """Give every file in the cache another one's bytes, or damaged ones."""
    with sqlite3.connect(database) as connection:
        rows = dict(connection.execute("SELECT rowid, value FROM Cache").fetchall())
        others = random.sample(list(rows), len(rows))
        for (row, value), other in zip(rows.items(), others, strict=True):
            at = random.randrange(len(value))
            changed = bytes([value[at] ^ (1 << random.randrange(8))])
            damaged = [rows[other], value[:at], value[:at] + changed + value[at + 1 :]]
            connection.execute(
                "UPDATE Cache SET value = ? WHERE rowid = ?", (random.choice(damaged), row)
            )
    connection.close()
    return len(rows)


def damage_pages(random: Random, database: Path) -> int:
    """Change bytes all over the database."""
    data = bytearray(database.read_bytes())
    for _ in range(50):
        data[random.randrange(len(data))] = random.randrange(256)
    database.write_bytes(data)
    return 50


def test_damaged_sidecars_show_no_wrong_picture_and_buy_none(
    scene: Scene, till: Till, seed: str
) -> None:
    random = Random(seed)
    for _ in range(4):
        restore(scene)
        shutil.rmtree(scene.cache)
        files = sorted(scene.stock.glob("*.json"))
        for file in files:
            before, was = file.read_bytes(), size(file)
            random.choice((flip, cut, swap, overwrite))(random, file, files)
            if size(file) not in (None, was):
                file.write_bytes(before)  # see the next test
        ended = scene.build(PROMPTS)
        assert list(wrong(scene, ended, pixels)) == []
    assert len(till.bills()) == len(PROMPTS)


def size(sidecar: Path) -> object:
    """Give the size that a sidecar speaks of, or None where it cannot be read."""
    try:
        value = json.loads(sidecar.read_bytes())
        return value["width"], value["height"]
    except (ValueError, TypeError, KeyError):
        return None


def test_a_sidecar_with_a_damaged_size_shows_no_stretched_picture(scene: Scene) -> None:
    restore(scene)
    shutil.rmtree(scene.cache)
    file = sorted(scene.stock.glob("*.json"))[0]
    file.write_text(file.read_text().replace('"width": 32', '"width": 36'))
    assert list(wrong(scene, scene.build(PROMPTS))) == []


def test_a_deleted_cache_costs_no_bill_and_gives_the_same_files(scene: Scene, till: Till) -> None:
    restore(scene)
    shutil.rmtree(scene.cache)
    ended = scene.build(PROMPTS)
    assert (ended.missing, ended.loud) == (0, ())
    assert published(scene.root) == published(scene.root.with_name("whole"))
    assert len(till.bills()) == len(PROMPTS)
