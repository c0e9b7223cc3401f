"""The stylesheets that the client waits for, one for each stage of loading."""

import re

from bullpen.api.browser import client


def test_every_stylesheet_of_a_component_is_in_one_of_them():
    files = client.load().files
    styles = {name: file.content for name, file in files.items() if name.startswith("styles/")}
    # That of the pages without a session repeats what it shares with the chat.
    entry = styles.pop("styles/entry.css")
    bundles = list(styles.values())
    others = {
        name: file.content
        for name, file in files.items()
        if name.endswith(".css") and not name.startswith(("styles/", "vendor/"))
    }
    assert len(bundles) == 3
    assert len(others) > 30
    holders = {
        name: sum(content in bundle for bundle in bundles) or int(content in entry)
        for name, content in others.items()
    }
    assert holders == dict.fromkeys(others, 1)
    assert not any(b"@import" in bundle for bundle in bundles)


def test_the_one_of_the_first_view_orders_the_layers_first():
    styles = client.load().files["styles/chat.css"].content
    assert styles.startswith(b"@layer base, components, utilities;")


def test_what_they_name_is_there():
    files = client.load().files
    named = [
        path
        for name, file in files.items()
        if name.startswith("styles/")
        for path in re.findall(r'url\("([^"]+)"\)', file.content.decode())
    ]
    assert len(named) > 5
    assert [path for path in named if path.removeprefix("../") not in files] == []
