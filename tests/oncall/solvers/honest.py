"""A solver of the simplest kind: takes every choice, in order, that no rule forbids. Seeks no goal."""

import json
import sys

question = json.load(sys.stdin)
count = question["choices"]
rules = [
    ([column for column, _ in row["terms"]], row["most"])
    for row in question["rows"]
    if all(column < count for column, _ in row["terms"])
]
chosen: list[int] = []
for choice in range(count):
    tried = {*chosen, choice}
    if all(len(tried.intersection(columns)) <= most for columns, most in rules):
        chosen.append(choice)
json.dump({"solver": "honest 1.0", "chosen": chosen, "stopped": ""}, sys.stdout)
