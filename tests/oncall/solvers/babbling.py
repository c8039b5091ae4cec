"""A solver whose answer is no answer."""

import sys

sys.stdout.write("[Infinity, the best plan is")
