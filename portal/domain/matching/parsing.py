"""The exchange format `renkei-matching/1` read whole, or refused whole with every fault at its path."""

from __future__ import annotations

from typing import Any

from portal.domain.exchange.faults import FaultCode, Faults, at
from portal.domain.exchange.json_reading import read_json
from portal.domain.matching.canonical import FORMAT
from portal.domain.matching.faults import MarketFault
from portal.domain.matching.market import Cap, CapKind, Company, Lottery, Market, Pair, Posting, as_tiers
from portal.domain.matching.shapes import HEX, MarketShapes

SECTIONS = ("format", "students", "postings", "companies")
OPTIONAL = ("vetoes", "fixed", *(kind.value for kind in CapKind), "lottery")


def parse_market(content: bytes) -> Market:
    """Read a file. Raises MalformedFileError with every fault."""
    faults = Faults()
    value = read_json(content, faults)
    faults.refuse()
    return read_market(value)


def read_market(value: Any) -> Market:
    """Read what a JSON reader gave, or what a feature put together in the same shape. Raises MalformedFileError."""
    reader = MarketShapes(Faults())
    root = reader.fields(value, "$", SECTIONS, OPTIONAL)
    if "format" in root and root["format"] != FORMAT:
        reader.faults.add("$.format", FaultCode.WRONG_FORMAT, FORMAT)
    market = _MarketReader(reader, root).read()
    reader.faults.refuse()
    return market


class _MarketReader:
    """Knows all ids first, so that each reference is judged where it stands."""

    def __init__(self, reader: MarketShapes, root: dict[str, Any]) -> None:
        self.reader, self.faults = reader, reader.faults
        self.root = root
        self.lists = reader.named(root.get("students", {}), "$.students")
        self.raw_postings = reader.named(root.get("postings", {}), "$.postings")
        self.raw_companies = reader.named(root.get("companies", {}), "$.companies")
        self.students = set(self.lists)

    def read(self) -> Market:
        pairs = self._pairs("fixed", may_be_new=True)
        self.students.update(student for _index, (student, _posting) in pairs)
        market = Market(
            students={each: self._list(each, wanted) for each, wanted in self.lists.items()},
            postings={each: self._posting(each, value) for each, value in self.raw_postings.items()},
            companies={each: self._company(each, value) for each, value in self.raw_companies.items()},
            vetoes=self._vetoes(),
            fixed=self._fixed(pairs),
            caps=self._caps(),
            lottery=self._lottery(),
        )
        self._check_fixed(market, pairs)
        return market

    def _list(self, student: str, value: Any) -> tuple[str, ...]:
        path = at("$.students", student)
        return self.reader.ids(value, path, self.raw_postings, MarketFault.UNKNOWN_POSTING, set())

    def _posting(self, posting: str, value: Any) -> Posting:
        path = at("$.postings", posting)
        found = self.reader.fields(value, path, ("company", "capacity"), ("minimum",))
        company = ""
        if "company" in found:
            company = self.reader.known(
                found["company"], at(path, "company"), self.raw_companies, MarketFault.UNKNOWN_COMPANY
            )
        return Posting(company, self._count(found, "capacity", path), self._count(found, "minimum", path))

    def _company(self, company: str, value: Any) -> Company:
        path = at("$.companies", company)
        found = self.reader.fields(value, path, ("capacity", "students"), ("minimum",))
        tiers = self.reader.tiers(found.get("students", []), at(path, "students"), self.students)
        return Company(
            self._count(found, "capacity", path), as_tiers(tiers), self._count(found, "minimum", path)
        )

    def _count(self, found: dict[str, Any], key: str, path: str) -> int:
        return self.reader.count(found[key], at(path, key)) if key in found else 0

    def _pairs(self, section: str, *, may_be_new: bool = False) -> list[tuple[int, Pair]]:
        students = None if may_be_new else self.students
        return self.reader.pairs(self.root.get(section, []), f"$.{section}", students, self.raw_postings)

    def _vetoes(self) -> frozenset[Pair]:
        seen: set[Pair] = set()
        for index, pair in self._pairs("vetoes"):
            if pair in seen:
                self.faults.add("$.vetoes", FaultCode.LISTED_TWICE, index=index)
            seen.add(pair)
        return frozenset(seen)

    def _fixed(self, pairs: list[tuple[int, Pair]]) -> dict[str, str]:
        fixed: dict[str, str] = {}
        for index, (student, posting) in pairs:
            if student in fixed:
                self.faults.add("$.fixed", MarketFault.FIXED_TWICE, student, index=index)
            fixed.setdefault(student, posting)
        return fixed

    def _caps(self) -> tuple[Cap, ...]:
        taken: dict[str, str] = {}
        return tuple(
            self._cap(kind, name, value, taken)
            for kind in CapKind
            for name, value in sorted(
                self.reader.named(self.root.get(kind.value, {}), f"$.{kind.value}").items()
            )
        )

    def _cap(self, kind: CapKind, name: str, value: Any, taken: dict[str, str]) -> Cap:
        path = at(f"$.{kind.value}", name)
        found = self.reader.fields(value, path, ("cap", "companies"), ())
        targets = self.reader.named(found.get("companies", {}), at(path, "companies"))
        read = {}
        for company, target in targets.items():
            here = at(at(path, "companies"), company)
            self.reader.known(company, here, self.raw_companies, MarketFault.UNKNOWN_COMPANY)
            if company in taken:
                self.faults.add(here, MarketFault.CAPPED_TWICE, taken[company])
            taken[company] = path
            read[company] = self.reader.count(target, here)
        return Cap(kind, name, self._count(found, "cap", path), read)

    def _lottery(self) -> Lottery | None:
        if "lottery" not in self.root:
            return None
        found = self.reader.fields(self.root["lottery"], "$.lottery", ("round", "secret"), ())
        if "round" in found:
            self.reader.identifier(found["round"], "$.lottery.round")
        secret = found.get("secret", "00")
        if not isinstance(secret, str) or not HEX.fullmatch(secret):
            self.faults.add("$.lottery.secret", MarketFault.BAD_SECRET)
            secret = "00"
        return Lottery(str(found.get("round", "")), secret.lower())

    def _check_fixed(self, market: Market, pairs: list[tuple[int, Pair]]) -> None:
        left = {at(at("$.postings", p), "capacity"): v.capacity for p, v in market.postings.items()}
        left |= {at(at("$.companies", c), "capacity"): v.capacity for c, v in market.companies.items()}
        left |= {at(at(f"$.{cap.kind.value}", cap.name), "cap"): cap.cap for cap in market.caps}
        cap_of = {company: cap for cap in market.caps for company in cap.targets}
        for index, (student, posting) in pairs:
            path = at("$.fixed", index)
            if (student, posting) in market.vetoes:
                self.faults.add(path, MarketFault.FIXED_VETOED)
            company = market.postings[posting].company
            places = [
                at(at("$.postings", posting), "capacity"),
                at(at("$.companies", company), "capacity"),
            ]
            if company in cap_of:
                places.append(at(at(f"$.{cap_of[company].kind.value}", cap_of[company].name), "cap"))
            for place in places:
                if place in left:
                    left[place] -= 1
                    if left[place] < 0:
                        self.faults.add(path, MarketFault.FIXED_OVER_CAPACITY, place)
