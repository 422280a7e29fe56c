"""What an application says, in the reader's words: for the confirmation, the status page, the review and its diff."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.enums import Industry
from portal.core.formats import day, number, yen
from portal.core.i18n import _, ngettext
from portal.domain.application_flow import Change
from portal.domain.typed import read_day, read_whole_number
from portal.membership import choices
from portal.membership.enums import PaymentWay
from portal.membership.forms import FORMS, LEARNER_FIELDS, learners_form
from portal.membership.models import Tier
from portal.membership.pages import BY_NAME, LEARNERS_LISTED, QUESTIONS, Page

ATTACHMENTS = "documents.file"  # under which a remark on the files is kept
PERSON = ("name", "kana", "department", "title", "telephone", "email")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `path` is `page.field`, as comments and the diff name it."""

    path: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A page's answers."""

    page: Page
    rows: tuple[Row, ...]


def sections(content: Mapping[str, Mapping[str, Any]], tiers: Sequence[Tier], language: str) -> list[Section]:
    """Every answer by page, in the order of the pages."""
    names = {tier.code: tier.name(language) for tier in tiers}
    found = []
    for page in QUESTIONS:
        answers = content.get(page.name)
        if answers is None:
            continue
        rows = tuple(
            Row(
                f"{page.name}.{name}",
                label_of(f"{page.name}.{name}"),
                shown(f"{page.name}.{name}", answers.get(name), names),
            )
            for name in _fields_of(page.name)
            if not _is_needless(page.name, name, answers)
        )
        found.append(Section(page, rows))
    return found


def label_of(path: str) -> str:
    """The field's label; the page's title stands before it where several pages ask for the same."""
    page, _dot, name = path.partition(".")
    if page in ("files", "documents"):
        return str(_("Attachments"))
    bare, _line, place = name.rpartition("_")
    if page == "learners" and place.isdigit():
        return str(
            _("Learner %(place)s: %(field)s", place=place, field=_label(learners_form(1), f"{bare}_1"))
        )
    return _label(FORMS[page], name) if page in FORMS else name


def full_label(path: str) -> str:
    """The label with its page, for a diff: `Representative: Telephone`."""
    page = path.partition(".")[0]
    if page not in BY_NAME or page in ("learners", "documents"):
        return label_of(path)
    return str(_("%(page)s: %(field)s", page=BY_NAME[page].title, field=label_of(path)))


def shown_changes(changes: Sequence[Change], tiers: Sequence[Tier], language: str) -> list[dict[str, str]]:
    """A diff in words: dictionaries of `field`, `old` and `new` for the diff component."""
    names = {tier.code: tier.name(language) for tier in tiers}
    return [
        {"field": full_label(c.path), "old": shown(c.path, c.old, names), "new": shown(c.path, c.new, names)}
        for c in changes
    ]


def shown(path: str, value: Any, tier_names: Mapping[str, str] | None = None) -> str:
    """A value in words; empty for a blank."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if path in _WRITERS:
        return str(_WRITERS[path](value))
    if path == "tier.tier":
        return (tier_names or {}).get(str(value), str(value))
    return _separator().join(str(part) for part in value) if isinstance(value, list) else str(value)


def _separator() -> str:
    return str(_(", "))


def _named(pairs: Any) -> Any:
    def write(value: Any) -> str:
        words = {str(key): str(label) for key, label in (pairs() if callable(pairs) else pairs)}
        parts = value if isinstance(value, list) else [value]
        return _separator().join(words.get(str(part), str(part)) for part in parts)

    return write


def _dated(value: Any) -> str:
    """A day in full; a draft's words as they stand when they are none."""
    known = value if isinstance(value, date) else read_day(str(value))
    return str(value) if known is None else day(known)


def _figure(write: Callable[[int], str]) -> Callable[[Any], str]:
    """A number written out; a draft's words as they stand when they are none."""

    def written(value: Any) -> str:
        known = value if isinstance(value, int) else read_whole_number(str(value))
        return str(value) if known is None else write(known)

    return written


def _heads(count: int) -> str:
    return ngettext("%(number)s person", "%(number)s people", count, number=number(count))


_WRITERS: dict[str, Any] = {
    "profile.founded_on": _dated,
    "profile.capital_yen": _figure(yen),
    "profile.employees": _figure(_heads),
    "tier.learners_wanted": _figure(_heads),
    "profile.industry": _named(choices.labelled(Industry)),
    "payment.way": _named(choices.labelled(PaymentWay)),
    "plan.purposes": _named(list(choices.PURPOSES.items())),
    "plan.methods": _named(list(choices.METHODS.items())),
    "interests.areas": _named(choices.areas),
    "interests.groups": _named(choices.groups),
}


def _label(form: type[Any], name: str) -> str:
    field = getattr(form, name, None)
    return str(field.args[0]) if field is not None and getattr(field, "args", None) else name


def _fields_of(page: str) -> list[str]:
    if page == "learners":
        return [f"{field}_{n}" for n in range(1, LEARNERS_LISTED + 1) for field in LEARNER_FIELDS]
    fields = vars_of(FORMS[page])
    return sorted(fields, key=lambda name: fields[name].creation_counter)


def vars_of(form: type[Any]) -> dict[str, Any]:
    """The unbound fields of a form class and its bases, without the envelope."""
    names = [
        name
        for name in dir(form)
        if not name.startswith("_") and hasattr(getattr(form, name, None), "creation_counter")
    ]
    return {name: getattr(form, name) for name in names if name not in ("once", "seen", "csrf_token")}


def _is_needless(page: str, name: str, answers: Mapping[str, Any]) -> bool:
    """Repetitions and rows for learners who are not there."""
    if answers.get("same_as_representative") and name in PERSON:
        return True
    if name == "same_as_representative":
        return not answers.get(name)
    return page == "learners" and not any(
        answers.get(f"{field}_{name.rpartition('_')[2]}") for field in LEARNER_FIELDS
    )
