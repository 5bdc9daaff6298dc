-- discard: makes a session as it was when it was opened: settings, role, temporary
-- objects, prepared statements, cursors, locks, what it listens to.
discard all
