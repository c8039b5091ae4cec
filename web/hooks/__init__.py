"""Doors for outside services: each verifies its sender before it reads a word."""
