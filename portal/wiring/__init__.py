"""Puts the house together: settings, gateways, features, error pages. Nobody imports it but the entry points."""

from portal.wiring.application import create_app

__all__ = ["create_app"]
