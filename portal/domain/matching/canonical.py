"""A market and any value as bytes, always the same ones."""

from __future__ import annotations

from typing import Any

from portal.domain.exchange.canonical import to_bytes
from portal.domain.matching.market import CapKind, Company, Market, Posting

FORMAT = "renkei-matching/1"


def format_market(market: Market) -> bytes:
    """The canonical file of a market: keys and lists without an order of their own are in order of ids."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "students": {each: list(market.students[each]) for each in sorted(market.students)},
        "postings": {each: _posting(market.postings[each]) for each in sorted(market.postings)},
        "companies": {each: _company(market.companies[each]) for each in sorted(market.companies)},
    }
    if market.vetoes:
        value["vetoes"] = sorted(market.vetoes)
    if market.fixed:
        value["fixed"] = sorted(market.fixed.items())
    for kind in CapKind:
        of_kind = sorted((cap for cap in market.caps if cap.kind is kind), key=lambda cap: cap.name)
        if of_kind:
            value[kind.value] = {
                cap.name: {"cap": cap.cap, "companies": dict(sorted(cap.targets.items()))} for cap in of_kind
            }
    if market.lottery:
        value["lottery"] = {"round": market.lottery.round, "secret": market.lottery.secret}
    return to_bytes(value)


def _posting(posting: Posting) -> dict[str, Any]:
    return {"company": posting.company, "capacity": posting.capacity} | _minimum(posting.minimum)


def _company(company: Company) -> dict[str, Any]:
    tiers = [tier[0] if len(tier) == 1 else list(tier) for tier in company.tiers]
    return {"capacity": company.capacity, "students": tiers} | _minimum(company.minimum)


def _minimum(minimum: int) -> dict[str, int]:
    return {"minimum": minimum} if minimum else {}
