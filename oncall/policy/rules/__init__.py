"""What a policy must mean: one small function per rule, each yielding notes. Shape is the models' business."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oncall.policy.draft import Draft
from oncall.policy.findings import Note
from oncall.policy.rules import (
    comp_days,
    hours,
    ladders,
    names,
    people,
    reach,
    reminders,
    rotations,
    sections,
    services,
    templates,
    urgency,
)
from oncall.policy.rules.templates import TEMPLATE_HOLES

Rule = Callable[[Draft], Iterator[Note]]

RULES: tuple[Rule, ...] = (
    names.one_namespace,
    names.known_in_company,
    names.known_in_teams,
    names.known_in_rotations,
    names.known_in_ladders,
    names.languages_offered,
    names.secrets_in_their_place,
    people.somebody_is_admin,
    people.addresses_differ,
    people.team_is_not_empty,
    people.lead_is_a_member,
    people.everybody_has_a_turn,
    people.dates_in_order,
    people.nobody_in_order_leaves,
    reach.urgent_reaches_everybody,
    reach.normal_reaches_everybody,
    reach.urgent_steps_wake,
    reach.urgent_ladders_wake,
    reach.urgent_ladders_can_be_answered,
    hours.country_is_known,
    hours.each_day_once,
    hours.spans_apart,
    hours.opens_at_all,
    hours.phone_is_held_sometimes,
    hours.removed_days_are_holidays,
    rotations.order_is_not_empty,
    rotations.turn_in_whole_days,
    rotations.handoffs_split_a_turn,
    rotations.split_days_are_single,
    rotations.weekly_handoff_names_its_day,
    rotations.backup_is_somebody_else,
    rotations.backup_rotations_stand_behind_one_another,
    rotations.enough_people_for_the_limits,
    rotations.learners_only_listen,
    rotations.pairs_are_pairs,
    rotations.publishes_beyond_the_freeze,
    reminders.reminders_are_ahead,
    reminders.test_leaves_time,
    urgency.each_rule_decides,
    urgency.names_differ,
    urgency.ends_with_otherwise,
    urgency.every_rule_can_fire,
    ladders.waits_are_written,
    ladders.round_takes_time,
    ladders.steps_begin_apart,
    ladders.last_step_has_time,
    ladders.waits_are_short,
    ladders.backup_steps_have_a_backup,
    ladders.somebody_is_told,
    ladders.somebody_is_named_to_tell,
    comp_days.warnings_come_before_the_end,
    comp_days.carry_over_is_whole,
    comp_days.one_extra_fits_the_cap,
    comp_days.somebody_else_decides,
    comp_days.american_days_are_a_bonus,
    sections.known_in_sections,
    sections.sections_differ,
    sections.sections_say_something,
    sections.types_can_come,
    sections.section_ladders_are_walked,
    templates.names_and_holes_exist,
    services.sender_for_everybody,
    services.calls_have_a_number,
    services.mail_can_be_sent,
)

__all__ = ["RULES", "TEMPLATE_HOLES", "Rule"]
