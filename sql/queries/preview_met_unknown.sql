-- preview_met_unknown: a row of which the journal does not have what the preview
-- saw stands in the way.
insert into yizhan_met (id)
select changed.id
from yizhan_changed as changed
join journal.entry as e on e.seq = changed.first
where e.op <> 'insert' and not exists (select from journal.before as b where b.entry = changed.first and b.id = changed.id)
