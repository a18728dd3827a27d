"""Times a build from inside: the seconds spent in each plugin's hooks, and in our Markdown steps.

Two builds of one site differ by more than a small plugin costs, so a plugin is held against the
rest of the same build. Everything is wrapped from here, by the interfaces that MkDocs and
Python-Markdown have for plugins; nothing of a plugin's own is known or changed. A call inside
another is counted once, for the outer one.
"""

import importlib.metadata
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import markdown.util

OURS = "gemini-images"
_PACKAGE = "mkdocs_gemini_images"


class Clock:
    """Seconds by plugin name; `loading` is the time until a plugin's module was imported."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.loading: defaultdict[str, float] = defaultdict(float)
        self._within = False

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Give a call that does the same, and is counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            if self._within:
                return call(*args, **kwargs)
            self._within = True
            cpu, wall = time.thread_time(), time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                self.seconds[name] += time.perf_counter() - wall
                self.cpu[name] += time.thread_time() - cpu
                self._within = False

        return counted

    def watch_loading(self) -> None:
        """Time the import of each plugin's module."""
        load = importlib.metadata.EntryPoint.load

        def counted(entry: importlib.metadata.EntryPoint) -> Any:
            begun = time.perf_counter()
            try:
                return load(entry)
            finally:
                self.loading[entry.name] += time.perf_counter() - begun

        importlib.metadata.EntryPoint.load = counted  # type: ignore[method-assign, assignment]

    def watch_markdown(self) -> None:
        """Time each step of a Markdown conversion that is ours, wherever it is registered."""
        register = markdown.util.Registry.register

        def counted(registry: Any, item: Any, name: str, priority: float) -> None:
            # An inline processor has no `run`: Markdown asks it for one match at a time.
            step = "run" if hasattr(item, "run") else "handleMatch"
            call = getattr(item, step, None)
            # A step may be one of Markdown's own classes, whose `run` is a function of ours.
            if call and getattr(call, "__module__", "").partition(".")[0] == _PACKAGE:
                setattr(item, step, self.timed(OURS, call))
            register(registry, item, name, priority)

        markdown.util.Registry.register = counted  # type: ignore[method-assign, assignment]

    def watch_hooks(self, config: Any) -> None:
        """Time each hook of each plugin of a configuration that is loaded."""
        names = {id(plugin): name for name, plugin in config.plugins.items()}
        for methods in config.plugins.events.values():
            methods[:] = [
                self.timed(names.get(id(getattr(method, "__self__", None)), "?"), method)
                for method in methods
            ]
