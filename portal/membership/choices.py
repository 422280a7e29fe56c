"""What applicants choose from, from the published facts, in the reader's language."""

from __future__ import annotations

from typing import Any

from portal.core import facts
from portal.core.i18n import _l, current_language

NEW_TOPICS = "FUTURE"
FULL_WIDTH = {ord(bracket): ord(bracket) + 0xFEE0 for bracket in "()"}
PURPOSES = {
    "medicine": _l("Medicine"),
    "health_care": _l("Health care"),
    "drug_discovery": _l("Drug discovery"),
}
METHODS = {"big_data": _l("Big-data analysis"), "ai": _l("Artificial intelligence")}


def _name(row: dict[str, str]) -> str:
    """As printed in the facts; brackets as Japanese writes them."""
    if current_language() == "en":
        return row["name_en"]
    return row["name_ja"].translate(FULL_WIDTH)


def areas() -> list[tuple[str, str]]:
    """The six priority areas."""
    return [
        (row["area_code"], _name(row))
        for row in facts.rows("priority_areas")
        if row["scheme"] == "priority_six"
    ]


def groups() -> list[tuple[str, str]]:
    """Working groups, and the wish for a new one; the plenary is everybody's."""
    return [
        (row["wg_code"], _name(row)) for row in facts.rows("working_groups") if row["wg_code"] != "PLENARY"
    ]


def labelled(kinds: Any) -> list[tuple[str, Any]]:
    """The members of an enum with labels, as choices."""
    return [(kind.value, kind.label) for kind in kinds]
