"""Links the client's modules into a few files: a browser waits longer for many than for large ones.

Imports and exports are rewritten, comments on lines of their own are left out (a quarter of what a
browser would load), and every line stays a line: a source map shows what was written.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FOLDER = "chunks"
# In the order in which they come; what only pages and dialogs import is in the last.
ENTRIES = {"first": "prefetch.js", "chat": "main.js", "live": "live.js"}
LAST = "pages"
# A page that loads nothing of the chat, with its own copy of what both need.
ALONE = {"entry": "account/entry.js"}

STATIC = re.compile(
    r"""^import (?:(?P<names>\{[^}]*\}|\* as [\w$]+|[\w$]+) from )?'(?P<path>[^']+)';""",
    re.MULTILINE,
)
# Not the types that comments name: `import('./types.js').Message`.
DYNAMIC = re.compile(r"""\bimport\('(?P<path>[^']+)'\)(?!\.[A-Z])""")
EXPORT = re.compile(
    r"^export (?=(?:const|function|async function|class) (?P<name>[\w$]+))", re.MULTILINE
)
LEFT = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
# On lines of their own. No template of the client has such a line: `tests/client/comments.test.js`.
COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/ *)$", re.MULTILINE)
WAITS = re.compile(r"^(?:const .* = )?await\b", re.MULTILINE)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class CannotLink(ValueError):
    """A module is written in a way that this does not read."""


@dataclass(frozen=True, slots=True)
class Chunk:
    name: str
    modules: list[str]
    "each after what it imports"


def link(modules: dict[str, str]) -> dict[str, str]:
    """The chunks and their source maps by name, of all modules by theirs."""
    chunks = divide(modules)
    homes = {module: chunk.name for chunk in chunks for module in chunk.modules}
    linked: dict[str, str] = {}
    for chunk in chunks:
        linked |= write(chunk, modules, homes)
    for name, entry in ALONE.items():
        if entry in modules:
            own = list(ordered(modules, [entry], set()))
            linked |= write(Chunk(name, own), modules, dict.fromkeys(own, name))
    return linked


def catalog(texts: Mapping[str, object]) -> str:
    """A module of a catalog of texts, which `core/language.js` imports before all others."""
    return (
        f"export const catalog = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n"
    )


def divide(modules: dict[str, str]) -> list[Chunk]:
    chunks: list[Chunk] = []
    placed: set[str] = set()
    for name, entry in ENTRIES.items():
        chunks.append(Chunk(name, list(ordered(modules, [entry], placed))))
    wanted = [entry for chunk in chunks for entry in dynamic(modules, chunk.modules)]
    chunks.append(Chunk(LAST, list(ordered(modules, wanted, placed))))
    return chunks


def dynamic(modules: dict[str, str], names: list[str]) -> Iterator[str]:
    for name in names:
        for path in DYNAMIC.findall(modules[name]):
            yield resolve(name, path)


def ordered(
    modules: dict[str, str], wanted: list[str], placed: set[str], above: tuple[str, ...] = ()
) -> Iterator[str]:
    for name in wanted:
        if name in above:
            raise CannotLink(f"{name} imports itself by way of {above[-1]}")
        if name in placed:
            continue
        if name not in modules:
            raise CannotLink(
                f"{above[-1] if above else 'An entry'} imports {name}, which is not there"
            )
        paths = [match["path"] for match in STATIC.finditer(modules[name])]
        inner = [resolve(name, path) for path in paths if path.startswith(".")]
        yield from ordered(modules, inner, placed, (*above, name))
        placed.add(name)
        yield name


def resolve(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))


def symbol(name: str) -> str:
    """What a module's exports are called in a chunk; a library's begins with a `$`."""
    start = "" if name.endswith(".js") else "$"
    return start + re.sub(r"[^\w$]", "_", name.removesuffix(".js").replace("/", "$"))


def write(chunk: Chunk, modules: dict[str, str], homes: dict[str, str]) -> dict[str, str]:
    bodies = [body(name, modules[name], homes) for name in chunk.modules]
    head = imports(chunk, modules, homes)
    names = ", ".join(symbol(name) for name in chunk.modules)
    path = f"{FOLDER}/{chunk.name}.js"
    end = f"export {{ {names} }};\n//# sourceMappingURL={chunk.name}.js.map\n"
    return {
        path: "\n".join([head, *bodies, end]),
        f"{path}.map": source_map(
            [(name, modules[name].count("\n") + 1) for name in chunk.modules]
        ),
    }


def imports(chunk: Chunk, modules: dict[str, str], homes: dict[str, str]) -> str:
    """One line: what the chunk takes from those before it, and from the vendored libraries."""
    libraries: set[str] = set()
    taken: dict[str, set[str]] = {}
    for name in chunk.modules:
        for match in STATIC.finditer(modules[name]):
            path = match["path"]
            if not path.startswith("."):
                libraries.add(path)
            elif homes[resolve(name, path)] != chunk.name:
                other = resolve(name, path)
                taken.setdefault(homes[other], set()).add(symbol(other))
    lines = [f"import * as {symbol(library)} from '{library}';" for library in sorted(libraries)]
    lines += [
        f"import {{ {', '.join(sorted(symbols))} }} from './{home}.js';"
        for home, symbols in sorted(taken.items())
    ]
    return " ".join(lines)


def body(name: str, text: str, homes: dict[str, str]) -> str:
    def static(match: re.Match[str]) -> str:
        path, names = match["path"], match["names"]
        lines = "\n" * match[0].count("\n")
        if names is None:
            return lines
        origin = symbol(resolve(name, path) if path.startswith(".") else path)
        if names.startswith("* as "):
            return f"const {names.removeprefix('* as ')} = {origin};"
        if not names.startswith("{"):
            return f"const {{ default: {names} }} = {origin};"
        return f"const {names.replace(' as ', ': ')} = {origin};"

    def later(match: re.Match[str]) -> str:
        target = resolve(name, match["path"])
        return f"import('./{homes[target]}.js').then((chunk) => chunk.{symbol(target)})"

    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    exported = ", ".join(match["name"] for match in EXPORT.finditer(text))
    text = EXPORT.sub("", DYNAMIC.sub(later, STATIC.sub(static, text)))
    if left := LEFT.search(text):
        raise CannotLink(f"{name}: cannot read {left[0]!r}")
    begin = "await (async () => {" if WAITS.search(text) else "(() => {"
    return f"const {symbol(name)} = {begin} {text}\nreturn {{ {exported} }}; }})();"


def source_map(modules: list[tuple[str, int]]) -> str:
    """Which line of which module each line is, every number as a difference from the last."""
    lines = [""]
    source = line = 0
    for index, (_, count) in enumerate(modules):
        for number in range(count):
            lines.append("A" + vlq(index - source) + vlq(number - line) + "A")
            source, line = index, number
        lines.append("")
    sources = [f"../{name}" for name, _ in modules]
    return json.dumps({"version": 3, "sources": sources, "names": [], "mappings": ";".join(lines)})


def vlq(number: int) -> str:
    """A number in the source map's own writing: five bits a digit, the sign in the first."""
    rest = (-number << 1 | 1) if number < 0 else number << 1
    digits = ""
    while True:
        digit, rest = rest & 31, rest >> 5
        digits += DIGITS[digit | 32 if rest else digit]
        if not rest:
            return digits
