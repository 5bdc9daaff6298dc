-- import_truncatable: whether to empty an empty table once more makes loading it
-- cheaper (it then needs no write-ahead log), and disturbs nobody.
-- $1 relation (text)
select current_setting('wal_level') = 'minimal'
    and not exists (select from pg_constraint where confrelid = $1::regclass)
    and not exists (select from pg_trigger
        where tgrelid = $1::regclass and tgtype & 32 <> 0 and not tgisinternal and tgname <> 'yizhan_truncate')
