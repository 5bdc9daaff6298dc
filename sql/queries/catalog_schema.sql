-- catalog_schema: schema of the table that records migrations.
create schema if not exists catalog
