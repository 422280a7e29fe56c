"""A stand-in for Stripe behind the real SDK: for demo and tests, never for money.

It keeps state in one SQLite file, checks each request against the SDK's own parameter types, shows a checkout page
that is plainly labelled, and signs, repeats and shuffles its webhooks on demand. What it does is our reading of the
provider; docs/payments.md says how that is compared with the provider's own test mode.
"""

from portal.gateways.stripe_standin.server import StandIn

__all__ = ["StandIn"]
