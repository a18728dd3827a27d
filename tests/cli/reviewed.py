"""A site in a Git repository, and a review of what has changed in it."""

import json
from typing import Any

from tests.cli.command import CommandResult, run
from tests.integration.site import Site
from tests.unit.reports.review.repositories import git


def committed(site: Site, message: str = "x") -> None:
    """Write a site and commit all of it, into a new repository if there is none."""
    site.write()
    if not (site.root / ".git").exists():
        git(site.root, "init", "-q", "-b", "main")
        (site.root / ".gitignore").write_text(".cache\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", message)


def review(site: Site, *arguments: str) -> dict[str, Any]:
    """Return the review of a site as JSON, after checking that it names its own exit code."""
    done = reviewed(site, "--json", *arguments)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["exit_code"] == done.code
    return found


def reviewed(site: Site, *arguments: str) -> CommandResult:
    """Review a site; no request is sent."""
    done = run(site, "review", *arguments)
    assert done.requests == ()
    return done


def states(found: dict[str, Any]) -> dict[str, str]:
    """Return the state of each change by the prompt that it has, or had."""
    return {(each["after"] or each["before"])["prompt"]: each["state"] for each in found["changes"]}
