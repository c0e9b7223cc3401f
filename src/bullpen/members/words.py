"""What the words of an agent weigh, by where they stand; `sql/keep_agent_words.sql` uses it."""

WEIGHTS = {
    "name_weight": 6.0,
    "title_weight": 2.0,
    "persona_weight": 1.0,
    "memory_weight": 1.0,
}
