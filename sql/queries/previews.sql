-- previews: previewed imports, newest first.   $1 id of one, with its report, or 0 for the latest hundred
-- returns: id, state, layer, source, actor, mode, begun, changed, batch, failure, report, settings
select id, state, layer, source, actor, coalesce(settings ->> 'Mode', 'merge'), begun_at, changed_at, batch, coalesce(failure, ''),
    case when $1::bigint <> 0 then preview end, settings
from journal.import
where $1::bigint in (0, id)
order by id desc
limit 100
