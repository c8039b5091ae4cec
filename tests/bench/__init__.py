"""`make bench`: the product beside a yardstick, in one run, on loopback, bounded in count and time."""
