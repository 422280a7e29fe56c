"""Lists of membership that leave the house."""

from portal.accounts.services.exports import note_export as note_export

MOST_ROWS = 10_000
