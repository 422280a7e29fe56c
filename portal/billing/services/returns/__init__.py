"""Money that goes back through the payment provider: refunds, contested payments, what payers have there."""
