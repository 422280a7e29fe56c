"""The draw as whoever took part in it can check it: their own id, the name of the draw, and the number that came out."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.matching import Lottery
from portal.domain.matching.lottery import numbers
from portal.internships.models import InternshipRound


@dataclass(frozen=True, slots=True)
class Drawn:
    """`number`: HMAC-SHA256 in hexadecimal (`domain.matching.lottery`). `secret` in hexadecimal."""

    round: str
    own: str
    number: str
    secret: str

    @property
    def commands(self) -> str:
        """The same as two lines of a shell: the fingerprint of the secret, and the number."""
        return (
            f"printf {self.secret} | xxd -r -p | openssl dgst -sha256\n"
            f"printf {self.round}{self.own} | openssl dgst -sha256 -mac HMAC -macopt hexkey:{self.secret}"
        )


def lottery_of(season: InternshipRound) -> Lottery:
    """The round's own draw, by the name under which its market knows it."""
    return Lottery(f"round-{season.id}", season.secret)


def drawn_of(season: InternshipRound, own: str) -> Drawn:
    """What was drawn for `own`, such as `s27` or `c4`; only once the results are out."""
    lottery = lottery_of(season)
    return Drawn(lottery.round, own, numbers(lottery, [own])[own].hex(), season.secret)
