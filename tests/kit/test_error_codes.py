"""Every error has a code, every code is used, and `docs/errors.md` lists them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bullpen.kit import errors
from bullpen.kit.error_codes import ErrorCode

ROOT = Path(__file__).parents[2]
STATUSES = {
    "Invalid": {400},
    "SignInRequired": {401},
    "SignInRefused": {403, 502},
    "Forbidden": {403},
    "NotFound": {404},
    "Conflict": {409},
    "TooMany": {429},
    "DatabaseUnavailable": {503},
    "FileStorageUnavailable": {503},
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "src/bullpen").rglob("*.py")):
        yield path, ast.parse(path.read_text())


def test_the_documentation_lists_every_code_with_its_status_and_meaning():
    text = (ROOT / "docs/errors.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(code.value, str(code.status), code.meaning) for code in ErrorCode]


def test_a_code_is_one_plain_word_in_lower_case_and_its_meaning_a_sentence():
    for code in ErrorCode:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code), code
        assert re.fullmatch(r"[A-Z`].+\.", code.meaning), code


def test_every_error_that_is_raised_names_a_code_of_its_status():
    classes = {one.__name__ for one in errors.AppError.__subclasses__()}
    assert classes == set(STATUSES)
    raised = 0
    for path, tree in sources():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id not in STATUSES:
                continue
            code = ast.unparse(call.args[0])
            if code.startswith("ErrorCode."):
                status = ErrorCode[code.removeprefix("ErrorCode.")].status
                assert status in STATUSES[call.func.id], f"{path}:{call.lineno}"
                raised += 1
    assert raised > 60


def test_every_code_is_used():
    text = "\n".join(path.read_text() for path, _ in sources() if path.name != "error_codes.py")
    assert [code.name for code in ErrorCode if f"ErrorCode.{code.name}" not in text] == []
