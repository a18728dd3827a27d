"""Survey the site as it was at a commit: `gemini-images plan` in an export of its files.

In: an export, and where in it the configuration is. Out: the rows of its survey. The build runs in
a process of its own, beside that of today's site, in the folder where the site was: paths that are
relative to it lead into the export, and hooks of one revision do not meet those of the other. Of
the environment it has what a build needs to run, and no key or token of the job. It sends nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from mkdocs_gemini_images.config.reading import CI_VARIABLES
from mkdocs_gemini_images.config.server import KEY_NAMES
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, message_of
from mkdocs_gemini_images.reports.survey import SurveyRow

_BEGINNING = '{\n "v": 1,'
"""How the JSON of a survey begins: a hook may have printed something before it."""
_SECONDS = 1800
_PASSED = frozenset(
    (
        *CI_VARIABLES, "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV",
        "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SOURCE_DATE_EPOCH",
        "NO_COLOR", "NO_MKDOCS_2_WARNING", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC",
        "PATHEXT", "USERPROFILE", "LOCALAPPDATA", "GOOGLE_APPLICATION_CREDENTIALS",
    )
)  # fmt: skip
"""What the build of the other commit has of the environment."""
_PASSED_BEGINNINGS = ("LC_", "PYTHON", "AWS_", "AZURE_STORAGE_", "GOOGLE_SERVICE_ACCOUNT")
"""The beginnings of further names: those of Python, and what opens a stock in a bucket."""


class BaseSurvey:
    """A survey under way in another process, of the site in `folder`."""

    def __init__(self, folder: Path, config_files: Sequence[Path]) -> None:
        named = [part for file in config_files for part in ("-f", str(file))]
        # Files, since a pipe that fills up would hold the build up.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `stop`)
        self._complained = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603
            # -P: the folder itself, which may have modules of any name, is none to import from.
            [sys.executable, "-P", "-m", "mkdocs_gemini_images", "plan", "--json", *named],
            cwd=folder, env=passed_on(os.environ), stdin=subprocess.DEVNULL, stdout=self._said,
            stderr=self._complained,
        )  # fmt: skip

    def rows(self) -> list[SurveyRow]:
        """Wait for the rows. Raises `DiagnosticError` when the site could not be built."""
        try:
            self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            got = f"its build took more than {_SECONDS // 60} minutes"
            raise DiagnosticError(Diagnostic.sentence(got)) from error
        said, complained = map(_text, (self._said, self._complained))
        at = said.rfind(_BEGINNING)
        if at < 0:
            last = next((line for line in reversed(complained.splitlines()) if line.strip()), "")
            words = message_of(last.removeprefix("Error: ")) or "its build ended without a word"
            raise DiagnosticError(Diagnostic.sentence(words))
        try:
            value, _ = json.JSONDecoder().raw_decode(said, at)
            return [_row(each) for each in value["pictures"]]
        except (ValueError, KeyError, TypeError) as error:
            got = "its build printed something else than a survey"
            raise DiagnosticError(Diagnostic.sentence(got)) from error

    def stop(self) -> None:
        """End the process, if it still runs."""
        self._process.kill()
        self._process.wait()
        self._said.close()
        self._complained.close()


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the build of another commit has of the environment of a job.

    Hooks and macros of that commit run in it, so it has no key and no token. Its home is found
    without `HOME` where it needs one.
    """
    return {
        name: text
        for name, text in environment.items()
        if name.upper() in _PASSED or name.upper().startswith(_PASSED_BEGINNINGS)
        if name not in KEY_NAMES
    }


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _row(fields: Mapping[str, Any]) -> SurveyRow:
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value := fields[name], list) else value
        for name in SurveyRow.__dataclass_fields__
        if name in fields
    }
    return SurveyRow(**known)
