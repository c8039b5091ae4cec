"""The commands a newcomer types first: init, check, who."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from oncall import __version__, compiled, compiling, rota, rota_mark
from oncall.cli import COMMANDS, main
from oncall.cli.open import opened
from oncall.clock import wall_clock
from oncall.example import example_policy
from oncall.policy.load import load
from oncall.roster import roster_of

ROOT = Path(__file__).parents[2]
TWILIO = """integrations:
  twilio: { account: "${A_SID}", token: "${A_TOKEN}", sms_from: { default: "+12025550100" } }
  email: { smtp: "localhost:25", from: oncall@example.com }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(example_policy(), encoding="utf-8")
    return path


def oncall(*words: object, env: dict[str, str] | None = None) -> Result:
    return CliRunner(env=env).invoke(main, [str(word) for word in words])


def in_a_process(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from oncall.cli import main; main(prog_name='oncall')",
            *map(str, words),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def change(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


def test_the_version_is_told() -> None:
    assert oncall("--version").output == f"oncall {__version__}\n"


def test_help_lists_every_command_with_its_line() -> None:
    output = oncall("--help").output

    assert all(f"  {name} " in output and line in output for name, (_, line) in COMMANDS.items())


def test_help_and_version_import_nothing_heavy() -> None:
    code = (
        "import sys; from oncall.cli import main; main(['--help'], standalone_mode=False); "
        "print(sorted({'pydantic', 'yaml', 'sqlalchemy', 'flask', 'holidays', 'json'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.endswith("[]\n")


def test_an_unknown_command_is_wrong_usage() -> None:
    assert oncall("whom").exit_code == 2


def test_init_writes_a_policy_that_has_no_findings(tmp_path: Path) -> None:
    done = oncall("init", tmp_path / "new")

    assert done.exit_code == 0
    assert load(tmp_path / "new" / "config.yaml").warnings == ()


def test_init_names_the_next_three_steps(tmp_path: Path) -> None:
    lines = oncall("init", tmp_path).output.splitlines()

    assert [line.strip()[:2] for line in lines[1:]] == ["1.", "2.", "3."]


def test_init_never_overwrites_a_policy(config: Path) -> None:
    config.write_text("mine", encoding="utf-8")
    done = oncall("init", config.parent)

    assert (done.exit_code, config.read_text(encoding="utf-8")) == (1, "mine")
    assert done.stderr == f"oncall: {config} exists already and is left as it is\n"


def test_check_of_a_good_file_is_quiet_and_fine(config: Path) -> None:
    done = oncall("check", config)

    assert (done.exit_code, done.output) == (0, f"{config}: no findings\n")


def test_check_takes_the_file_of_the_environment(config: Path) -> None:
    assert oncall("check", env={"ONCALL_CONFIG": str(config)}).output == f"{config}: no findings\n"


def test_check_shows_every_fault_and_fails(config: Path) -> None:
    change(config, "order: [ana, bora, maria]", "order: [ana, borra, maria]")
    change(config, "wait: 7m", "wait: 7")
    done = oncall("check", config)

    assert done.exit_code == 1
    assert 'did you mean "bora"?' in done.output
    assert "write 7m (minutes) or 7h (hours)." in done.output
    assert done.output.endswith(f"{config}: 2 errors, 0 warnings\n")


def test_a_warning_passes_unless_strict(config: Path) -> None:
    change(config, "    role: admin\n", "")

    assert oncall("check", config).exit_code == 0
    assert oncall("check", config, "--strict").exit_code == 1


def test_a_rotation_that_starts_later_is_a_warning_with_its_first_handoff(config: Path) -> None:
    change(config, '"2026-01-05"', '"2099-01-01"')
    done = oncall("check", config)

    assert done.exit_code == 0
    assert (
        "warning W23 date: rotations.emergency-phone.starts: nobody holds this phone" in done.output
    )
    assert "the first handoff, Mon 05 Jan 2099 09:00 (Europe/Bucharest)" in done.output


def test_an_unset_secret_is_a_warning_and_with_env_an_error(config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8") + TWILIO, encoding="utf-8")
    env = {"A_SID": "AC1"}

    warned, failed = oncall("check", config, env=env), oncall("check", config, "--env", env=env)

    assert (warned.exit_code, failed.exit_code) == (0, 1)
    assert "warning W19 env: integrations.twilio.token: ${A_TOKEN} is not set" in warned.output
    assert "error E19 env: integrations.twilio.token: ${A_TOKEN} is not set" in failed.output
    assert "A_SID" not in failed.output.replace('"${A_SID}"', "")


def test_check_prints_json_for_programs(config: Path) -> None:
    change(config, "wait: 7m", "wait: 7")
    report = json.loads(oncall("check", config, "--format", "json").output)

    (finding,) = report["findings"]
    assert (report["ok"], finding["code"], finding["name"]) == (False, "E11", "duration")
    assert finding["line"] == line_of(config, "wait: 7 ")


def test_check_marks_the_lines_of_a_pull_request(config: Path) -> None:
    change(config, "wait: 7m", "wait: 7")
    output = oncall("check", config, "--format", "github").output

    assert output.startswith(f"::error file={config},line={line_of(config, 'wait: 7 ')},col=")
    assert "title=E11 duration::escalation.urgent.steps[1].wait: 7 has no unit.%0Afix: " in output


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    done = oncall("check", tmp_path / "none.yaml")

    assert (done.exit_code, "no such file" in done.output) == (1, True)


def test_who_needs_a_good_policy(config: Path) -> None:
    change(config, "wait: 7m", "wait: 7")
    done = oncall("who", "--config", config)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "error E11 duration" in done.stderr


def test_who_answers_in_words(config: Path) -> None:
    done = oncall("who", "--config", config, "--at", "2026-12-25 03:00")

    assert done.output == (
        "Fri 25 Dec 2026 03:00 Europe/Bucharest (01:00 UTC)\n"
        "emergency-phone: Maria Ionescu (maria) until Mon 28 Dec 2026 09:00, then Ana Popescu (ana)\n"
        "  backup: Bora Yıldız (bora)\n"
        "  out of hours until Mon 28 Dec 2026 09:00\n"
    )


def test_who_says_when_a_holder_has_left(config: Path) -> None:
    change(config, "    role: lead\n", '    role: lead\n    until: "2026-06-30"\n')
    done = oncall("who", "--config", config, "--at", "2026-12-25 03:00")

    assert "Maria Ionescu (maria, not employed then: is not paged) until" in done.output


def test_who_of_an_unknown_rotation_is_wrong_usage(config: Path) -> None:
    done = oncall("who", "--config", config, "--rotation", "fire-brigade")

    assert (done.exit_code, "there is: emergency-phone." in done.stderr) == (2, True)


def test_who_at_no_time_is_wrong_usage(config: Path) -> None:
    assert oncall("who", "--config", config, "--at", "whenever").exit_code == 2


@pytest.mark.parametrize(
    "at",
    [
        "2026-01-01 00:00",
        "2026-03-29 03:30",
        "2026-10-25 03:59",
        "2026-11-23 09:00",
        "2031-05-01 12:00",
        "2026-11-23T06:59Z",
    ],
)
def test_the_slow_and_the_quick_process_say_the_same(config: Path, at: str) -> None:
    slow = in_a_process("who", "--config", config, "--at", at, "--format", "json")
    assert compiled.path_of(config).exists()
    quick = in_a_process("who", "--config", config, "--at", at, "--format", "json")

    assert (slow.returncode, slow.stderr) == (0, "")
    assert quick.stdout == slow.stdout


def test_the_quick_way_imports_nothing_heavy(config: Path) -> None:
    oncall("who", "--config", config)
    code = (
        "import sys; from oncall.cli import main; "
        f"main(['who', '--config', {str(config)!r}], standalone_mode=False); "
        "print(sorted({'pydantic', 'yaml', 'sqlalchemy', 'phonenumbers', 'holidays'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.endswith("[]\n")


def test_a_changed_policy_is_never_answered_from_the_old_roster(config: Path) -> None:
    oncall("who", "--config", config)
    change(config, "order: [ana, bora, maria]", "order: [maria, bora, ana]")

    assert compiled.fetch(config, mark(config), wall_clock()) is None
    assert (
        "Ana Popescu (ana) until"
        in oncall("who", "--config", config, "--at", "2026-12-25 03:00").output
    )


def test_a_rota_that_people_changed_is_answered_at_once_by_both_ways(config: Path) -> None:
    at = ("--at", "2026-12-25 03:00")
    before = oncall("who", "--config", config, *at).output
    with opened(config) as (session, now):
        change_id = rota.change(session, "cover", rotation="emergency-phone", actor="ana", now=now)
        rota.lay(
            session,
            change_id,
            rotation="emergency-phone",
            person="ana",
            hours=(datetime(2026, 12, 24, 16, tzinfo=UTC), datetime(2026, 12, 25, 7, tzinfo=UTC)),
        )

    slow = oncall("who", "--config", config, *at).output
    quick = oncall("who", "--config", config, *at).output

    assert "Maria Ionescu (maria) until Mon 28 Dec" in before
    assert "Ana Popescu (ana) until Fri 25 Dec 2026 09:00, then Maria Ionescu (maria)" in slow
    assert quick == slow


def test_a_roster_of_another_program_version_is_not_trusted(config: Path) -> None:
    oncall("who", "--config", config)
    path = compiled.path_of(config)
    path.write_text(json.dumps({**json.loads(path.read_text()), "program": "0.0.0"}))

    assert compiled.fetch(config, mark(config), wall_clock()) is None


def test_an_old_roster_is_made_again(config: Path) -> None:
    oncall("who", "--config", config)

    assert (
        compiled.fetch(config, mark(config), wall_clock() + compiled.FRESH - timedelta(minutes=1))
        is not None
    )
    assert (
        compiled.fetch(config, mark(config), wall_clock() + compiled.FRESH + timedelta(minutes=1))
        is None
    )


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '"x"', "null", "\x00"])
def test_a_damaged_roster_only_costs_time(config: Path, damage: str) -> None:
    before = oncall("who", "--config", config, "--at", "2026-12-25 03:00").output
    compiled.path_of(config).write_text(damage)

    assert oncall("who", "--config", config, "--at", "2026-12-25 03:00").output == before


def test_a_roster_with_a_hole_in_it_only_costs_time(config: Path) -> None:
    before = oncall("who", "--config", config, "--at", "2026-12-25 03:00").output
    path = compiled.path_of(config)
    path.write_text(json.dumps({**json.loads(path.read_text()), "calendars": {}}))

    assert oncall("who", "--config", config, "--at", "2026-12-25 03:00").output == before


def test_a_roster_is_not_lent_to_a_file_that_changed_meanwhile(config: Path) -> None:
    loaded = load(config)
    change(config, "order: [ana, bora, maria]", "order: [maria, bora, ana]")
    compiling.refresh(config, loaded, roster_of(loaded.policy), "", wall_clock())

    assert not compiled.path_of(config).exists()


def mark(config: Path) -> str | None:
    return rota_mark.mark_of(rota_mark.database_url(config, {}))


def line_of(config: Path, words: str) -> int:
    lines = config.read_text(encoding="utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if words in line)
