"""Ask a solver in a child process to beat a plan. Believes nothing it says: `rotations.fair.optimal` judges.

The solver is the extra `optimal`. Counts limit it; the wall limit here is only a net, so that nobody waits for ever.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from typing import Any

from oncall.planning import Proposal
from rotations.fair import optimal
from rotations.fair.optimal import Answer, SolverFailed
from rotations.fair.plan import Plan
from rotations.fair.problem import Problem
from rotations.fair.question import Question

WALL_LIMIT = 20.0
"""Seconds."""
_CHILD = (sys.executable, "-m", "oncall.solving")


@dataclass(frozen=True, slots=True)
class Child:
    """A solver that runs as a program of its own: question in, answer out, both JSON."""

    command: Sequence[str] = _CHILD
    seconds: float = WALL_LIMIT

    def solve(self, asked: Question) -> Answer:
        """Return what the program answers; raises `SolverFailed` when it does not, whatever the reason."""
        try:
            done = subprocess.run(  # noqa: S603 (our own program, no shell)
                self.command,
                input=json.dumps(_document(asked)),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=self.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SolverFailed(f"the solver took more than {self.seconds:g} seconds") from None
        except OSError as error:
            raise SolverFailed(f"the solver did not start: {error.strerror}") from None
        if done.returncode < 0:
            raise SolverFailed(f"the solver was killed by signal {-done.returncode}")
        if done.returncode:
            raise SolverFailed(f"the solver failed with exit code {done.returncode}")
        return _answer(done.stdout)


@dataclass(frozen=True, slots=True)
class Highs:
    """HiGHS in a child process, if it is installed."""

    module: str = "highspy"
    child: Child = Child()

    def solve(self, asked: Question) -> Answer:
        """Return its answer; raises `SolverFailed` when it has none, or is not there."""
        if find_spec(self.module) is None:
            raise SolverFailed(
                f"{self.module} is not installed: pip install 'emergency-phone[optimal]'"
            )
        return self.child.solve(asked)


def improve(problem: Problem, planned: Plan) -> Plan:
    """Return `planned` or a strictly better plan; `improvement` of it says which, and why."""
    return optimal.improve(problem, planned, Highs())


def improve_proposal(proposal: Proposal) -> Proposal:
    """Return a proposal with its plan improved, where that was possible; published turns stay as proposed."""
    return replace(proposal, plan=improve(proposal.problem, proposal.plan))


def _document(asked: Question) -> dict[str, Any]:
    return {
        "choices": len(asked.choices),
        "tops": asked.tops,
        "rows": [asdict(row) for row in asked.rows],
        "goals": [asdict(goal) for goal in asked.goals],
        "start": asked.start,
    }


def _answer(text: str) -> Answer:
    try:
        said = json.loads(text)
        chosen, solver, stopped = said["chosen"], said["solver"], said["stopped"]
    except (ValueError, KeyError, TypeError):
        raise SolverFailed("the solver's answer cannot be read") from None
    if chosen is None:
        raise SolverFailed(f"{solver} reached its limit at {stopped} before it found a plan")
    if not isinstance(chosen, list) or not all(type(one) is int for one in chosen):
        raise SolverFailed("the solver's answer cannot be read")
    return Answer(tuple(chosen), str(solver), str(stopped))
