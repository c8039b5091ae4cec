"""Whose turn it is and when the office is open: pure functions from instants to plain values. Reads no clock."""
