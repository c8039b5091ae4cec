"""Decide whom a waiting ticket pages now, and when it is due again. Reads nothing, sends nothing."""
