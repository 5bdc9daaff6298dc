-- server_version: PostgreSQL's version number, and PostGIS's default version where its files are installed.
select current_setting('server_version_num')::int,
    coalesce((select default_version from pg_available_extensions where name = 'postgis'), '')
