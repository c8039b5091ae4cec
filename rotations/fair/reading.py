"""Read a problem from its JSON form and name the field of every fault. Plans nothing; opens no file."""

from __future__ import annotations

import json
from typing import Any

from rotations.fair.problem import (
    ROLES,
    Assignment,
    Fixed,
    Person,
    Problem,
    ProblemError,
    Rules,
    Slot,
)

FORMAT = "rota-problem/1"
MODES = ("fair", "rotation")
BALANCES = ("off", "christmas", "all")
_FAR = 1_000_000
_MOST_SLOTS = 5_000
_MOST_PEOPLE = 2_000


def problem_from_json(text: str) -> Problem:
    """Return the problem written in `text`; raises ProblemError naming the field that is wrong."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ProblemError("document", f"is not JSON: {error}") from None
    return problem_from(document)


def problem_from(document: Any) -> Problem:
    """Return the problem in a parsed JSON document; unknown keys are ignored, a wrong one raises ProblemError."""
    top = _object(document, "document")
    if top.get("format") != FORMAT:
        raise ProblemError("format", f'must be "{FORMAT}"')
    slots = tuple(_slot(one, f"slots[{i}]") for i, one in enumerate(_list(top, "slots")))
    _at_most(len(slots), _MOST_SLOTS, "slots")
    people = _people(top, len(slots))
    known = {person.id for person in people}
    roles = _roles(top)
    return Problem(
        name=_text(top.get("name", ""), "name", may_be_empty=True),
        slots=slots,
        people=people,
        rules=_rules(_object(top.get("rules", {}), "rules"), known),
        roles=roles,
        fixed=_fixed(top, len(slots), known, roles),
        previous_plan=_previous(top, len(slots), roles),
        order=_order(top, known),
        mode=_one_of(top.get("mode", "fair"), MODES, "mode"),
        holiday_balance=_one_of(top.get("holiday_balance", "all"), BALANCES, "holiday_balance"),
    )


def _slot(value: Any, field: str) -> Slot:
    one = _object(value, field)
    return Slot(
        date=_text(one.get("date"), f"{field}.date"),
        year=_whole(one, "year", field, default=0),
        quarter=_whole(one, "quarter", field, default=0),
        holiday=_whole(one, "holiday", field, default=0, least=0, most=2),
    )


def _people(top: dict[str, Any], slots: int) -> tuple[Person, ...]:
    values = _list(top, "people")
    _at_most(len(values), _MOST_PEOPLE, "people")
    people = tuple(_person(one, f"people[{i}]", slots) for i, one in enumerate(values))
    seen: set[str] = set()
    for number, person in enumerate(people):
        if person.id in seen:
            raise ProblemError(f"people[{number}].id", f'"{person.id}" is there twice')
        seen.add(person.id)
    return tuple(sorted(people, key=lambda one: one.id))


def _person(value: Any, field: str, slots: int) -> Person:
    one = _object(value, field)
    return Person(
        id=_text(one.get("id"), f"{field}.id"),
        weight=_whole(one, "weight", field, default=100, least=1),
        start=_whole(one, "from", field, default=0),
        end=_whole(one, "to", field, default=_FAR),
        unavailable=_slots(one, "unavailable", field, slots),
        paused=_slots(one, "paused", field, slots),
        wanted=_slots(one, "wanted", field, slots),
        unwanted=_slots(one, "unwanted", field, slots),
        carry=_whole(one, "carry", field, default=0),
        last_turn=_maybe(one, "last_turn", field, least=-_FAR, most=-1),
        major_history=_whole(one, "major_history", field, default=0, least=0),
        last_major_year=_maybe(one, "last_major_year", field, least=-_FAR, most=-1),
        max_per_quarter=_maybe(one, "max_per_quarter", field),
        max_per_year=_maybe(one, "max_per_year", field),
    )


def _rules(one: dict[str, Any], known: set[str]) -> Rules:
    chain = one.get("chain", False)
    if not isinstance(chain, bool):
        raise ProblemError("rules.chain", "must be true or false")
    pairs = _list(one, "no_go_pairs", within="rules", default=[])
    return Rules(
        min_gap=_whole(one, "min_gap", "rules", default=1, least=0),
        max_per_quarter=_maybe(one, "max_per_quarter", "rules"),
        max_per_year=_maybe(one, "max_per_year", "rules"),
        chain=chain,
        no_go_pairs=frozenset(
            _pair(pair, f"rules.no_go_pairs[{i}]", known) for i, pair in enumerate(pairs)
        ),
        frozen_slots=_whole(one, "frozen_slots", "rules", default=0, least=0),
    )


def _pair(value: Any, field: str, known: set[str]) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ProblemError(field, "must be a list of two ids")
    first, second = sorted(_known(one, field, known) for one in value)
    if first == second:
        raise ProblemError(field, "must name two different people")
    return first, second


def _fixed(top: dict[str, Any], slots: int, known: set[str], roles: int) -> tuple[Fixed, ...]:
    found: dict[tuple[int, int], Fixed] = {}
    for number, value in enumerate(_list(top, "fixed", default=[])):
        field = f"fixed[{number}]"
        one = _object(value, field)
        slot = _whole(one, "slot", field, default=None, least=0, most=slots - 1)
        role = ROLES.index(_one_of(one.get("role", "primary"), ROLES[:roles], f"{field}.role"))
        if (slot, role) in found:
            raise ProblemError(field, f"slot {slot} has a fixed {ROLES[role]} already")
        found[slot, role] = Fixed(slot, role, _known(one.get("person"), f"{field}.person", known))
    return tuple(found[key] for key in sorted(found))


def _previous(top: dict[str, Any], slots: int, roles: int) -> tuple[Assignment, ...] | None:
    if top.get("previous_plan") is None:
        return None
    values = _list(top, "previous_plan")
    _at_most(len(values), slots, "previous_plan")
    return tuple(_assignment(one, f"previous_plan[{i}]", roles) for i, one in enumerate(values))


def _assignment(value: Any, field: str, roles: int) -> Assignment:
    one = _object(value, field)
    # Somebody who has left since may still stand in the previous plan: the id need not be known.
    names = [
        None if one.get(role) is None else _text(one[role], f"{field}.{role}")
        for role in ROLES[:roles]
    ]
    return Assignment(*names)


def _roles(top: dict[str, Any]) -> int:
    roles = top.get("roles", ["primary"])
    if roles not in (["primary"], ["primary", "backup"]):
        raise ProblemError("roles", 'must be ["primary"] or ["primary", "backup"]')
    return len(roles)


def _order(top: dict[str, Any], known: set[str]) -> tuple[str, ...]:
    names = [
        _known(one, f"order[{i}]", known) for i, one in enumerate(_list(top, "order", default=[]))
    ]
    if len(set(names)) != len(names):
        raise ProblemError("order", "names somebody twice")
    return tuple(names)


def _object(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProblemError(field, "must be an object")
    return value


def _list(
    one: dict[str, Any], key: str, *, within: str = "", default: list[Any] | None = None
) -> list[Any]:
    value = one.get(key, default)
    if not isinstance(value, list):
        raise ProblemError(f"{within}.{key}".lstrip("."), "must be a list")
    return value


def _text(value: Any, field: str, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or may_be_empty):
        raise ProblemError(field, "must be text")
    return value


def _known(value: Any, field: str, known: set[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ProblemError(field, f"there is nobody called {json.dumps(value)}")
    return value


def _one_of(value: Any, allowed: tuple[str, ...], field: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ProblemError(field, f"must be one of {', '.join(allowed)}")
    return value


def _whole(
    one: dict[str, Any],
    key: str,
    within: str,
    *,
    default: int | None,
    least: int = -_FAR,
    most: int = _FAR,
) -> int:
    return _number(one.get(key, default), f"{within}.{key}", least, most)


def _maybe(
    one: dict[str, Any], key: str, within: str, *, least: int = 0, most: int = _FAR
) -> int | None:
    value = one.get(key)
    return None if value is None else _number(value, f"{within}.{key}", least, most)


def _number(value: Any, field: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(field, "must be a whole number")
    if value < least:
        raise ProblemError(field, f"must be at least {least}, is {value}")
    if value > most:
        raise ProblemError(field, f"must be at most {most}, is {value}")
    return value


def _slots(one: dict[str, Any], key: str, within: str, slots: int) -> frozenset[int]:
    values = _list(one, key, within=within, default=[])
    return frozenset(
        _number(value, f"{within}.{key}[{i}]", 0, slots - 1) for i, value in enumerate(values)
    )


def _at_most(count: int, most: int, field: str) -> None:
    if count > most:
        raise ProblemError(field, f"has {count} entries, at most {most} are allowed")
