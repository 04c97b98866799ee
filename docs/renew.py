"""Write the pages of the reference that come from the code: `.venv/bin/python docs/renew.py`.

A test (tests/style/test_docs.py) compares them, so that a page is never older than what it tells.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
import yaml

from ombud import errors
from ombud.cli import root
from ombud.document import CODES as SHAPE_CODES
from ombud.document import LANGUAGES
from ombud.evidence.running import CODES as RUNNING_CODES
from ombud.law import retention, retention_ids
from ombud.law.index import law_index
from ombud.policy import parse_policy
from ombud.policy.builtin import CATEGORIES, CLOCKS, HOLD_KINDS
from ombud.policy.checks import CODES as DECISION_CODES
from ombud.policy.codes import CODES as POLICY_CODES
from ombud.policy.model import Policy
from ombud.systems.codes import BINDING_CODES
from ombud.systems.codes import CODES as MAP_CODES

DOCS: Final = Path(__file__).resolve().parent
CHECKOUT: Final = DOCS.parent
READ_ON: Final = date(2026, 11, 24)
"""The day on which facts of law are read for these pages; move it when the law moves."""

RENEW: Final = "`.venv/bin/python docs/renew.py`"


def pages() -> dict[str, str]:
    """Return every generated page, path below `docs/` to its text."""
    made: Mapping[str, Callable[[], str]] = {
        "reference/cli.md": _commands,
        "reference/findings.md": _findings,
        "reference/built-in.md": _built_in,
        "reference/law-facts.md": _law_facts,
        "reference/law-index.md": lambda: law_index(CHECKOUT / "src" / "ombud"),
        "reference/not-yet.md": _not_yet,
    }
    return {path: make() for path, make in made.items()}


# ---------------------------------------------------------------- the command line


def _commands() -> str:
    lines = [
        "# Commands",
        "",
        f"Written from the code by {RENEW}.",
        "",
        "Commands work in a *workspace*: a folder with `policy.yaml` and `systems.yaml`. `-C DIR`",
        "names another one than the current folder. From a checkout, `./ombud` is the same as",
        "`ombud`. What each prints with `--json` is told in [json.md](json.md), and what it reads",
        "from the environment in [settings.md](settings.md).",
        "",
    ]
    context = click.Context(root, info_name="ombud")
    for name in root.list_commands(context):
        try:
            command = root.get_command(context, name)
        except ModuleNotFoundError:
            continue  # listed, and not written yet
        if command is not None:
            lines += _command(command, name, context, "##")
    return "\n".join([*lines, *_exit_codes()])


def _command(command: click.Command, name: str, parent: click.Context, level: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"{level} {context.command_path}"
    yield ""
    yield f"```text\n{context.command_path} {usage}\n```"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""
    options = [each for each in command.get_params(context) if _shown(each, context)]
    if options:
        yield "| option | |"
        yield "| --- | --- |"
    for option in options:
        names, says = option.get_help_record(context) or ("", "")
        yield f"| `{names}` | {_cell(says)} |"
    if options:
        yield ""
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _command(found, inner, context, f"{level}#")


def _shown(option: click.Parameter, context: click.Context) -> bool:
    return "--help" not in option.opts and option.get_help_record(context) is not None


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes"
    yield ""
    yield "Findings go to standard output, errors to standard error."
    yield ""
    yield "| code | means |"
    yield "| --- | --- |"
    yield "| 0 | fine |"
    yield "| 1 | there are findings of severity `error`, or a promise is not kept |"
    yield "| 2 | wrong use: the call itself, or a setting that is missing |"
    yield "| 3 | refused: not approved, too large, changed since, or waiting for a person |"
    yield "| 4 | stopped half-way: nothing is lost, call the same command again |"
    yield ""
    yield "Every error that Ombud raises on purpose:"
    yield ""
    yield "| error | code | means |"
    yield "| --- | --- | --- |"
    for each in sorted(_errors(), key=lambda e: (e.exit_code, e.__name__)):
        says = (each.__doc__ or "").splitlines()[0]
        yield f"| `{each.__name__}` | {each.exit_code} | {_cell(says)} |"
    yield ""


def _errors() -> Iterator[type[errors.OmbudError]]:
    for each in vars(errors).values():
        if isinstance(each, type) and issubclass(each, errors.OmbudError):
            yield each


# ---------------------------------------------------------------- findings


def _findings() -> str:
    shape = "Any file: is it YAML, and are keys and values what they should be?"
    policy = "`policy.yaml`: what only a policy can have wrong"
    decisions = "`decisions.yaml`: what is wrong in a decision on a warning"
    systems = "`systems.yaml`: what only the map can have wrong"
    binding = "`ombud bind`: where promise, map and live schemas disagree"
    running = "`ombud status`: what the organisation lacks as it runs"
    lines = [
        "# Findings",
        "",
        f"Written from the code by {RENEW}.",
        "",
        "A *finding* is something wrong in what the organisation wrote, or between that and a",
        "live schema. All of them are told at once, sorted by place:",
        "",
        "```text",
        "policy.yaml:22:12: error[Y02]: not a period: `one year`",
        "  help: did you mean `1 year`?",
        "```",
        "",
        "File, line and column, severity, code, what is so, the law behind it where there is one,",
        "and a help line that works when pasted. An `error` keeps Ombud from planning, a `warning`",
        "needs a decision, `info` is good to know. A code is never used for anything else.",
        "",
    ]
    tables = ((shape, SHAPE_CODES), (policy, POLICY_CODES), (decisions, DECISION_CODES))
    maps = ((systems, MAP_CODES), (binding, BINDING_CODES))
    for title, codes in (*tables, *maps, (running, RUNNING_CODES)):
        lines += [f"## {title}", "", "| code | means |", "| --- | --- |"]
        lines += [f"| {code} | {_cell(says)} |" for code, says in codes.items()]
        lines.append("")
    return "\n".join(lines)


# ---------------------------------------------------------------- names that are always there


def _built_in() -> str:
    lines = [
        "# Built-in names",
        "",
        f"Written from the code by {RENEW}.",
        "",
        "These need no declaration in `policy.yaml`. A policy adds its own beside them, see",
        "[formats.md](formats.md).",
        "",
        "## Categories",
        "",
        "`special` (Art. 9), `criminal` (Art. 10) and `national_id` (Art. 87) need a condition of",
        "their own in `basis:`.",
        "",
        "| category | kind | English | da | nb |",
        "| --- | --- | --- | --- | --- |",
    ]
    for category in CATEGORIES.values():
        title = category.title
        names = " | ".join(title[tag] for tag in ("en", "da", "nb"))
        lines.append(f"| `{category.id}` | {category.kind} | {names} |")
    lines += [
        "",
        "## Kinds of holds",
        "",
        "| kind | English | da | nb |",
        "| --- | --- | --- | --- |",
    ]
    for kind, title in HOLD_KINDS.items():
        lines.append(f"| `{kind}` | {title['en']} | {title['da']} | {title['nb']} |")
    lines += [
        "",
        "## Clocks",
        "",
        "The consent's own, and those that facts of law bring along.",
        "",
    ]
    lines += ["| clock | English | da | nb |", "| --- | --- | --- | --- |"]
    for clock, title in CLOCKS.items():
        lines.append(f"| `{clock}` | {title['en']} | {title['da']} | {title['nb']} |")
    lines += ["", "## Languages", "", ", ".join(f"`{tag}`" for tag in LANGUAGES), ""]
    return "\n".join(lines)


# ---------------------------------------------------------------- law


_KINDS: Final = {
    "must": "keep at least",
    "max": "keep at most",
    "both": "keep exactly",
    "guide": "guidance",
    "claim": "claims can be raised",
    "contract": "contract",
    "none": "nothing is said",
}
_MARKS: Final = {
    "V": "read in the source",
    "V2": "read in a secondary source",
    "K": "not read",
}
_COUNTED: Final = {
    "event": "",
    "financial_year_end": "the end of the financial year of: ",
    "calendar_year_of_financial_year_end": "the end of the year in which the books close, of: ",
}


def _law_facts() -> str:
    lines = [
        "# Facts of law on keeping data",
        "",
        f"Written from the code by {RENEW}; as in force on {READ_ON}.",
        "",
        "What a policy can name: `law: dk_bogf` in an activity says basis, period, clock and",
        "citation at once, `law:` in a cap says a longest period. The facts lie in",
        "`src/ombud/law/facts/`, each with its source and the day it was read.",
        "",
        "*How sure*: `V` was read in the source of law. What rests on `V2` or `K` is planned and",
        "shown like anything else, and a person has to approve it each time: a sweep never erases",
        "on it by itself ([0010](../decisions/0010-unverified-law-is-never-pre-approved.md)).",
        "We are engineers: let a lawyer read what your policy rests on.",
        "",
        "| id | title | says | how long | counted from | law | how sure |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for id_ in retention_ids():
        try:
            fact = retention(id_, on=READ_ON)
        except errors.UnknownFact:
            continue
        says = _KINDS[fact.kind] + (", a limit" if fact.caps and fact.kind == "guide" else "")
        long = str(fact.period) if fact.period else "not a number"
        start = _COUNTED[fact.counted_from] + (f"`{fact.clock}`" if fact.clock else "–")
        law = str(fact.citations[0]) if fact.citations else ""
        cells = (
            f"`{id_}`",
            fact.title,
            says,
            long,
            start,
            law,
            f"{fact.mark}: {_MARKS[fact.mark]}",
        )
        lines.append("| " + " | ".join(_cell(each) for each in cells) + " |")
    lines.append("")
    return "\n".join(lines)


# ---------------------------------------------------------------- what is not there yet


def _not_yet() -> str:
    file = DOCS / "reference" / "promise-types.yaml"
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    types: dict[str, dict[str, str]] = listed["types"]
    examples: dict[str, dict[str, Any]] = listed["examples"]
    policies = {slug: _policy_of(slug) for slug in examples}
    numbers = [(s, t, n) for s, e in examples.items() for t in types for n in e.get(t, ())]
    standing = {
        (slug, number)
        for slug, _, number in numbers
        if _id(examples[slug], number) in policies[slug].promises
    }
    lines = [
        "# Not yet",
        "",
        f"Written from the examples by {RENEW}.",
        "",
        f"The five examples are made after public privacy policies with {len(numbers)} promises",
        f"in all; {len(standing)} of them stand in the examples with a live standing. The others",
        "need parts of Ombud that are not there yet. Nothing here pretends: a promise that Ombud",
        "cannot show is `not provable`, or is not in the example's policy at all.",
        "",
        "Planned, in this order:",
        "",
        "- **consents and portal**: consents that Ombud itself asks for and keeps, tools on a",
        "  website that wait for them, the pages on which people see what is held about them;",
        "- **cases**: access, rectification, erasure, restriction, portability and objection, from",
        "  request to answer, with the due dates of the law;",
        "- **duties of staff**: incidents and their 72 hours, agreements with processors,",
        "  disclosures, security measures (`ombud duty attest` is there already);",
        "- **other places**: files, mailboxes, buckets and lakes; finding data that nobody mapped;",
        "  a drill after a restore (see [back up and upgrade](../how-to/back-up-and-upgrade.md)).",
        "",
        "Some promises are of a type that is shown today, and no document or check shows them yet:",
        "they are about what is done with the data, not about what people are told.",
        "",
        *_waiting(examples),
        "",
        "The proof `case:` can be written already; it stands as `not provable`.",
        "",
        "Of the rules that ask how an organisation runs ([running state](running-state.md)), these",
        "wait for the same parts:",
        "",
        "- a consent without who, when, which text and how (O04): **consents and portal**; a map",
        "  says only when it was given and withdrawn;",
        "- a request past its due date (O10): **cases**;",
        "- who answers for a breach, and by which channel (O08): **duties of staff**;",
        "- what an agreement with a processor says of the points of Art. 28(3) (O02), and",
        "  assessments of Art. 35 for more than tests and automated decisions (O07): **duties of",
        "  staff**. Whether data is large-scale, nobody tells Ombud.",
        "",
        "## By type",
        "",
        "| type | promises | stand today | shown by | comes with |",
        "| --- | --- | --- | --- | --- |",
    ]
    for type_, told in types.items():
        mine = [(slug, n) for slug, t, n in numbers if t == type_]
        there = sum(each in standing for each in mine)
        lines.append(f"| {type_} | {len(mine)} | {there} | {told['shown_by']} | {told['with']} |")
    for slug, example in examples.items():
        lines += _of_example(slug, example, types, policies[slug])
    lines.append("")
    return "\n".join(lines)


def _of_example(
    slug: str, example: Mapping[str, Any], types: Mapping[str, Any], policy: Policy
) -> Iterator[str]:
    yield ""
    yield f"## {slug}"
    yield ""
    yield "| promise | type | proof today |"
    yield "| --- | --- | --- |"
    found = sorted((n, type_) for type_ in types for n in example.get(type_, ()))
    for number, type_ in found:
        promise = policy.promises.get(_id(example, number))
        kinds = dict.fromkeys(f"`{p.kind}`" for p in promise.proofs) if promise else ()
        proof = ", ".join(kinds)
        comes = example.get("waits", {}).get(number, types[type_])["with"]
        later = "not yet" if comes == "now" else f"not yet: {comes}"
        yield f"| {_id(example, number)} | {type_} | {proof or later} |"


def _waiting(examples: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield why promises of a type that is shown today are not."""
    for example in examples.values():
        for number, told in example.get("waits", {}).items():
            because = " ".join(told["because"].split())
            yield f"- {_id(example, number)}: {because}. It comes with **{told['with']}**."


def _id(example: Mapping[str, Any], number: int) -> str:
    return f"{example['prefix']}-{number:02d}"


def _policy_of(slug: str) -> Policy:
    file = CHECKOUT / "examples" / slug / "policy.yaml"
    return parse_policy(file.read_bytes(), "policy.yaml", READ_ON)


# ---------------------------------------------------------------- text


def _cell(text: str) -> str:
    """Return a text as one cell of a table."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def main(paths: Sequence[str] = ()) -> None:
    """Write the pages."""
    for path, text in pages().items():
        file = DOCS / path
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
