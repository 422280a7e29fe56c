"""Members by tier and year as a table that is drawn as a chart, with the finding in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.formats import fiscal_year
from portal.core.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class MemberTable:
    """Rows are fiscal years, columns tiers."""

    tiers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[int, ...]], ...]

    def total(self, year: int) -> int:
        """All members of a year."""
        return sum(next((counts for y, counts in self.rows if y == year), ()))

    @property
    def is_empty(self) -> bool:
        return not any(sum(counts) for _, counts in self.rows)


def member_table(counts: Sequence[tuple[int, str, int]], *, last: int, years: int = 5) -> MemberTable:
    """Every year from the first that has members (at most `years`) to `last`; noughts where nobody was."""
    tiers = tuple(sorted({tier for _, tier, _ in counts}))
    first = min((year for year, _, _ in counts), default=last)
    known = {(year, tier): count for year, tier, count in counts}
    span = range(max(first, last - years + 1), last + 1)
    return MemberTable(tiers, tuple((y, tuple(known.get((y, tier), 0) for tier in tiers)) for y in span))


def finding(table: MemberTable, year: int) -> str:
    """What the chart says, as its title."""
    now, before = table.total(year), table.total(year - 1)
    said: str = ngettext(
        "%(year)s has %(num)d member", "%(year)s has %(num)d members", now, year=fiscal_year(year)
    )
    if len(table.rows) < 2:
        return said
    if now == before:
        return str(_("%(said)s, as many as the year before", said=said))
    more = _("%(count)d more than the year before", count=now - before)
    fewer = _("%(count)d fewer than the year before", count=before - now)
    return str(_("%(said)s, %(compared)s", said=said, compared=more if now > before else fewer))
