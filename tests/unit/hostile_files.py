"""What a repository may bring in place of a file: links, pipes, devices, and files without end."""

import os
from pathlib import Path

KINDS = ("link", "device", "loop", "lost link", "pipe", "folder", "endless")
"""All that `put_something` can put."""
SECRET = "PASSWORD=hunter2"
"""The text of the file that a link leads to."""


def put_something(path: Path, kind: str) -> None:
    """Put something that is no ordinary file at `path`, in place of what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)
    match kind:
        case "link":
            secret = path.parent.parent / "secret.env"
            secret.write_text(SECRET)
            path.symlink_to(secret)
        case "device":
            path.symlink_to("/dev/zero")
        case "loop":
            path.symlink_to(path.name)
        case "lost link":
            path.symlink_to("nowhere")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "endless":
            with path.open("wb") as file:
                file.truncate(10 * 2**30)  # takes no room on the disk
        case _:
            raise ValueError(kind)
