-- changes_patience: an export that is brought up to date waits for what a client may not.
set local statement_timeout = '2min'
