-- discard: resets a session to its initial state: settings, role, temporary objects,
-- prepared statements, cursors, locks, notifications.
discard all
