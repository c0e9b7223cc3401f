"""Every setting is documented, and a wrong one is a line that says which and why."""

import re
from pathlib import Path

import pytest

from bullpen.api.http.limits import ON_A_NETWORK, Limits
from bullpen.kit.errors import StartupError
from bullpen.settings import Settings, ignored_file, read

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_the_page_lists_every_setting_and_no_other():
    documented = re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGE.read_text(), flags=re.MULTILINE)
    fields = {
        str(field.validation_alias or f"BULLPEN_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }
    assert sorted(documented) == sorted(fields)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("BULLPEN_PORT", "eighty", "BULLPEN_PORT: Input should be a valid integer"),
        ("BULLPEN_PORT", "65536", "BULLPEN_PORT: Input should be less than or equal to 65535"),
        ("BULLPEN_WORKERS", "0", "BULLPEN_WORKERS: Input should be greater than or equal to 1"),
        ("BULLPEN_ANCHOR_DATE", "today", "BULLPEN_ANCHOR_DATE: Input should be a valid date"),
        (
            "BULLPEN_TIME_ZONE",
            "Scranton",
            "BULLPEN_TIME_ZONE: 'Scranton' is not a time zone; expected one like Europe/Berlin",
        ),
        ("BULLPEN_THINKING", "on", "BULLPEN_THINKING: Input should be 'shown', 'stored' or 'off'"),
        ("BULLPEN_SECRET_KEY", "short", "BULLPEN_SECRET_KEY: expected 32 random characters"),
        (
            "BULLPEN_SMTP_URL",
            "mail.example.org",
            "BULLPEN_SMTP_URL: expected an address like smtp:",
        ),
        ("BULLPEN_SMTP_URL", "smtp://u:p/w@h", "BULLPEN_SMTP_URL: expected an address like smtp:"),
        ("BULLPEN_SMTP_URL", "smtp://mail.example.org", "BULLPEN_SMTP_URL needs BULLPEN_MAIL_FROM"),
        ("BULLPEN_S3_ENDPOINT", "s3.example.org", "BULLPEN_S3_ENDPOINT: 's3.example.org' is no"),
        ("BULLPEN_S3_ENDPOINT", "https://s3.example.org", "BULLPEN_S3_ENDPOINT needs BULLPEN_S3_"),
        ("BULLPEN_S3_ACCESS_KEY_ID", "AK", "BULLPEN_S3_ACCESS_KEY_ID and BULLPEN_S3_SECRET_ACCESS"),
        ("BULLPEN_MAIL_FROM", "me", "BULLPEN_MAIL_FROM: 'me' is no sender; expected one like"),
        (
            "DATABASE_URL",
            "mysql://localhost/x",
            "DATABASE_URL: expected an address like postgresql://user:password@host:5432/database",
        ),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    with pytest.raises(StartupError) as problem:
        read()
    assert str(problem.value).startswith(message)


@pytest.mark.parametrize(
    ("given", "is_shown", "is_stored"),
    [("", True, True), ("shown", True, True), ("stored", False, True), ("off", False, False)],
)
def test_thinking_is_shown_and_stored_unless_somebody_says_no(
    monkeypatch, given, is_shown, is_stored
):
    monkeypatch.setenv("BULLPEN_THINKING", given)
    found = read().model_settings
    assert (found.shows_thinking, found.stores_thinking) == (is_shown, is_stored)


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "BULLPEN_COMPATIBLE_API_KEY"])
@pytest.mark.parametrize("given", ["sk-abc", " sk-abc\n", '"sk-abc"', "' sk-abc '", "\tsk-abc"])
def test_a_key_is_taken_without_what_was_copied_along(monkeypatch, name, given):
    monkeypatch.setenv(name, given)
    keys = read().model_settings
    assert [keys.anthropic_api_key, keys.compatible_api_key].count("sk-abc") == 1


@pytest.mark.parametrize("key", ["sk-abc…", "sk abc", "sk-abc\nsk-def", "sk-ab\x07c", "schlüssel"])
@pytest.mark.parametrize(
    "name",
    ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "BULLPEN_COMPATIBLE_API_KEY"],
)
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(monkeypatch, name, key):
    monkeypatch.setenv(name, key)
    with pytest.raises(StartupError) as problem:
        read()
    assert str(problem.value).startswith(f"{name}: the key's character ")
    assert key not in str(problem.value)


