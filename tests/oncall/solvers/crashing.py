"""A solver with a fault of its own."""

raise SystemExit(3)
