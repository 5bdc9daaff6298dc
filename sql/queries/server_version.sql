-- server_version: PostgreSQL's version number, and the default version of PostGIS if its files are installed.
select current_setting('server_version_num')::int,
    coalesce((select default_version from pg_available_extensions where name = 'postgis'), '')