def test_a_key_of_white_space_is_none(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", " \n")
    assert read().model_settings.openai_api_key is None


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        (" http://localhost:11434 ", True),
        ("HTTP://host/v1", True),
        ("http://host:99999", False),
        ("http://host:port", False),
        ("http://ho st", False),
        ("http://host\x07", False),
        ("localhost:11434", False),
        ("http://", False),
    ],
)
def test_a_base_address_is_one(monkeypatch, value, is_right):
    monkeypatch.setenv("OLLAMA_BASE_URL", value)
    if is_right:
        assert read().model_settings.ollama_base_url == value.strip()
        return
    with pytest.raises(StartupError, match=r"^OLLAMA_BASE_URL: .* is no address"):
        read()


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("https://chat.example.org", "https://chat.example.org"),
        (" HTTPS://Chat.Example.org./ ", "https://chat.example.org"),
        ("https://chat.example.org:443", "https://chat.example.org"),
        ("https://chat.example.org:8443", "https://chat.example.org:8443"),
        ("http://intranet", "http://intranet"),
        ("https://[2001:DB8::1]:80", "https://[2001:db8::1]:80"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("chat.example.org", None),
        ("https://chat.example.org/bullpen", None),
        ("https://chat.example.org?x", None),
        ("https://chat.example.org#x", None),
        ("https://user@chat.example.org", None),
        ("https://chat.example.org:0", None),
        ("https://chat.example.org:65536", None),
        ("https://chat.example.org, https://other.example.org", None),
        ("https://*.example.org", None),
        ("https://bücher.example", None),
        ("ftp://chat.example.org", None),
        ("https://", None),
    ],
)
def test_the_public_url_is_a_scheme_a_host_and_perhaps_a_port(monkeypatch, value, origin):
    monkeypatch.setenv("BULLPEN_PUBLIC_URL", value)
    if origin is not None:
        assert read().public_url == origin
        return
    with pytest.raises(StartupError, match=r"^BULLPEN_PUBLIC_URL: .* is no address of a server"):
        read()


@pytest.mark.parametrize(
    ("value", "networks"),
    [
        ("127.0.0.1", ["127.0.0.1"]),
        (" 127.0.0.1,::1, 10.0.0.0/8 fd00::/8, ", ["127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8"]),
        ("10.0.0.1/8", "'10.0.0.1/8' is no address and no network"),
        ("localhost", "'localhost' is no address and no network"),
        ("*", "'*' is no address and no network"),
        ("127.0.0.1, 0.0.0.0/0", "'0.0.0.0/0' would trust everybody"),
        ("::/0", "'::/0' would trust everybody"),
    ],
)
def test_trusted_proxies_are_addresses_and_networks(monkeypatch, value, networks):
    monkeypatch.setenv("BULLPEN_TRUSTED_PROXIES", value)
    if isinstance(networks, list):
        assert read().trusted_networks == networks
        return
    with pytest.raises(StartupError) as problem:
        read()
    assert str(problem.value).startswith(f"BULLPEN_TRUSTED_PROXIES: {networks}")


@pytest.mark.parametrize(
    ("given", "in_team_mode"),
    [
        ({}, False),
        ({"team": True}, True),
        ({"team": False}, False),
        ({"host": "192.0.2.1"}, True),
        ({"public_url": "https://chat.example.org"}, True),
        ({"public_url": "http://localhost:8080"}, False),
        ({"public_url": "http://127.0.0.1:8080", "team": True}, True),
        ({"host": "0.0.0.0", "team": False}, None),
        ({"public_url": "https://chat.example.org", "team": False}, None),
    ],
)
def test_people_sign_in_wherever_others_can_reach_the_server(given, in_team_mode):
    if in_team_mode is not None:
        settings = read(**given)
        assert settings.in_team_mode is in_team_mode
        assert settings.limits == (ON_A_NETWORK if in_team_mode else Limits())
        return
    with pytest.raises(StartupError, match=r"^BULLPEN_TEAM: demo mode is for loopback addresses"):
        read(**given)


def test_a_model_that_no_provider_can_have_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("BULLPEN_MODEL", "nonsense-model")
    with pytest.raises(StartupError, match=r"^BULLPEN_MODEL: 'nonsense-model' names no provider"):
        read()


def test_options_go_before_the_environment_and_that_before_the_file(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.env").write_text("BULLPEN_PORT=1\nBULLPEN_HOST=127.0.0.2\nUNRELATED=x\n")
    monkeypatch.setenv("BULLPEN_ENV_FILE", "own.env")
    assert (read().port, read().host) == (1, "127.0.0.2")
    monkeypatch.setenv("BULLPEN_PORT", "2")
    assert read().port == 2
    assert read(port=3).port == 3


def test_a_file_in_the_current_folder_is_read_only_when_asked_for(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("BULLPEN_PORT=1\nOPENAI_BASE_URL=http://elsewhere.example\n")
    settings = read()
    assert (settings.port, settings.openai_base_url) == (8000, None)
    assert ignored_file(settings) == (
        "the file .env in this folder is not read; to read it, add --env-file .env"
    )
    asked = read(env_file=Path(".env"))
    assert (asked.port, asked.openai_base_url) == (1, "http://elsewhere.example")
    assert ignored_file(asked) is None
    (tmp_path / ".env").unlink()
    assert ignored_file(settings) is None


def test_a_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StartupError) as problem:
        read(env_file=Path("none.env"))
    assert str(problem.value) == f"BULLPEN_ENV_FILE: there is no file {tmp_path / 'none.env'}"


def test_an_empty_variable_is_as_none(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("BULLPEN_PORT", "")
    assert (read().database_url, read().port) == (None, 8000)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.0.0.9", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("example.org", False)],
)  # fmt: skip
def test_only_loopback_addresses_trust_whoever_comes(host, loopback):
    assert read(host=host).loopback is loopback
