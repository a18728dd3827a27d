"""Limit how many requests a build sends at a time, and how often.

A request holds one of `concurrency` places while it is under way. After an answer 429 or 503 the
build halves the places and waits as long as the server says; each success opens a part of a place
again. `requests_per_minute` spaces the starts. Works within one event loop.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class RateLimiter:
    """The places for the requests of one build."""

    def __init__(self, concurrency: int, requests_per_minute: float = 0.0) -> None:
        self._most_places = float(max(1, concurrency))
        self._limit = self._most_places
        self._active = 0
        self._gap = 60.0 / requests_per_minute if requests_per_minute > 0 else 0.0
        self._not_before = 0.0
        self._changed = asyncio.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be under way at a time."""
        return max(1, int(self._limit))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        async with self._changed:
            while self._active >= self.limit:
                try:
                    await self._changed.wait()
                except asyncio.CancelledError:
                    self._changed.notify()  # the next one takes what this one may have been given
                    raise
            self._active += 1
        try:
            await self._turn()
            yield
        finally:
            async with self._changed:
                self._active -= 1
                # Hundreds may wait: to wake all of them for each place takes the square of that.
                self._changed.notify(max(0, self.limit - self._active))

    def slow_down(self, wait: float) -> None:
        """Halve the places, and send nothing for `wait` seconds."""
        self._limit = max(1.0, self._limit / 2)
        self._not_before = max(self._not_before, asyncio.get_running_loop().time() + wait)

    def speed_up(self) -> None:
        """Open a part of a place: as many successes as there are places open one more."""
        self._limit = min(self._most_places, self._limit + 1 / self._limit)

    async def _turn(self) -> None:
        """Wait until this request may start, and reserve the start of the next one."""
        loop = asyncio.get_running_loop()
        while (wait := self._not_before - loop.time()) > 0:
            await asyncio.sleep(wait)
        if self._gap:
            self._not_before = loop.time() + self._gap
