-- catalog_schema: where the migration table lives.
create schema if not exists catalog
