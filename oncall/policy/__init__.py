"""The policy file: its shape, its meaning and every finding about it."""
