"""The demo consortium: published institutions and hubs, and companies and people that are invented and plainly so.

Everything is done by the features' own services with the clock set back, so that timelines, numbers, books and mails are
what they would be had people done it on those days.
"""

from portal.cli.demo.loading import load
from portal.cli.demo.visitors import sign_ins

__all__ = ["load", "sign_ins"]
