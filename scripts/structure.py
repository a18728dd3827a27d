"""Count what the structure of a package is judged by: sizes, parameters, error tests, names, words.

    python scripts/structure.py [PACKAGE_DIR] [--without emulator] [--errors A B] [--words x "y z"]

Counted are
- modules per folder, the largest modules, and modules above 300 lines;
- functions and methods with more than six parameters and with more than seven: positional and
  keyword ones, `*args` and `**kwargs`, but not `self` and `cls`;
- calls `isinstance(x, T)` where T, or a member of it if it is a union or a tuple, is an error type
  (`--errors`), by the last part of its name;
- public names that more than one module defines at its top level: classes, functions, aliases (a
  name in CapWords that is assigned, type variables left out), and the modules themselves, so that a
  module `plan` and a function `plan` in another module count as one name defined twice;
- words (`--words`) in *.py, *.html, *.js and *.md: whole words, also between underscores, case
  counts; a lower-case one is found at the beginning of a sentence, too, and across line breaks.

`--without FOLDER` leaves modules below that folder of the package out of everything.
"""

import argparse
import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ERRORS = ("Diagnostic", "Failure", "tuple", "str", "list")
WORDS = ("nobody", "somebody", "whoever", "as it were", "for nothing", "for ever")
TEXTS = (".py", ".html", ".js", ".md")
LONG = 300
"""Lines of a module that is long."""
MANY = (6, 7)
"""Parameters that are allowed, in the goal and at the very most."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    name: str
    """Dotted, below the package."""
    folder: str
    lines: int
    tree: ast.Module


def read(package: Path, without: Sequence[str]) -> list[Module]:
    """Read all modules of a package."""
    modules = []
    for path in files(package, (".py",), without):
        text = path.read_text(encoding="utf-8")
        inner = path.relative_to(package)
        name = ".".join(inner.with_suffix("").parts)
        folder = "/".join((package.name, *inner.parent.parts))
        modules.append(Module(name, folder, len(text.splitlines()), ast.parse(text)))
    return modules


def files(package: Path, suffixes: Sequence[str], without: Sequence[str]) -> list[Path]:
    """List the files with these suffixes, in order of their paths."""
    out = [package / folder for folder in without]
    return [
        path
        for path in sorted(package.rglob("*"))
        if path.suffix in suffixes
        and "__pycache__" not in path.parts
        and not any(path.is_relative_to(folder) for folder in out)
    ]


def functions(node: ast.AST, within: str = "") -> Iterator[tuple[str, Function, bool]]:
    """Walk over functions and methods: qualified name, definition, whether it is a method."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield within + child.name, child, isinstance(node, ast.ClassDef)
            yield from functions(child, f"{within}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{within}{child.name}.")
        else:
            yield from functions(child, within)


def parameters(function: Function, *, method: bool) -> int:
    """Count parameters, without `self` and `cls`."""
    args = function.args
    names = [each.arg for each in (*args.posonlyargs, *args.args)]
    own = method and bool(names) and names[0] in ("self", "cls")
    return len(names) - own + len(args.kwonlyargs) + bool(args.vararg) + bool(args.kwarg)


