"""A solver that never comes to an end."""

import time

while True:
    time.sleep(60)
