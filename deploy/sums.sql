-- What a backup and its restored copy must agree on, and what must be 0 in both. Runs on SQLite and PostgreSQL.
SELECT '1 people' AS item, count(*) AS value FROM people
UNION ALL SELECT '1 organisations', count(*) FROM organisations
UNION ALL SELECT '1 affiliations', count(*) FROM affiliations
UNION ALL SELECT '1 applications', count(*) FROM applications
UNION ALL SELECT '1 contract terms', count(*) FROM contract_terms
UNION ALL SELECT '1 stored files', count(*) FROM stored_files
UNION ALL SELECT '1 bytes of stored files', coalesce(sum(size), 0) FROM stored_files
UNION ALL SELECT '1 audit entries', count(*) FROM audit_entries
UNION ALL SELECT '1 webhook events', count(*) FROM webhook_events
UNION ALL SELECT '2 invoices', count(*) FROM invoices
UNION ALL SELECT '2 invoiced yen', coalesce(sum(total_yen), 0) FROM invoices
UNION ALL SELECT '2 payments', count(*) FROM payments
UNION ALL SELECT '2 paid yen', coalesce(sum(amount_yen), 0) FROM payments
UNION ALL SELECT '2 outstanding yen', coalesce(sum(outstanding_yen), 0) FROM receivables
UNION ALL SELECT '2 receipts', count(*) FROM receipts
UNION ALL SELECT '2 yen moved in the ledger', coalesce(sum(amount_yen), 0) FROM ledger_transfers
UNION ALL SELECT '3 must be 0: entries without a transfer', count(*) FROM journal_entries e
  WHERE NOT EXISTS (SELECT 1 FROM ledger_transfers t WHERE t.entry_id = e.id)
UNION ALL SELECT '3 must be 0: gaps in invoice numbers', coalesce(sum(year.highest - year.issued), 0)
  FROM (SELECT max(series_sequence) AS highest, count(*) AS issued FROM invoices GROUP BY series_year) year
UNION ALL SELECT '3 must be 0: invoices without a receivable', count(*) FROM invoices i
  WHERE NOT EXISTS (SELECT 1 FROM receivables r WHERE r.invoice_id = i.id)
UNION ALL SELECT '3 must be 0: trails whose head is not their last entry', count(*) FROM audit_heads h
  WHERE NOT EXISTS (
    SELECT 1 FROM audit_entries a WHERE a.stream = h.stream AND a.sequence = h.sequence AND a.hash = h.hash)
ORDER BY item;
