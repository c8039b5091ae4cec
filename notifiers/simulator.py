"""Phones that live in the browser: the last hop of the demo. Everything above them is the real product."""


class Simulator:
    """The simulated phones and what lies on their screens."""
