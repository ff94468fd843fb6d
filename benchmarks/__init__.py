"""What the README claims about speed and quality, measured; run by `make bench`."""
