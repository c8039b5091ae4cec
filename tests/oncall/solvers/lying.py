"""A solver that claims everybody can stand everywhere at once."""

import json
import sys

question = json.load(sys.stdin)
chosen = list(range(question["choices"]))
json.dump({"solver": "lying 1.0", "chosen": chosen, "stopped": ""}, sys.stdout)
