"""Decide whether a ticket is urgent: the first matching rule wins. Reads nothing, stores nothing."""
