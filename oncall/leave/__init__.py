"""Leave: entered on the page, or read from a person's own calendar. Moves no shift by itself."""
