"""What the tests below tests/ and those below e2e/ share."""

pytest_plugins = ["tests.fixtures", "tests.criteria_plugin"]
