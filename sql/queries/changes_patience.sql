-- changes_patience: time limit for updating an export, longer than that of clients.
set local statement_timeout = '2min'
