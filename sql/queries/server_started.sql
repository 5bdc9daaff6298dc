-- server_started: when the server at the other end started, by which it is known.
-- A server that crashed or was replaced by its standby may have lost commits and
-- give their transaction numbers anew; snapshots from before say nothing then.
select pg_postmaster_start_time()::text
