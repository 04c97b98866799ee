"""How is a system reached, and what keeps its promise where only people reach it?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from ombud.document import LANGUAGES, Fields, Node, did_you_mean, quoted
from ombud.law import Misspelt, Period
from ombud.policy.model import Policy, Text
from ombud.systems.model import Setting, SweepLimits, System, Task
from ombud.systems.parse.tables import read_tables

Reach = Literal["database", "outside"]
REACHES: Final[tuple[Reach, ...]] = ("database", "outside")
DATABASE_KEYS: Final = ("url", "schema", "check_every", "sweep", "rows_per_second")
OUTSIDE_KEYS: Final = ("serves", "settings", "tasks")
SYSTEM_KEYS: Final = (
    "title",
    "reach",
    "zone",
    "gone_within",
    "tables",
    *DATABASE_KEYS,
    *OUTSIDE_KEYS,
)
SWEEP_KEYS: Final = ("floor", "share", "count")
SETTING_KEYS: Final = ("at_most", "by", "every", "instructions")
TASK_KEYS: Final = ("by", "every", "instructions")

ADDRESS: Final = r"[A-Za-z][A-Za-z0-9+.-]*://|\$\{"
HOURS_OR_DAYS: Final = r"([1-9][0-9]{0,3}) (hour|hours|day|days)"
PERCENT: Final = r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%"

_VARIABLE = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"
_ACCOUNT = re.compile(r"://(?P<account>[^?#]*)@")
_SECRET_PARAMETER = re.compile(r"[?&](?:[a-z]*password|passwd|pwd|secret)=([^&#]*)", re.IGNORECASE)
_NO_PERIOD: Final = Period(days=0)


def read_system(policy: Policy, id: str, node: Node) -> System:
    """Return one system; what is wrong in it was recorded."""
    fields = node.fields(*SYSTEM_KEYS)
    written = fields.optional("reach")
    reach = written.one_of(REACHES, "database")
    sure = not written.present or written.written == reach
    tables, links = read_tables(policy, fields.optional("tables"))
    if sure:
        _keys_fit(fields, reach)
    if reach == "outside":
        _something_is_kept(fields)
    example = f"${{{_env(id)}_URL}}"
    needed = sure and reach == "database"
    address = fields.required("url", example) if needed else fields.optional("url")
    known = (*policy.activities, *policy.caps)
    return System(
        id=id,
        where=node.named_at,
        title=_staff_text(policy, fields.optional("title")),
        reach=reach,
        zone=_zone(fields.optional("zone")) or policy.organisation.zone,
        gone_within=fields.optional("gone_within").read(_some_time, "Y02"),
        url=_address(address, id),
        schema=fields.optional("schema").text(),
        check_every=_check_every(fields.optional("check_every")),
        tables=tables,
        links=links,
        serves=_names(fields.optional("serves"), known, "activity or cap"),
        settings=_settings(policy, fields.optional("settings")),
        tasks=_tasks(policy, fields.optional("tasks")),
        sweep=_sweep(fields.optional("sweep")),
        rows_per_second_max=fields.optional("rows_per_second").whole(0, least=1),
    )


def _some_time(text: str) -> Period:
    """Return a period that is not none: every file and every copy holds what was erased a while."""
    period = Period.parse(text)
    if not period.as_said:
        raise Misspelt(
            f"no system and no copy is rid of it in `{text}`",
            "write the age of the oldest backup, for example `35 days`",
        )
    return period


def _names(node: Node, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    return node.names(known, what) if node.present else ()


def _keys_fit(fields: Fields, reach: Reach) -> None:
    """Record keys of the other kind of system."""
    others: tuple[str, ...]
    if reach == "outside":
        others, where = DATABASE_KEYS, "a system out of reach"
        help = "take it out, or write `url:` instead of `reach: outside`"
    else:
        others, where = OUTSIDE_KEYS, "a system reached by its database"
        help = "take it out, or write `reach: outside`"
    for key in others:
        if key in fields:
            tables = "write `serves:` in the tables that hold the data, or `reach: outside`"
            help_here = tables if key == "serves" else help
            fields.optional(key).wrong_key("Y75", f"{quoted(key)} in {where}", help_here)


def _something_is_kept(fields: Fields) -> None:
    node = fields.node
    if "settings" not in fields and "tasks" not in fields:
        says = f"nothing keeps the promise in {quoted(node.name)}, which only people reach"
        example = "{erase_old: {by: manager, every: 1 month, instructions: …}}"
        node.wrong_key("Y76", says, f"add `tasks: {example}`, or `settings:` that someone reads")
    if "serves" not in fields and "tables" not in fields:
        fields.required("serves", "[newsletter]")


def _staff_text(policy: Policy, node: Node) -> Text:
    """Return a text that only staff reads: it need not be in every language."""
    written = [tag for tag in node.keys() if tag in LANGUAGES]
    return node.texts(written or policy.organisation.languages[:1])


def _zone(node: Node) -> str:
    name = node.text()
    try:
        return ZoneInfo(name).key if name else ""
    except (ValueError, OSError, KeyError):  # each is how zoneinfo says no to some texts
        help = did_you_mean(name, sorted(available_timezones()))
        near = help if help.startswith("did") else "write for example `Europe/Copenhagen`"
        node.wrong("Y72", f"unknown time zone {quoted(name)}", near)
        return ""


def _address(node: Node, system: str) -> str:
    """Return the address as written; no message repeats it, for it may hold a secret."""
    text = node.text()
    name = _env(system)
    account = _ACCOUNT.search(text)
    secrets = [account["account"].partition(":")[2]] if account else []
    secrets += _SECRET_PARAMETER.findall(text)
    if any(re.sub(_VARIABLE, "", secret) for secret in secrets):
        help = f"write `${{{name}_PASSWORD}}` in its place, and set that in the environment"
        node.wrong("Y71", "the address holds a password", help)
    elif re.search(r"\$", re.sub(_VARIABLE, "", text)):
        says = "the address holds a `$` that names nothing in the environment"
        node.wrong("Y70", says, f"write `${{{name}_URL}}`: letters, digits and `_` in braces")
    elif text and not re.match(ADDRESS, text):
        help = f"write `${{{name}_URL}}`, or for example `postgresql://ombud@host/{system}`"
        node.wrong("Y70", "not an address of a database", help)
    return text


def _env(system: str) -> str:
    return re.sub(r"\W", "_", system).upper()


def _check_every(node: Node) -> timedelta:
    def parse(text: str) -> timedelta:
        match = re.fullmatch(HOURS_OR_DAYS, text)
        if match is None:
            raise _Unclear(f"not a length of time: {quoted(text)}", "`24 hours` or `2 days`")
        count = int(match[1])
        return timedelta(hours=count if match[2].startswith("hour") else 24 * count)

    return node.read(parse, "Y73") or timedelta(hours=24)


def _sweep(node: Node) -> SweepLimits:
    limits = SweepLimits()
    if not node.present:
        return limits
    fields = node.fields(*SWEEP_KEYS)
    share = fields.optional("share").read(_share, "Y74")
    return SweepLimits(
        floor=fields.optional("floor").whole(limits.floor),
        share_max=limits.share_max if share is None else share,
        count_max=fields.optional("count").whole(limits.count_max),
    )


def _share(text: str) -> float:
    match = re.fullmatch(PERCENT, text)
    if match is None or float(match[1]) > 100:
        raise _Unclear(f"not a share: {quoted(text)}", "`5 %`, at most `100 %`")
    return float(match[1]) / 100


class _Unclear(ValueError):
    """A text that is not what was meant, and an example of what would be."""

    def __init__(self, says: str, example: str) -> None:
        super().__init__(says)
        self.says = says
        self.help = f"write for example {example}"


def _settings(policy: Policy, node: Node) -> Mapping[str, Setting]:
    found = {}
    for id, written in node.entries():
        fields = written.fields(*SETTING_KEYS)
        found[id] = Setting(
            id=id,
            where=written.named_at,
            at_most=_period(fields.required("at_most", "14 months")),
            by=fields.required("by", "manager").text(),
            every=_period(fields.required("every", "1 month")),
            instructions=_staff_text(policy, fields.optional("instructions")),
        )
    return found


def _tasks(policy: Policy, node: Node) -> Mapping[str, Task]:
    found = {}
    for id, written in node.entries():
        fields = written.fields(*TASK_KEYS)
        found[id] = Task(
            id=id,
            where=written.named_at,
            by=fields.required("by", "manager").text(),
            every=_period(fields.required("every", "1 month")),
            instructions=_staff_text(policy, fields.optional("instructions")),
        )
    return found


def _period(node: Node) -> Period:
    return node.read(Period.parse, "Y02") or _NO_PERIOD
