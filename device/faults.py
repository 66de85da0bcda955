"""All faults of a set of tables at once: names nobody knows, values no rule admits, values that do not go together."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from device.rules import Rule, shown

Tables = dict[str, dict[str, Any]]
Rules = Mapping[str, Mapping[str, Rule]]


class Together(NamedTuple):
    """Something that must hold between settings."""

    names: tuple[str, ...]  # "section.key"
    holds: Callable[..., bool]  # called with their values
    sentence: str  # what to do when it does not


def faults_of(changes: Mapping[str, Any], settings: Tables, rules: Rules, together: Sequence[Together]) -> list[str]:
    """What is wrong with changes to settings that are right, a sentence each.

    Args:
        changes: section -> key -> value, as a TOML parser gives it: anything may stand anywhere.
        settings: the complete settings which are to be changed.
        rules: section -> key -> rule, for every setting there is.
        together: what must hold between the settings once changed; not asked of values that are wrong by themselves.
    """
    faults = [fault for section, table in changes.items() for fault in _of_section(section, table, rules)]
    values = _flat(settings) | _flat(changes)
    good = {name: value for name, value in values.items() if _accepted(name, value, rules)}
    return faults + [t.sentence for t in together if _broken(t, good)]


def _broken(together: Together, good: Mapping[str, object]) -> bool:
    return set(together.names) <= good.keys() and not together.holds(*(good[name] for name in together.names))


def _of_section(section: str, table: object, rules: Rules) -> Iterator[str]:
    if section not in rules:
        yield _unknown_section(section, table, rules)
    elif not isinstance(table, dict):
        yield f"{section} must be a section: write [{section}] on a line of its own and its settings below."
    else:
        yield from filter(None, (_of_value(section, key, value, rules) for key, value in table.items()))


def _of_value(section: str, key: str, value: object, rules: Rules) -> str | None:
    rule = rules[section].get(key)
    if rule is None:
        return f"{section}.{key} is not a setting{_did_you_mean(_like(section, key, rules))}"
    if rule.accepts(value):
        return None
    return f"{section}.{key} = {shown(value)} must be {rule.allowed}."


def _unknown_section(section: str, table: object, rules: Rules) -> str:
    if isinstance(table, dict):
        near = [f"[{name}]" for name in difflib.get_close_matches(section, rules, 1)]
        return f"[{section}] is not a section{_did_you_mean(near)}"
    return f"{section} stands above the first section{_did_you_mean(_like('', section, rules))}"


def _like(section: str, key: str, rules: Rules) -> list[str]:
    """Settings of such a name: first in the section where it was looked for, then in any."""
    here = [f"{section}.{known}" for known in difflib.get_close_matches(key, rules.get(section, {}), 1)]
    anywhere = difflib.get_close_matches(key, {known for table in rules.values() for known in table}, 1)
    return here + [f"{other}.{known}" for known in anywhere for other in rules if known in rules[other]]


def _did_you_mean(names: Sequence[str]) -> str:
    return f", did you mean {names[0]}?" if names else "."


def _accepted(name: str, value: object, rules: Rules) -> bool:
    section, _, key = name.partition(".")
    rule = rules.get(section, {}).get(key)
    return rule is not None and rule.accepts(value)


def _flat(tables: Mapping[str, Any]) -> dict[str, object]:
    return {
        f"{section}.{key}": value
        for section, table in tables.items()
        if isinstance(table, dict)
        for key, value in table.items()
    }