def tested(tree: ast.Module) -> Iterator[list[str]]:
    """Give the names of types in each `isinstance` test."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, types]):
                yield list(members(types))


def members(types: ast.expr) -> Iterator[str]:
    """Give the last part of the name of each type in a union or tuple."""
    if isinstance(types, ast.Tuple):
        for each in types.elts:
            yield from members(each)
    elif isinstance(types, ast.BinOp):
        yield from members(types.left)
        yield from members(types.right)
    elif isinstance(types, ast.Name):
        yield types.id
    elif isinstance(types, ast.Attribute):
        yield types.attr


def definitions(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Give what a module defines at its top level, below `if` and `try`, too: kind and name."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield "class", node.name
        elif isinstance(node, Function):
            yield "function", node.name
        elif isinstance(node, ast.If | ast.Try):
            yield from definitions((*node.body, *node.orelse))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not is_type_variable(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and re.match(r"[A-Z]\w*[a-z]", target.id):
                    yield "alias", target.id


def is_type_variable(value: ast.expr | None) -> bool:
    """Tell whether a value is `TypeVar(...)` or the like."""
    return isinstance(value, ast.Call) and next(members(value.func), "") in ("TypeVar", "ParamSpec")


def shared(modules: Iterable[Module]) -> dict[str, dict[str, str]]:
    """Find public names that several modules define: name -> module -> kind."""
    found = defaultdict[str, dict[str, str]](dict)
    for module in modules:
        own = module.name.rpartition(".")[2]
        for kind, name in (("module", own), *definitions(module.tree.body)):
            if not name.startswith("_"):
                found[name].setdefault(module.name, kind)
    return {name: where for name, where in sorted(found.items()) if len(where) > 1}


def pattern(word: str, words: Sequence[str]) -> re.Pattern[str]:
    """Write what finds a word."""
    written = r"\s+".join(map(re.escape, word.split()))
    if word[:1].islower() and word.capitalize() not in words:
        written = f"[{word[0]}{word[0].upper()}]{written[1:]}"
    return re.compile(rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])")


def table(title: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Print rows below a title: a count, then what was counted."""
    print(f"\n{title}")
    for count, *what in rows:
        print(f"  {count:>6}  {'  '.join(map(str, what))}".rstrip())


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    default = Path(__file__).parents[1] / "mkdocs_gemini_images"
    parser.add_argument("package", nargs="?", type=Path, default=default, metavar="PACKAGE_DIR")
    parser.add_argument("--without", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--errors", nargs="+", default=ERRORS, metavar="TYPE")
    parser.add_argument("--words", nargs="+", default=WORDS, metavar="WORD")
    parser.add_argument("--largest", type=int, default=10, metavar="N")
    asked = parser.parse_args()
    package = asked.package.resolve()
    modules = read(package, asked.without)

    per_folder = Counter(module.folder for module in modules)
    total = (len(modules), f"in all, {sum(module.lines for module in modules)} lines")
    table("Modules per folder", [*((n, name) for name, n in sorted(per_folder.items())), total])
    by_size = sorted(modules, key=lambda module: (-module.lines, module.name))
    table(
        "Largest modules by lines", ((each.lines, each.name) for each in by_size[: asked.largest])
    )
    table(f"Modules above {LONG} lines", [(sum(module.lines > LONG for module in modules), "")])

    counted = sorted(
        (-parameters(function, method=method), f"{module.name}:{name}")
        for module in modules
        for name, function, method in functions(module.tree)
    )
    rows = [(-count, name) for count, name in counted if -count > min(MANY)]
    sums = [(sum(n > most for n, _ in rows), f"with more than {most}") for most in MANY]
    table("Functions by parameters", [*rows, *sums])

    tests = [each for module in modules for each in tested(module.tree)]
    hits = [each for each in tests if set(each) & set(asked.errors)]
    by_type = Counter(name for each in hits for name in set(each) if name in asked.errors)
    union = (len(hits), f"tests with any of them, of {len(tests)}")
    table(
        "isinstance tests by error type", [*((by_type[name], name) for name in asked.errors), union]
    )

    twice = shared(modules)
    places = (
        (len(where), name, ", ".join(f"{kind} in {module}" for module, kind in where.items()))
        for name, where in twice.items()
    )
    table("Public names that several modules define", [*places, (len(twice), "names")])

    texts = [path.read_text(encoding="utf-8") for path in files(package, TEXTS, asked.without)]
    found = [
        (sum(len(pattern(word, asked.words).findall(text)) for text in texts), word)
        for word in asked.words
    ]
    everything = (sum(count for count, _ in found), "in all")
    table(f"Words in {', '.join(TEXTS)}", [*found, everything])


if __name__ == "__main__":
    main()
