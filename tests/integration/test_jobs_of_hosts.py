"""The jobs for GitHub, GitLab and pre-commit: held against their schemas, and their steps run."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from tests.integration.steps_in_shell import run_step, stand_ins
from tests.unit.reports.review.repositories import commit, git, repository

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {each["name"]: each for each in ACTION["runs"]["steps"]}
GITLAB_FILE = ROOT / "integrations" / "gitlab-ci.yml"
GITLAB = yaml.safe_load(GITLAB_FILE.read_text())
MANUAL = ROOT / "example_site" / "docs"
HOSTILE = '"; touch hacked; echo $(touch hacked) `touch hacked`'


def valid(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-actions", ROOT / "action.yml"), ("vendor.gitlab-ci", GITLAB_FILE)],
)
def test_a_file_is_as_its_host_s_schema_says(schema: str, file: Path) -> None:
    valid("check_jsonschema", "--builtin-schema", schema, str(file))


def test_pre_commit_reads_its_hooks() -> None:
    valid("pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))


def test_the_workflows_of_the_manual_are_as_the_schema_says(tmp_path: Path) -> None:
    blocks = [
        block
        for page in ("review.md", "ci.md")
        for block in re.findall(r"```yaml\n(# \.github.*?)```", (MANUAL / page).read_text(), re.S)
    ]
    assert len(blocks) >= 3
    for number, block in enumerate(blocks):
        (tmp_path / f"{number}.yml").write_text(block)
    files = [str(each) for each in sorted(tmp_path.iterdir())]
    valid("check_jsonschema", "--builtin-schema", "vendor.github-workflows", *files)


def test_the_project_s_own_workflows_are_as_the_schema_says() -> None:
    files = [str(each) for each in sorted((ROOT / ".github/workflows").glob("*.yml"))]
    assert len(files) >= 2
    valid("check_jsonschema", "--builtin-schema", "vendor.github-workflows", *files)


def test_a_release_is_built_once_and_published_without_a_token() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    release = yaml.safe_load(text)
    jobs = release["jobs"]
    assert release["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write", "attestations": "write"},
    }
    assert jobs["publish"]["needs"] == "build"
    assert not any("run" in step for step in jobs["publish"]["steps"])  # nothing is built again
    used = re.findall(r"uses: (\S+)", text)
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@(?:release/)?v\d+", each) for each in used)
    assert "secrets." not in text
    assert "${{" not in text


def test_the_manual_lists_the_action_s_inputs() -> None:
    text = (MANUAL / "review.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (.+) \|$", text, re.M)
    assert dict(rows) == {name: each["description"] for name, each in ACTION["inputs"].items()}


def test_nothing_of_a_pull_request_is_put_into_a_script() -> None:
    scripts = [each["run"] for each in STEPS.values() if "run" in each]
    assert len(scripts) == 5
    assert not [script for script in scripts if "${{" in script]
    given = {value for each in STEPS.values() for value in each.get("env", {}).values()}
    assert {each for each in given if "github.event" in each} == {
        "${{ github.event.pull_request.number }}"
    }


def test_the_key_is_given_to_the_step_that_draws_alone() -> None:
    assert [name for name, each in STEPS.items() if "api-key" in str(each)] == [
        "Draw on the branch that is named"
    ]


@pytest.fixture
def here(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Make a clone of a repository, and the environment of a job."""
    origin = repository(tmp_path / "origin")
    git(origin, "config", "receive.denyCurrentBranch", "ignore")
    git(tmp_path, "clone", "-q", str(origin), "clone")
    environment = stand_ins(tmp_path) | {"CONFIG_FILE": "", "GITHUB_REPOSITORY": "owner/name"}
    return tmp_path / "clone", environment


def test_a_push_to_the_named_branch_draws_and_commits(here: tuple[Path, dict[str, str]]) -> None:
    clone, environment = here
    script = STEPS["Draw on the branch that is named"]["run"]
    environment |= {"DRAW_BRANCH": "main", "DRAWN_PATHS": "gemini-images docs",
                    "GITHUB_REF": "refs/heads/main", "GEMINI_API_KEY": "k",
                    "DRAW_ENDS": "1"}  # fmt: skip
    commit(clone.parent / "origin", {"later.md": b"L"})
    ran = run_step(script, clone, environment)
    assert ran.commands == [["gemini-images", "draw"]]
    assert ran.code == 1  # it failed after it had bought, and what it bought is there
    origin = clone.parent / "origin"
    assert git(origin, "show", "main:gemini-images/a.json") == "True"
    assert git(origin, "log", "-1", "--format=%an %s", "main") == "gemini-images Draw pictures"


