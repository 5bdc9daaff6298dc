-- import_holder: who holds import_lock.
-- $1 layer   returns: application name and start of the transaction
select a.application_name, to_char(a.xact_start, 'HH24:MI:SS')
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted
    and l.classid = ('x' || lpad(to_hex(hashtext('yizhan import')), 8, '0'))::bit(32)::int8::oid
    and l.objid = ('x' || lpad(to_hex(hashtext($1)), 8, '0'))::bit(32)::int8::oid
    and l.database = (select oid from pg_database where datname = current_database())
limit 1
