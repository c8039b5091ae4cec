"""A solver that is killed while it works."""

import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
