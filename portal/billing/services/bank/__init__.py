"""Files of the bank, the deposits in them, and which invoices they pay."""
