-- preview_fields: in how many rows each field would change.
select field, count(*) from yizhan_changes, unnest(fields) as field group by field order by field
