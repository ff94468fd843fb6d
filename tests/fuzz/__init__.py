"""Pages changed at random, and what has to hold for every one of them. `python -m tests.fuzz --help` for long runs."""
