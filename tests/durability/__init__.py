"""Nothing acknowledged is lost and nothing is left half done: real processes that are killed, told to end, starved of
room or of rights, and many at once. The long run of the killing: `python -m tests.durability --kills 400`."""
