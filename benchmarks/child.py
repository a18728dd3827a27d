"""One job in a process of its own: a build watched from inside, or filling a stock.

In comes a job as one line of JSON, out goes what it took as another: seconds, processor seconds of
all threads, the highest memory, and the shares of each plugin. Nothing is kept between jobs, so
that each pays for its imports like a build in a shell.
"""

import functools
import io
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any


def build(job: dict[str, Any]) -> dict[str, Any]:
    """Build a site as `mkdocs build` does."""
    import mkdocs.commands.build
    import mkdocs.config

    from benchmarks.inside import Clock

    clock = Clock()
    clock.watch_loading()
    clock.watch_markdown()
    saved = _count_saves(job)
    arrived = _note_arrivals(job)
    begun = time.perf_counter()
    config = mkdocs.config.load_config(job["config"])
    clock.watch_hooks(config)
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs.commands.build.build(config)
    config.plugins.on_shutdown()
    seconds = time.perf_counter() - begun
    return {
        "build": seconds,
        "inside": dict(clock.seconds),
        "inside_cpu": dict(clock.cpu),
        "loading": dict(clock.loading),
        "encoded": len(saved),
        "arrived": max(arrived, default=0.0),
    }


def survey(job: dict[str, Any]) -> dict[str, Any]:
    """Run `gemini-images plan` in this process."""
    from contextlib import redirect_stdout

    from mkdocs_gemini_images.cli.main import main

    said = io.StringIO()
    begun = time.perf_counter()
    try:
        with redirect_stdout(said):
            main(["plan", "--json", "-f", job["config"]], prog_name="gemini-images")
    except SystemExit as ended:
        code = ended.code
    seconds = time.perf_counter() - begun
    return {"build": seconds, "code": code, "rows": len(json.loads(said.getvalue())["pictures"])}


def review(job: dict[str, Any]) -> dict[str, Any]:
    """Run `gemini-images review` in this process, with the `kinds` of files that it is to write."""
    import resource
    from contextlib import redirect_stdout, suppress

    from mkdocs_gemini_images.cli.main import main

    said = io.StringIO()
    written = [f"--{each}={job['output']}/review.{each}" for each in job["kinds"]]
    begun = time.perf_counter()
    with redirect_stdout(said), suppress(SystemExit):
        main(["review", "--json", *written, "-f", job["config"]], prog_name="gemini-images")
    seconds = time.perf_counter() - begun
    changes = json.loads(said.getvalue())["changes"]
    used = os.times()
    return {
        "build": seconds,
        "changed": sum(each["state"] == "redrawn" for each in changes),
        "cpu_of_children": used.children_user + used.children_system,
        "peak_of_children": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    }


def stock(job: dict[str, Any]) -> dict[str, Any]:
    """Put a picture into stock for each directive of a site, as `gemini-images adopt` does."""
    from mkdocs_gemini_images.build.whole_site.adoption import adopt_picture
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.core.files import atomic_files
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.imaging import encoder

    encoder.backdrop = functools.cache(encoder.backdrop)  # the few pictures are decoded once

    pictures = [Path(path).read_bytes() for path in job["pictures"]]
    build = host_build.build([Path(job["config"])], DryRun()).group
    atomic_files.os.fsync = lambda descriptor: None  # type: ignore[attr-defined] # not for the disk's sake
    for at, post in enumerate(build.images):
        if numbered := post.resolved.directive.id.removeprefix("p"):
            at = int(numbered)  # a site that names its pictures says which is which
        key, request = build.request_of(post)
        adopt_picture(post, key, request, pictures[at % len(pictures)], build.store)
    return {"stocked": len(build.images)}


def _count_saves(job: dict[str, Any]) -> list[str]:
    """Count what Pillow writes; only where that is asked for, since it loads Pillow."""
    written: list[str] = []
    if job.get("count"):
        from PIL import Image

        save = Image.Image.save

        def counted(image: Any, file: Any, format: Any = None, **options: Any) -> None:
            written.append(str(format))
            save(image, file, format, **options)

        Image.Image.save = counted  # type: ignore[method-assign, assignment]
    return written


def _note_arrivals(job: dict[str, Any]) -> list[float]:
    """Note when each answer is durable in the journal; only where that is asked for."""
    times: list[float] = []
    if job.get("arrivals"):
        from mkdocs_gemini_images.generation.journal.entry import JournalEntry

        arrived = JournalEntry.arrived

        def noted(entry: JournalEntry) -> Path:
            path = arrived(entry)
            times.append(time.time())
            return path

        JournalEntry.arrived = noted  # type: ignore[method-assign, assignment]
    return times


def _peak() -> int:
    """Give this process's highest memory in bytes: what it inherited from its parent left out."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Do one job, and print what it took."""
    job = json.loads(sys.argv[1])
    logging.basicConfig(level=logging.INFO if job.get("log") else logging.ERROR)
    begun = time.perf_counter()
    done = {"build": build, "survey": survey, "review": review, "stock": stock}[job["do"]](job)
    used = os.times()
    done |= {"wall": time.perf_counter() - begun, "cpu": used.user + used.system, "peak": _peak()}
    print(json.dumps(done))


if __name__ == "__main__":
    main()
