-- undo_purged: how many of the rows that a batch touched have no former row any more,
-- and how many lack a column of it, because it was purged; and who did so last, when.
select count(*) filter (where b.image = '{}'), count(*) filter (where b.image <> '{}'),
    coalesce((array_agg(p.actor order by p.id desc))[1], ''), coalesce(to_char(max(p.at), 'YYYY-MM-DD HH24:MI'), '')
from yizhan_undo u
join journal.before b on b.entry = u.entry and b.id = u.id and u.existed
join journal.purged p on p.id = b.purged
