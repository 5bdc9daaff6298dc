-- import_trusted: what would run with the ledger's rights when a table is written and
-- belongs to somebody else.   $1 relation (text)   returns: what it is, what to do about it
select what, remedy from catalog.untrusted($1::text::regclass)
