"""One small file per channel: its settings and its adapter side by side."""
