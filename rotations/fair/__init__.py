"""The fair planner: from a problem as plain values to a plan with its proofs and reasons. Reads no clock, no file."""
