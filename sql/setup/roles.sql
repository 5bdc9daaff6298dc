-- roles: the logins of the ledger. {owner} owns it and runs migrations, imports and undo.
-- {reader} serves the map and answers questions; it owns nothing and has the rights of
-- yizhan_public, which reads public data only. Logins of analysts are members of
-- yizhan_public. Run as a superuser; it may be run again.
do $$ begin create role {owner} login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role {reader} login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role yizhan_public nologin; exception when duplicate_object or unique_violation then null; end $$;
alter role {reader} login inherit nosuperuser nocreaterole nocreatedb noreplication nobypassrls;
alter role {reader} set default_transaction_read_only = on;
alter role {reader} set statement_timeout = '5s';
alter role {reader} set idle_in_transaction_session_timeout = '10s';
alter role {reader} set temp_file_limit = '1GB';
grant yizhan_public to {reader};
