"""Search: a language, what fits it, and an index beside the truth that may be thrown away at any time."""
