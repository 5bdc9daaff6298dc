-- layers: the catalogue as the service uses it, one row per layer, fields as JSON.
-- Layers without a table and fields without a column are omitted.
-- returns: name … style, fields (jsonb array in order of position)
select
    l.name, n.nspname::text as schema_name, c.relname::text as table_name,
    l.id_column::text, coalesce(l.key_column::text, '') as key_column, l.geom_column::text,
    l.kind, l.title_zh, l.title_en, l.description_zh, l.description_en,
    l.min_zoom, l.max_zoom, l.point_zoom, l.privacy, coalesce(l.facet::text, '') as facet,
    coalesce(l.spacing_m, 0) as spacing_m, l.position, l.style,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'name', f.name,
            'type', case t.typname
                when 'bool' then 'boolean'
                when 'int2' then 'integer' when 'int4' then 'integer' when 'int8' then 'integer'
                when 'float4' then 'number' when 'float8' then 'number' when 'numeric' then 'number'
                when 'date' then 'date'
                when 'timestamp' then 'timestamp' when 'timestamptz' then 'timestamp'
                else 'text' end,
            'title', jsonb_build_object('zh', f.title_zh, 'en', f.title_en),
            'unit', f.unit,
            'minzoom', f.min_zoom,
            'categories', f.categories,
            'aliases', f.aliases,
            'privacy', nullif(f.privacy, 'public'),
            'required', a.attnotnull and not a.atthasdef and a.attidentity = '')
            order by f.position, f.name)
        from catalog.field f
        join pg_attribute a on a.attrelid = l.relation and a.attname = f.name and not a.attisdropped
        join pg_type t on t.oid = a.atttypid
        where f.layer = l.name), '[]') as fields
from catalog.layer l
join pg_class c on c.oid = l.relation
join pg_namespace n on n.oid = c.relnamespace
order by l.position, l.name
