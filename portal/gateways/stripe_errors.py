"""The SDK's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from portal.gateways.payment_values import ProviderRefused, ProviderUnavailable


@contextmanager
def translated() -> Iterator[None]:
    """What may be tried again, and what was refused."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderUnavailable(str(error)) from error
    except (
        stripe.CardError,
        stripe.InvalidRequestError,
        stripe.IdempotencyError,
        stripe.AuthenticationError,
        stripe.PermissionError,
    ) as error:
        code = error.code or ("idempotency_error" if isinstance(error, stripe.IdempotencyError) else None)
        raise ProviderRefused(
            error.user_message or str(error), code=code, param=getattr(error, "param", None)
        ) from error
    except stripe.StripeError as error:
        raise ProviderUnavailable(str(error)) from error
