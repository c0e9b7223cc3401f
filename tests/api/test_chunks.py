import json
import re

import pytest

from bullpen.api.browser import bundle, client

SMALL = {
    "prefetch.js": "export const one = 1;\n",
    "main.js": (
        "import {\n  one,\n  one as same,\n} from './prefetch.js';\n"
        "import * as all from './prefetch.js';\nimport { h } from 'preact/hooks';\n"
        "console.log(one, same, all, h, import('./live.js'));\n"
    ),
    "live.js": "export function start() {\n  return import('./pages/a-page.js');\n}\n",
    "pages/a-page.js": "import '../prefetch.js';\nexport class Page {}\nawait Page;\n",
}


def linked(**changed: str) -> dict[str, str]:
    given = {name.replace("_", "/") + ".js": text for name, text in changed.items()}
    return bundle.link(SMALL | given)


def test_a_chunk_holds_what_none_before_it_has():
    every = linked()
    assert list(every) == [
        f"chunks/{name}.js{end}"
        for name in ("first", "chat", "live", "pages")
        for end in ("", ".map")
    ]
    assert every["chunks/first.js"] == (
        "\nconst prefetch = (() => { const one = 1;\n\nreturn { one }; })();\n"
        "export { prefetch };\n//# sourceMappingURL=first.js.map\n"
    )
    assert every["chunks/chat.js"].startswith(
        "import * as $preact$hooks from 'preact/hooks'; "
        "import { prefetch } from './first.js';\n"
        "const main = (() => { const {\n  one,\n  one: same,\n} = prefetch;\n"
        "const all = prefetch;\nconst { h } = $preact$hooks;\n"
        "console.log(one, same, all, h, "
        "import('./live.js').then((chunk) => chunk.live));\n"
    )
    assert "import('./pages.js').then((chunk) => chunk.pages$a_page)" in every["chunks/live.js"]
    assert "const pages$a_page = await (async () => { " in every["chunks/pages.js"]


def test_comments_on_lines_of_their_own_are_left_out_and_no_line_moves():
    text = (
        "// First.\nexport const one = 1; // stays\n\n/**\n * Two\n * lines.\n */\n"
        "export const two = '// a text';\n  /** @type {number} */\nexport const three = 3;\n"
    )
    chunk = linked(prefetch=text)["chunks/first.js"]
    assert chunk.startswith(
        "\nconst prefetch = (() => { \nconst one = 1; // stays\n\n\n\n\n\n"
        "const two = '// a text';\n\nconst three = 3;\n"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("export default 1;\n", "cannot read 'export default 1;'"),
        ("export let one = 1;\n", "cannot read 'export let one = 1;'"),
        ("export { one } from './other.js';\n", "cannot read"),
        (
            "import { one } from './gone.js';\n",
            "main.js imports gone.js, which is not there",
        ),
        ("import { one } from './main.js';\n", "main.js imports itself"),
    ],
)
def test_what_cannot_be_linked_says_where(text: str, problem: str):
    with pytest.raises(bundle.CannotLink, match=re.escape(problem)):
        linked(main=text)


def test_every_module_of_the_client_is_in_one_chunk_of_the_chat_or_in_the_entry():
    files = client.load().files
    sources = {
        name: {source.removeprefix("../") for source in json.loads(file.content)["sources"]}
        for name, file in files.items()
        if name.endswith(".js.map")
    }
    entry = sources.pop("chunks/entry.js.map")
    names = [source for chunk in sources.values() for source in chunk]
    assert len(set(names)) == len(names)
    ours = {name for name in files if re.match(r"(?!vendor/(?!lucide)|chunks/|docs/).*\.js$", name)}
    # The service worker runs outside of the page.
    assert {*names, *entry, *client.SERVICE_WORKER} == ours


def test_the_entry_has_nothing_of_the_chat():
    files = client.load().files
    entry = json.loads(files["chunks/entry.js.map"].content)["sources"]
    folders = {source.removeprefix("../").partition("/")[0] for source in entry}
    assert folders == {"account", "core", "ui"}
    assert "from './" not in files["chunks/entry.js"].content.decode().partition("\n")[0]
    assert not any("store/" in source or "loading" in source for source in entry)


def test_the_source_map_leads_from_each_line_to_the_one_that_was_written():
    files = client.load().files
    for chunk in ("first", "chat", "live", "pages", "entry"):
        lines = files[f"chunks/{chunk}.js"].content.decode().split("\n")
        found = json.loads(files[f"chunks/{chunk}.js.map"].content)
        source = line = 0
        for number, mapping in enumerate(found["mappings"].split(";")):
            if not mapping:
                continue
            column, source_step, line_step, _ = numbers(mapping)
            assert column == 0
            source, line = source + source_step, line + line_step
            written = files[found["sources"][source].removeprefix("../")].content.decode()
            original = written.split("\n")[line]
            if re.match(r"(import|export)\b|} from|.*\bimport\(", original):
                continue
            shown = lines[number]
            # A comment on lines of its own is left out.
            if not shown or (line == 0 and original.startswith("/")):
                assert re.match(r" *(//|/?\*|$)", original), original
                continue
            assert shown.endswith(original) if line == 0 else shown == original


def numbers(mapping: str) -> list[int]:
    found, value, shift = [], 0, 0
    for digit in map(bundle.DIGITS.index, mapping):
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return found
