"""What the build of another commit gets of a job's environment."""

from mkdocs_gemini_images.reports.review.base.base_survey import passed_on

NEEDED = (
    "PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONUTF8", "CI",
    "SystemRoot", "AWS_PROFILE", "NO_MKDOCS_2_WARNING",
)  # fmt: skip
SECRETS = (
    "GEMINI_API_KEY", "GOOGLE_API_KEY", "OWN_KEY", "GITHUB_TOKEN", "GH_TOKEN", "CI_JOB_TOKEN",
    "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "NPM_TOKEN", "SSH_AUTH_SOCK", "HOME",
    "READTHEDOCS_TOKEN", "GIT_ASKPASS",
)  # fmt: skip


def test_the_build_of_another_commit_has_what_it_needs_and_no_secret_of_the_job() -> None:
    assert passed_on(dict.fromkeys((*NEEDED, *SECRETS), "x")) == dict.fromkeys(NEEDED, "x")
