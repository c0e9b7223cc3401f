import pytest

CHANGES = {
    "no YAML": (
        ("messages/general.yaml", "text: 1e3", "text: a: b"),
        "messages/general.yaml:19: is not valid YAML: mapping values are not allowed here",
    ),
    "no YAML in the front matter": (
        ("agents/bo.md", "title: Till", "title: [Till"),
        "agents/bo.md:4: is not valid YAML: expected ',' or ']', but got ':'",
    ),
    "a key twice": (
        ("messages/general.yaml", "text: 1e3", "text: 1e3\n  from: cy"),
        "messages/general.yaml:20: from: appears a second time; expected it once (see line 18)",
    ),
    "a list for a key": (
        ("unreads.yaml", "di: {general: 2}", "? [di, bo]\n: {general: 2}"),
        "unreads.yaml:2: the key is a list or mapping; expected a text",
    ),
    "an anchor": (
        ("messages/general.yaml", "text: 1e3", "text: &again 1e3"),
        "messages/general.yaml:19: anchors and aliases are refused; expected the value itself",
    ),
    "an alias": (
        ("messages/general.yaml", "text: 1e3", "text: *again"),
        "messages/general.yaml:19: anchors and aliases are refused; expected the value itself",
    ),
    "a tag": (
        ("messages/general.yaml", "text: 1e3", "text: !!python/name:os.system 1e3"),
        (
            "messages/general.yaml:19: the tag 'tag:yaml.org,2002:python/name:os.system'"
            " is refused; expected no tag"
        ),
    ),
    "too deep": (
        ("messages/general.yaml", "text: 1e3", f"text: {'[' * 5000}"),
        "messages/general.yaml:19: is too deep; expected at most 20 levels",
    ),
    "two documents": (
        ("messages/ovens.yaml", "- {day", "--- a\n--- b\n- {day"),
        "messages/ovens.yaml:2: is not valid YAML: but found another document",
    ),
    "a NUL": (
        ("messages/general.yaml", "text: 1e3", "text: 1\0e3"),
        "messages/general.yaml:19: has a NUL; expected text without one",
    ),
    "a NUL in a prompt": (
        ("agents/bo.md", "You are Bo.", "You are\n\0Bo."),
        "agents/bo.md:7: has a NUL; expected text without one",
    ),
    "a NUL as an escape": (
        ("messages/general.yaml", "text: 1e3", 'text: "1\\0e3"'),
        "messages/general.yaml:19: has a NUL; expected text without one",
    ),
    "half a surrogate pair": (
        ("messages/general.yaml", "text: 1e3", 'text: "\\ud83d"'),
        "messages/general.yaml:19: has half a surrogate pair; expected the character",
    ),
    "a character past the last": (
        ("messages/general.yaml", "text: 1e3", 'text: "\\UFFFFFFFF"'),
        "messages/general.yaml:19: is not valid YAML: there is no such character",
    ),
    "a control character": (
        ("messages/general.yaml", "text: 1e3", "text: 1\x07e3"),
        "messages/general.yaml:19: has the control character U+0007",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_yaml_that_is_refused(small_pack, change, message):
    small_pack.change(*change)
    assert small_pack.refusal() == message
