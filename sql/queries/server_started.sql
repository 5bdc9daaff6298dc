-- server_started: start time of the server, which identifies it. A server that crashed
-- or was replaced by its standby may have lost commits and may reuse their transaction
-- numbers, so that older snapshots are void.
select pg_postmaster_start_time()::text
