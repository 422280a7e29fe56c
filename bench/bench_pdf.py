"""How long a warm one-page invoice takes, beside an empty Typst page in the same run.

    python -m bench.bench_pdf [repetitions]

Prints medians in milliseconds and their ratio; exits 1 when the invoice needs more than its budget.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median, quantiles

import typst

from portal.core.pdf import render_pdf
from tests.golden import papers

BUDGET_MS = 60.0
STAMP = datetime(2026, 4, 10, tzinfo=UTC)


def measure(action: Callable[[int], object], repetitions: int) -> list[float]:
    """Milliseconds of each call, after three that are not counted."""
    for number in range(-3, 0):
        action(number)
    taken = []
    for number in range(repetitions):
        begun = time.perf_counter()
        action(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def print_invoice(number: int) -> bytes:
    """Another number and buyer each time, so that nothing is answered from a cache of layouts."""
    document = papers.invoice()
    buyer = replace(document.buyer, name=f"架空製薬{number}株式会社")
    document = replace(document, number=f"INV-2026-{number + 10:06d}", buyer=buyer)
    return render_pdf("billing/invoice.typ", document.as_data(), timestamp=STAMP)


def main(repetitions: int = 60) -> int:
    empty = typst.Compiler()

    def print_nothing(number: int) -> object:
        return empty.compile(f"#page[]\n#metadata({number})".encode(), format="pdf")

    invoice = measure(print_invoice, repetitions)
    baseline = measure(print_nothing, repetitions)
    middle, floor = median(invoice), median(baseline)
    print(
        f"invoice, warm: median {middle:.1f} ms, p95 {quantiles(invoice, n=20)[-1]:.1f} ms (budget {BUDGET_MS:.0f} ms)"
    )
    print(f"empty Typst page: median {floor:.2f} ms; ratio {middle / floor:.0f}")
    return 0 if middle <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
