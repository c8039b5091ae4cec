"""The comp-day ledger: what weeks with the phone earn, and days off. Pages and commands ask it; it serves none."""
