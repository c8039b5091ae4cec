"""Which settings exist at a path of the policy file, asked of the models themselves. Judges no value."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel

from oncall.policy.findings import Path
from oncall.policy.model import Policy


def settings(model: type[BaseModel]) -> dict[str, Any]:
    """Return the names a section may hold, as the file writes them, with each one's type."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def model_at(path: Path) -> type[BaseModel] | None:
    """Return the model of the section at `path`; None where the file holds no section of fixed names."""
    here: Any = Policy
    for part in path:
        here = _inside(here, part)
        if here is None:
            return None
    return here if _is_model(here) else None


def all_settings(model: type[BaseModel] = Policy) -> Iterator[tuple[type[BaseModel], str]]:
    """Yield every setting there is as (section, name); a section met twice comes twice."""
    for name, kind in settings(model).items():
        yield model, name
        inner = _section_in(kind)
        if inner is not None:
            yield from all_settings(inner)


def _inside(kind: Any, part: str | int) -> Any:
    if _is_model(kind):
        return _bare(settings(kind).get(str(part)))
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _bare(arguments[1])
    # A list is met by position, or (one item standing for a list) by the item's own name.
    if get_origin(kind) is tuple:
        inner = _bare(arguments[0])
        return inner if isinstance(part, int) else _inside(inner, part)
    return None


def _section_in(kind: Any) -> type[BaseModel] | None:
    bare = _bare(kind)
    if _is_model(bare):
        return cast("type[BaseModel]", bare)
    if get_origin(bare) in (dict, tuple):
        return _section_in(get_args(bare)[-1 if get_origin(bare) is dict else 0])
    return None


def _bare(kind: Any) -> Any:
    """Take `Annotated[...]` and `... | None` off a type."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(part for part in get_args(kind) if part is not type(None)))
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
