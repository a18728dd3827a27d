"""A key is taken from the environment alone, however a file may be made to say it."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.config.api_key_origin import is_from_environment
from mkdocs_gemini_images.config.server import choose
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from tests.unit.config.test_reading import diagnostics, settings

KEY = "AIzaSyD-0123456789abcdef"
ESCAPED = "".join(f"\\x{ord(letter):02x}" for letter in KEY)
HALVES = f'"{KEY[:9]}\\\n      {KEY[9:]}"'
REFUSED = (
    "api_key is a key written into the file: write api_key: !ENV NAME, and replace the key: "
    "it has been seen"
)
WAYS = {
    "an escape": f'api_key: "{ESCAPED}"',
    "one escaped letter": f'api_key: "\\x41{KEY[1:]}"',
    "a wide escape": f'api_key: "\\U00000041{KEY[1:]}"',
    "a folded line": f"api_key: {HALVES}",
    "a block": f"api_key: |-\n      {KEY}",
    "a tag": f"api_key: !!str {KEY}",
    "a tag written out": f"api_key: !<tag:yaml.org,2002:str> '{KEY}'",
    "an alias": f'x: &key "{ESCAPED}"\n    api_key: *key',
    "a merged mapping": f'x: &m {{api_key: "{ESCAPED}"}}\n    <<: *m',
    "a default": f"api_key: !ENV [NOT_SET, {KEY}]",
    "an escaped default": f'api_key: !ENV [NOT_SET, "{ESCAPED}"]',
    "a default behind two names": f"api_key: !ENV [NOT_SET, ALSO_NOT, {KEY}]",
    "an empty list of names": "api_key: !ENV []",
    "a key of another name": f'"api\\x5fkey": "{ESCAPED}"',
    "nothing at all": "enabled: true",
    "no YAML": "api_key: [",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("inherited", [False, True], ids=["here", "inherited"])
def test_a_literal_key_is_refused_and_not_repeated(
    tmp_path: Path, text: str, inherited: bool
) -> None:
    text = f"plugins:\n- gemini-images:\n    {text}\n"
    if inherited:
        (tmp_path / "base").mkdir()
        (tmp_path / "base/site.yml").write_text(f"INHERIT: more.yml\n{text[:0]}")
        (tmp_path / "base/more.yml").write_text(text)
        text = 'INHERIT: "base/\\x73ite.yml"\n'
    said = diagnostics(tmp_path, text=text, api_key=KEY)
    assert said == [REFUSED]
    assert KEY not in str(said)


def test_a_variable_of_an_inherited_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("plugins:\n- gemini-images:\n    api_key: !ENV MY_KEY\n")
    found = settings(tmp_path, {"MY_KEY": KEY}, "INHERIT: base.yml\n", api_key=KEY)
    assert found.server.key.reveal() == KEY


@pytest.mark.parametrize(
    "written",
    ["INHERIT: !ENV PARENT", "INHERIT: !ENV [NOT_SET, base.yml]", "<<: {INHERIT: base.yml}",
     "a: &a {INHERIT: base.yml}\n<<: [{b: 1}, *a]", "<<: &a {INHERIT: base.yml, <<: *a}"],
)  # fmt: skip
def test_a_key_is_found_in_a_file_however_that_is_inherited(tmp_path: Path, written: str) -> None:
    (tmp_path / "base.yml").write_text(f'x: "{ESCAPED}"')
    environment = {"MY_KEY": KEY, "PARENT": "base.yml"}
    assert not diagnostics_of(tmp_path, f"{written}\nkey: !ENV MY_KEY", KEY, environment)
    assert diagnostics_of(tmp_path, "key: !ENV MY_KEY", KEY, environment)


def test_files_that_inherit_one_another_end(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("INHERIT: b.yml\nx: !ENV MY_KEY")
    (tmp_path / "b.yml").write_text("INHERIT: a.yml")
    assert is_from_environment(KEY, tmp_path / "a.yml", {"MY_KEY": KEY})


def test_a_variable_that_no_file_names_does_not_make_a_literal_good(tmp_path: Path) -> None:
    assert diagnostics_of(tmp_path, "api_key: short", "short", {"OTHER": "short"}) is False


def test_a_key_that_is_both_a_variable_and_a_literal_is_refused(tmp_path: Path) -> None:
    text = f'api_key: "{ESCAPED}"\nx: !ENV MY_KEY'
    assert diagnostics_of(tmp_path, text, KEY, {"MY_KEY": KEY}) is False


def test_a_bomb_of_aliases_is_read_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 !ENV MY_KEY"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    assert diagnostics_of(tmp_path, "\n".join(lines), KEY, {"MY_KEY": KEY})


def diagnostics_of(folder: Path, text: str, key: str, environment: dict[str, str]) -> bool:
    (folder / "mkdocs.yml").write_text(text)
    return is_from_environment(key, folder / "mkdocs.yml", environment)


@pytest.mark.parametrize("literal", [f'api_key = "{KEY}"', f'api_key = "\\u0041{KEY[1:]}"'])
def test_zensicals_own_file_has_no_variables(tmp_path: Path, literal: str) -> None:
    (tmp_path / "zensical.toml").write_text(f"[x]\n{literal}\n")
    assert not is_from_environment(KEY, tmp_path / "zensical.toml", {"MY_KEY": KEY})


def test_zensical_may_read_the_file_of_mkdocs(tmp_path: Path) -> None:
    (tmp_path / "zensical.toml").write_text("")
    (tmp_path / "mkdocs.yml").write_text("api_key: !ENV MY_KEY")
    assert is_from_environment(KEY, tmp_path / "zensical.toml", {"MY_KEY": KEY})


@pytest.mark.parametrize(
    "proxy", ["http://proxy.example:3128", "https://proxy.example", "http://127.0.0.1:1"]
)
@pytest.mark.parametrize(
    "base_url", ["http://localhost:8000", "HTTP://127.0.0.1:1/v1", "http://[::1]:2"]
)
def test_a_key_for_this_machine_passes_no_proxy(base_url: str, proxy: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        choose(base_url, proxy=proxy, environment={"GEMINI_API_KEY": KEY})
    assert str(raised.value) == (
        "proxy is set for a server on this machine: "
        "leave proxy out: the proxy would read the key, which is for this machine"
    )


@pytest.mark.parametrize("base_url", ["", "https://gw.example", "https://localhost:1"])
def test_a_key_that_travels_over_https_may_pass_a_proxy(base_url: str) -> None:
    assert choose(base_url, proxy="http://proxy.example:3128", environment={}).proxy
