"""What the tests below tests/ and those below e2e/ share."""

pytest_plugins = [
    "tests.support.fixtures",
    "tests.support.module_servers",
    "tests.support.roles",
    "tests.support.criteria_plugin",
    "tests.support.times",
    "tests.support.report_texts",
    "tests.support.second_attempts",
]