@pytest.mark.parametrize("ref", ["refs/heads/other", "refs/tags/main", "refs/heads/main2", HOSTILE])
def test_no_other_branch_draws(ref: str, here: tuple[Path, dict[str, str]]) -> None:
    clone, environment = here
    script = STEPS["Draw on the branch that is named"]["run"]
    ran = run_step(script, clone, environment | {"DRAW_BRANCH": "main", "GITHUB_REF": ref})
    assert (ran.code, ran.commands) == (0, [])
    assert not (clone / "hacked").exists()


@pytest.mark.parametrize(("ends", "code"), [("0", 0), ("1", 1), ("2", 0), ("3", 0)])
def test_a_plan_goes_into_the_summary_and_fails_where_something_is_broken(
    ends: str, code: int, here: tuple[Path, dict[str, str]]
) -> None:
    clone, environment = here
    named = environment | {"PLAN_ENDS": ends, "CONFIG_FILE": "a b.yml"}
    ran = run_step(STEPS["Plan"]["run"], clone, named)
    assert ran.code == code
    assert ran.commands == [["gemini-images", "plan", "--markdown", "-f", "a b.yml"]]
    assert Path(environment["GITHUB_STEP_SUMMARY"]).read_text() == "the plan\n"


@pytest.mark.parametrize(
    ("ends", "code", "changed"), [("0", 0, "false"), ("3", 0, "true"), ("1", 1, "true")]
)
def test_a_review_says_whether_pictures_have_changed(
    ends: str, code: int, changed: str, here: tuple[Path, dict[str, str]]
) -> None:
    clone, environment = here
    named = environment | {"REVIEW_ENDS": ends, "BASE": HOSTILE, "CONFIG_FILE": HOSTILE}
    ran = run_step(STEPS["Review"]["run"], clone, named)
    assert ran.code == code
    assert ran.commands[0][:5] == ["gemini-images", "review", f"--base={HOSTILE}", "-f", HOSTILE]
    assert f"changed={changed}\npage=" in Path(environment["GITHUB_OUTPUT"]).read_text()
    assert "the review" in Path(environment["GITHUB_STEP_SUMMARY"]).read_text()
    assert not (clone / "hacked").exists()


def test_without_a_pull_request_and_a_base_nothing_is_compared(
    here: tuple[Path, dict[str, str]],
) -> None:
    clone, environment = here
    ran = run_step(STEPS["Review"]["run"], clone, environment | {"BASE": ""})
    assert (ran.code, ran.commands) == (0, [])


def test_a_review_that_cannot_compare_fails_without_outputs(
    here: tuple[Path, dict[str, str]],
) -> None:
    clone, environment = here
    named = environment | {"BASE": "", "GITHUB_BASE_REF": "main", "REVIEW_ENDS": "1",
                           "REVIEW_WRITES": "0"}  # fmt: skip
    assert run_step(STEPS["Review"]["run"], clone, named).code == 1
    assert Path(environment["GITHUB_OUTPUT"]).read_text() == ""


@pytest.mark.parametrize(
    ("found", "changed", "method"),
    [("", "true", "POST"), ("7\n8", "true", "PATCH"), ("7", "false", "PATCH"), ("", "false", "")],
)
def test_a_comment_is_written_once_and_then_replaced(
    found: str, changed: str, method: str, here: tuple[Path, dict[str, str]]
) -> None:
    clone, environment = here
    body = Path(environment["RUNNER_TEMP"]) / "gemini-images" / "review.md"
    body.parent.mkdir(parents=True)
    body.write_text("x")
    named = environment | {"AUTHOR": "github-actions[bot]", "CHANGED": changed,
                           "PULL_REQUEST": "4", "GH_FOUND": found}  # fmt: skip
    ran = run_step(STEPS["Comment"]["run"], clone, named)
    assert ran.code == 0
    asked, *written = ran.commands
    assert asked[:4] == ["gh", "api", "--paginate", "repos/owner/name/issues/4/comments"]
    place = "comments/7" if found else "4/comments"
    assert [(each[3], each[4], each[-1]) for each in written] == (
        [(method, f"repos/owner/name/issues/{place}", f"body=@{body}")] if method else []
    )


