"""The menu's rows in words: of a page, of a setting's choices, of a question's answers. Pure but for what it asks."""

from device.face_states import MenuRow
from device.languages import Words
from device.menu_actions import Actions
from device.menu_options import Options
from device.menu_pages import PAGES, STATUS
from device.menu_values import choices, is_number, written


def page_rows(page: str, options: Options, actions: Actions, spoken: Words) -> tuple[MenuRow, ...]:
    """Settings with their values, actions, and pages."""
    return tuple(_row(name, options, actions, spoken) for name in PAGES[page])


def choice_rows(key: str, options: Options, spoken: Words) -> tuple[MenuRow, ...]:
    """All that a setting may be."""
    rule, line = options.rule(key), spoken.help[key]
    offered = choices(key, rule) if rule is not None else ()
    names = (
        options.name(key, choice, whole=True) or (written(spoken, key, rule, choice) if rule is not None else "")
        for choice in offered
    )
    return tuple(MenuRow(label=name, help=line, kind="action") for name in names)


def question_rows(name: str, spoken: Words) -> tuple[MenuRow, ...]:
    """What can be answered; to leave all as it is comes first."""
    return tuple(MenuRow(label=spoken.label[answer], kind="action") for answer in ("cancel", f"confirm.{name}"))


def _row(name: str, options: Options, actions: Actions, spoken: Words) -> MenuRow:
    label, line, rule = spoken.label[name], spoken.help[name], options.rule(name)
    if rule is not None:
        now = options.value(name)
        value = options.name(name, now, whole=False) or written(spoken, name, rule, now)
        return MenuRow(label=label, value=value, help=line, kind="number" if is_number(name, rule) else "choice")
    if name.startswith("page."):
        return MenuRow(label=label, help=line, kind="page")
    if name in STATUS:
        return MenuRow(label=label, value=options.told(name, spoken), help=line, kind="told")
    return MenuRow(label=label, value=actions.value(name, spoken), help=line, kind="action")
