from bullpen.agents.providers import installed

# An extra of 168 MB: `make test-claude` installs it and runs these.
collect_ignore = [] if installed("claude_agent_sdk") else ["test_claude.py"]
