"""A soak: the app in a real terminal, on a library full of hostile text, under thousands of random keys.

`python -m tests.soak --keys 20000 --seed 1` is the long run; `make test` has a short one (`tests/tui/test_soak.py`).
"""
