"""What happens to a ticket, and when: policy, store, paging and the engine. Serves no pages."""

__version__ = "0.1.0"
