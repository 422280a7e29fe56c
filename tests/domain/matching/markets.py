"""Markets for tests: by a seed, and by Hypothesis; in the shape of the exchange format, so that each is parsed."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from portal.domain.matching import Market, read_market

FORMAT = "renkei-matching/1"


def random_value(
    seed: int, *, students: int = 5, has_caps: bool = False, has_fixed: bool = True
) -> dict[str, Any]:
    """A small market with ties, vetoes, companies of several postings, zero capacities; caps when asked for."""
    chance = random.Random(seed)
    if chance.random() < 0.2:
        value = crossed_value(chance, students)
        if has_caps:
            add_caps(chance, value)
        return value
    names = [f"s{n}" for n in range(1, chance.randint(1, students) + 1)]
    companies = [f"c{n}" for n in range(1, chance.randint(1, 3) + 1)]
    postings = {
        f"p{n}": {"company": chance.choice(companies), "capacity": chance.choice((0, 1, 1, 1, 2, 2))}
        for n in range(1, chance.randint(1, 4) + 1)
    }
    value: dict[str, Any] = {
        "format": FORMAT,
        "students": {
            each: chance.sample(sorted(postings), chance.randint(0, len(postings))) for each in names
        },
        "postings": postings,
        "companies": {
            each: {"capacity": chance.choice((0, 1, 2, 2, 3, 3)), "students": some_tiers(chance, names)}
            for each in companies
        },
        "vetoes": [[s, p] for s in names for p in postings if chance.random() < 0.08],
        "lottery": {"round": "test", "secret": f"{seed % 2**32:08x}"},
    }
    if has_caps:
        add_caps(chance, value)
    if has_fixed and chance.random() < 0.3:
        add_fixed(chance, value)
    return value


def crossed_value(chance: random.Random, students: int) -> dict[str, Any]:
    """Complete lists and as many seats as students: the kind of market that has several stable matchings."""
    names = [f"s{n}" for n in range(1, min(4, students) + 1)]
    postings = {
        f"p{n}": {"company": f"c{chance.randint(1, 4)}", "capacity": 1} for n in range(1, len(names) + 1)
    }
    companies = {each["company"] for each in postings.values()}
    return {
        "format": FORMAT,
        "students": {each: chance.sample(sorted(postings), len(postings)) for each in names},
        "postings": postings,
        "companies": {
            each: {"capacity": chance.choice((1, 2, 4)), "students": chance.sample(names, len(names))}
            for each in sorted(companies)
        },
    }


def some_tiers(chance: random.Random, names: list[str]) -> list[Any]:
    """Most of the students in a random order, cut into tiers."""
    order = [each for each in chance.sample(names, len(names)) if chance.random() < 0.85]
    tiers: list[Any] = []
    while order:
        size = chance.choice((1, 1, 1, 2, 3))
        tier, order = order[:size], order[size:]
        tiers.append(tier[0] if len(tier) == 1 else tier)
    return tiers


def add_caps(chance: random.Random, value: dict[str, Any]) -> None:
    """One or two caps over some of the companies."""
    kinds = {company: chance.choice(("r1", "r1", "r2", "")) for company in value["companies"]}
    for name, section in (("r1", "regions"), ("r2", "hubs")):
        members = {c: chance.randint(0, 2) for c, at in kinds.items() if at == name}
        if members:
            value[section] = {name: {"cap": chance.randint(0, 3), "companies": members}}


def add_fixed(chance: random.Random, value: dict[str, Any]) -> None:
    """A pair arranged before, where everything has room for it."""
    room = {
        c: cap["cap"]
        for s in ("regions", "hubs")
        for cap in value.get(s, {}).values()
        for c in cap["companies"]
    }
    for posting, found in value["postings"].items():
        company = value["companies"][found["company"]]
        if found["capacity"] and company["capacity"] and room.get(found["company"], 1):
            student = chance.choice([*value["students"], "s9"])
            value["fixed"] = [[student, posting]]
            value["vetoes"] = [pair for pair in value["vetoes"] if pair != [student, posting]]
            return


def random_market(seed: int, **options: Any) -> Market:
    return read_market(random_value(seed, **options))


def market_values(
    *, students: int = 6, has_caps: bool | None = None, has_fixed: bool = True
) -> st.SearchStrategy[dict[str, Any]]:
    """Values as Hypothesis finds them: by seed, so that one number says how to make it again."""
    caps = st.booleans() if has_caps is None else st.just(has_caps)
    return st.builds(
        lambda seed, capped: random_value(seed, students=students, has_caps=capped, has_fixed=has_fixed),
        st.integers(0, 2**32 - 1),
        caps,
    )
