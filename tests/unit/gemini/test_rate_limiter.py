"""Requests wait for places: no more are under way than there are, and each has its turn."""

import asyncio

from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
from tests.unit.steps import steps


def most_at_once(requests: int, limiter: RateLimiter, *, refused: int = 0) -> int:
    """Send requests, of which the first ones are refused; return how many were under way."""
    under_way = most = 0

    async def one(number: int) -> None:
        nonlocal under_way, most
        async with limiter.place():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
        if number < refused:
            limiter.slow_down(0)
        else:
            limiter.speed_up()

    async def all_of_them() -> None:
        async with asyncio.timeout(60):
            await asyncio.gather(*(one(number) for number in range(requests)))

    asyncio.run(all_of_them())
    return most


def test_all_places_are_used_and_no_more() -> None:
    assert most_at_once(100, RateLimiter(4)) == 4
    assert most_at_once(100, RateLimiter(1)) == 1


def test_places_that_were_halved_are_opened_again_while_others_wait() -> None:
    limiter = RateLimiter(8)
    assert most_at_once(100, limiter, refused=3) == 8
    assert limiter.limit == 8


def test_four_times_the_requests_take_four_times_the_steps() -> None:
    small = steps(lambda: most_at_once(100, RateLimiter(4)))
    assert steps(lambda: most_at_once(400, RateLimiter(4))) <= 6 * small


def test_a_request_that_is_cancelled_in_its_turn_leaves_the_place_to_the_next() -> None:
    async def scene() -> str:
        limiter, first = RateLimiter(1), asyncio.Event()

        async def hold() -> None:
            async with limiter.place():
                await first.wait()

        async def follow(name: str) -> str:
            async with limiter.place():
                return name

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0)
        second, third = (asyncio.create_task(follow(name)) for name in ("second", "third"))
        await asyncio.sleep(0)
        first.set()
        while not holder.done():
            await asyncio.sleep(0)
        second.cancel()
        async with asyncio.timeout(60):
            return await third

    assert asyncio.run(scene()) == "third"
