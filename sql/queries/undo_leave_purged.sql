-- undo_leave_purged: leaves out rows whose former row was purged whole.
delete from yizhan_undo u using journal.before b
where u.existed and b.entry = u.entry and b.id = u.id and b.purged is not null and b.image = '{}'
