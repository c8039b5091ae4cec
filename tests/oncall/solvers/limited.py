"""A solver that reaches its limit before it has anything to say."""

import json
import sys

question = json.load(sys.stdin)
stopped = question["goals"][0]["name"]
json.dump({"solver": "limited 1.0", "chosen": None, "stopped": stopped}, sys.stdout)