def test_a_token_that_may_not_comment_fails_nothing(here: tuple[Path, dict[str, str]]) -> None:
    clone, environment = here
    named = environment | {"AUTHOR": "x", "CHANGED": "true", "PULL_REQUEST": "4", "GH_REFUSES": "1"}
    ran = run_step(STEPS["Comment"]["run"], clone, named)
    assert ran.code == 0
    assert ran.printed.startswith("::notice::The token may not write a comment")


# --- GitLab ----------------------------------------------------------------------------------


class _Notes(BaseHTTPRequestHandler):
    """GitLab's API, as far as the job asks it: the user, and the notes of a merge request."""

    asked: list[tuple[str, str, dict[str, Any]]]
    notes: list[dict[str, Any]]

    def _answer(self, value: object = None) -> None:
        size = int(self.headers.get("content-length") or 0)
        typed = parse_qs(self.rfile.read(size).decode())
        self.asked.append((self.command, self.path, typed))
        said = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_GET(self) -> None:
        self._answer({"id": 5} if self.path.endswith("/user") else self.notes)

    def do_PUT(self) -> None:
        self._answer({})

    do_POST = do_PUT

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def gitlab() -> Iterator[tuple[str, type[_Notes]]]:
    """Serve GitLab's API on loopback."""
    handler = type("Notes", (_Notes,), {"asked": [], "notes": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v4", handler
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("author", [5, 6])
def test_a_note_of_its_own_is_replaced_and_no_other(
    author: int, gitlab: tuple[str, type[_Notes]], here: tuple[Path, dict[str, str]]
) -> None:
    url, api = gitlab
    clone, environment = here
    mark = "<!-- gemini-images review -->"
    api.notes = [{"id": 3, "author": {"id": author}, "body": f"{mark} x"}]
    named = environment | {
        "CI_API_V4_URL": url, "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "2",
        "GEMINI_IMAGES_TOKEN": "t", "REVIEW_ENDS": "3",
    }  # fmt: skip
    ran = run_step("\n".join(GITLAB["gemini-images-review"]["script"]), clone, named)
    assert ran.code == 0, ran.printed
    method, path, typed = api.asked[-1]
    assert typed["body"][0].startswith(mark)
    notes = "/api/v4/projects/1/merge_requests/2/notes"
    assert (method, path) == (("PUT", f"{notes}/3") if author == 5 else ("POST", notes))


@pytest.mark.parametrize(("ends", "code"), [("0", 0), ("3", 0), ("1", 1)])
def test_a_review_without_a_token_writes_its_files(
    ends: str, code: int, here: tuple[Path, dict[str, str]]
) -> None:
    clone, environment = here
    script = "\n".join(GITLAB["gemini-images-review"]["script"])
    assert run_step(script, clone, environment | {"REVIEW_ENDS": ends}).code == code
    assert (clone / "review.html").exists()


@pytest.mark.parametrize("branch", ["main", "other"])
def test_gitlab_draws_on_the_named_branch_alone(
    branch: str, here: tuple[Path, dict[str, str]]
) -> None:
    clone, environment = here
    origin = clone.parent / "origin"
    named = environment | {
        "CI_COMMIT_BRANCH": branch, "GEMINI_IMAGES_DRAW_BRANCH": "main", "GEMINI_API_KEY": "k",
        "GEMINI_IMAGES_PATHS": "gemini-images docs", "GEMINI_IMAGES_REMOTE": str(origin),
    }  # fmt: skip
    ran = run_step("\n".join(GITLAB["gemini-images-draw"]["script"]), clone, named)
    assert ran.code == 0, ran.printed
    drew = "gemini-images/a.json" in git(origin, "ls-tree", "-r", "--name-only", "main")
    assert drew == (branch == "main")
