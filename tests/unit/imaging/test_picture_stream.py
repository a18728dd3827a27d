"""Small copies of many pictures: in order, with few in memory, and damage told in its place."""

from collections.abc import Iterator

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.imaging.picture_stream import StreamJob, small_pictures
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import opened, png, record, step


def test_pictures_come_small_in_their_order_and_few_are_read_ahead() -> None:
    data = [png(40 + number, 20) for number in range(60)]
    records = [record(step(f"A {number}"), each) for number, each in enumerate(data)]
    files = {each.key: bytes_ for each, bytes_ in zip(records, data, strict=True)}
    taken = []

    def jobs() -> Iterator[StreamJob]:
        for each in records:
            taken.append(each.key)
            yield each, lambda one: files[one.key]

    made = small_pictures(jobs(), max_side=10)
    first = next(made)
    assert isinstance(first, bytes)
    assert opened(first).size == (10, 5)
    assert len(taken) < 30
    assert sum(isinstance(each, bytes) for each in made) == 59


def test_what_cannot_be_read_is_told_in_its_place() -> None:
    fox, data = record(step("A fox"), png()), png()

    def missing(one: Record) -> bytes:
        raise DiagnosticError(Diagnostic.sentence("it is missing", "restore it"))

    made = list(small_pictures([None, (fox, missing), (fox, lambda _: data[:60]),
                                (fox, lambda _: data)], max_side=10))  # fmt: skip
    assert made[0] is None
    assert str(made[1]) == "it is missing: restore it"
    assert "is damaged" in str(made[2])
    assert isinstance(made[3], bytes)


def test_a_small_picture_that_is_there_is_not_made_again() -> None:
    one, other = record(step("A fox"), png(40, 20)), record(step("An owl"), png(30, 20))

    def unread(each: Record) -> bytes:
        assert each is other
        return png(30, 20)

    made = {one.sha256: b"small"}
    first, second = small_pictures([(one, unread), (other, unread)], max_side=10, made=made)
    assert first == b"small"
    assert isinstance(second, bytes)
    assert opened(second).size == (10, 7)
