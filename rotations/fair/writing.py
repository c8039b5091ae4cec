"""Write problems and plans as JSON documents, and name a problem by its hash. Opens no file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rotations.fair.plan import Finding, Improvement, Move, Plan, Reason
from rotations.fair.problem import ROLES, Assignment, Person, Problem

FORMAT = "rota-plan/1"


def plan_to_json(plan: Plan) -> str:
    """Return the plan as JSON text, the same bytes for the same plan."""
    return json.dumps(plan_document(plan), indent=1, ensure_ascii=False) + "\n"


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the plan in its JSON form."""
    return {
        "format": FORMAT,
        "name": plan.name,
        "engine": plan.engine,
        "input_hash": plan.input_hash,
        "assignments": [_assignment(one) for one in plan.assignments],
        "objective": {level.name: level.value for level in plan.levels},
        "bounds": {level.name: level.bound for level in plan.levels},
        "proved": list(plan.proved),
        "verdict": plan.verdict(),
        "reasons": [_reason(one) for one in plan.reasons],
        "accounts": [
            {
                "person": one.person,
                "due": one.due,
                "held": one.held,
                "carried": one.carried,
                "credit": one.credit,
                "majors": one.majors,
                "backups": one.backups,
            }
            for one in plan.accounts
        ],
        "findings": [_finding(one) for one in plan.findings],
        "moves": [_move(one) for one in plan.moves],
        "offers": [_move(one) for one in plan.offers],
        "improvement": _improvement(plan.improvement),
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    """Return the problem in its JSON form, people and lists sorted; reading it gives the same problem."""
    rules = problem.rules
    return {
        "format": "rota-problem/1",
        "name": problem.name,
        "roles": list(ROLES[: problem.roles]),
        "slots": [
            {"date": one.date, "year": one.year, "quarter": one.quarter, "holiday": one.holiday}
            for one in problem.slots
        ],
        "people": [_person(one) for one in sorted(problem.people, key=lambda one: one.id)],
        "rules": {
            "min_gap": rules.min_gap,
            "max_per_quarter": rules.max_per_quarter,
            "max_per_year": rules.max_per_year,
            "chain": rules.chain,
            "no_go_pairs": sorted(sorted(pair) for pair in rules.no_go_pairs),
            "frozen_slots": rules.frozen_slots,
        },
        "fixed": [
            {"slot": one.slot, "role": ROLES[one.role], "person": one.person}
            for one in sorted(problem.fixed, key=lambda one: (one.slot, one.role))
        ],
        "previous_plan": None
        if problem.previous_plan is None
        else [_assignment(one) for one in problem.previous_plan],
        "order": list(problem.order),
        "mode": problem.mode,
        "holiday_balance": problem.holiday_balance,
    }


def input_hash(problem: Problem) -> str:
    """Return the SHA-256 of the problem in its JSON form, the order of people and keys aside."""
    text = json.dumps(problem_document(problem), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _person(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "weight": one.weight,
        "from": one.start,
        "to": one.end,
        "unavailable": sorted(one.unavailable),
        "paused": sorted(one.paused),
        "wanted": sorted(one.wanted),
        "unwanted": sorted(one.unwanted),
        "carry": one.carry,
        "last_turn": one.last_turn,
        "major_history": one.major_history,
        "last_major_year": one.last_major_year,
        "max_per_quarter": one.max_per_quarter,
        "max_per_year": one.max_per_year,
    }


def _assignment(one: Assignment) -> dict[str, str | None]:
    return {"primary": one.primary, "backup": one.backup}


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "slot": one.slot,
        "role": one.role,
        "person": one.person,
        "kind": one.kind,
        "due": one.due,
        "held": one.held,
        "free": one.free,
        "ahead": one.ahead,
        "text": one.text,
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "first": one.first,
        "last": one.last,
        "role": one.role,
        "people": list(one.people),
        "text": one.text,
        "remedies": list(one.remedies),
    }


def _move(one: Move) -> dict[str, Any]:
    return {
        "slot": one.slot,
        "role": one.role,
        "from": one.before,
        "to": one.after,
        "kind": one.kind,
        "text": one.text,
    }


def _improvement(one: Improvement | None) -> dict[str, Any] | None:
    return None if one is None else {"tried": one.tried, "used": one.used, "why": one.why}
