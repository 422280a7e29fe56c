"""Messages: what the portal tells people by mail.

A mail is rendered in the transaction that causes it and stands in the outbox until a job sends it, so nothing is told
that did not happen. A message with a key is written once, however often it is asked for. The subject says sender, matter
and due date; the first line says what to do; one button; a plain-text twin; both languages where the reader's is unknown.
"""
