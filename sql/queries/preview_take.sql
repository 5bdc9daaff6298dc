-- preview_take: a preview that is about to be applied or discarded.   $1 id
-- returns: state, layer, source, actor, report, settings, snapshot
select state, layer, source, actor, preview, settings, coalesce(seen::text, '') from journal.import where id = $1 for update
