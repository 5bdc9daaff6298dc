-- catalog.place_digest: digest of what is confirmed: the geometry of a feature, and its
-- radius, if it has one.
create or replace function catalog.place_digest(shape public.geometry, radius double precision default null) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select md5(public.st_asewkb(shape) || convert_to(coalesce(' ' || radius::text, ''), 'UTF8'))
$$;

comment on function catalog.place_digest(public.geometry, double precision) is '位置摘要 | Digest of a place';

-- catalog.places: the features of a layer whose places must be confirmed: code, digest of
-- the place, who placed it, and who has confirmed its present place, if anybody. The
-- actor of the last statement that moved it is who placed it.
create or replace function catalog.places(layer_name text)
returns table (code text, digest text, placed_by text, confirmed_by text)
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    l record;
    radius text;
begin
    select relation, id_column, key_column, geom_column into l
    from catalog.layer where name = layer_name and vouched and key_column is not null;
    if not found then
        raise exception 'places of layer "%" need no confirmation', left(layer_name, 60) using errcode = 'no_data_found';
    end if;
    select format('t.%I', attname) into radius
    from pg_attribute where attrelid = l.relation and attname = 'radius_m' and not attisdropped;
    return query execute format(
        'with touched as (
            select u.id, e.seq, e.actor from journal.entry e, unnest(e.ids) as u(id) where e.layer = $1
        ), placed as (
            select distinct on (t.%1$I) t.%1$I as id, e.actor
            from %4$s t join touched e on e.id = t.%1$I left join journal.before b on b.entry = e.seq and b.id = e.id
            where b.image is null or b.image ->> %5$L is distinct from t.%3$I::text
                or b.image ->> ''radius_m'' is distinct from %6$s::text
            order by t.%1$I, e.seq desc
        )
        select t.%2$I::text, d.digest, p.actor, c.confirmed_by
        from %4$s t
        cross join lateral (select catalog.place_digest(t.%3$I, %6$s)) as d(digest)
        left join placed p on p.id = t.%1$I
        left join catalog.confirmed c on c.layer = $1 and c.code = t.%2$I::text and c.place = d.digest
        order by 1', l.id_column, l.key_column, l.geom_column, l.relation, l.geom_column, coalesce(radius, 'null'))
    using layer_name;
end
$$;

comment on function catalog.places(text) is '待确认的位置 | Places of a layer and who has confirmed them';

-- catalog.confirm: confirms the places of these features. Whoever placed a feature cannot
-- confirm it.   returns: each code with confirmed, known (confirmed before), own or unknown
create or replace function catalog.confirm(layer_name text, codes text[], confirmer text)
returns table (code text, outcome text)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if coalesce(confirmer, '') = '' then
        raise exception 'the name of the confirmer is missing' using errcode = 'invalid_parameter_value';
    end if;
    return query
    with judged as (
        select a.code, p.digest,
            case when p.code is null then 'unknown' when p.confirmed_by is not null then 'known'
                when p.placed_by = confirmer then 'own' else 'confirmed' end as outcome
        from (select distinct unnest(codes)) as a(code) left join catalog.places(layer_name) p on p.code = a.code
    ), written as (
        insert into catalog.confirmed as c (layer, code, place, confirmed_by)
        select layer_name, j.code, j.digest, confirmer from judged j where j.outcome = 'confirmed'
        on conflict on constraint confirmed_pkey do update
            set place = excluded.place, confirmed_by = excluded.confirmed_by, confirmed_at = clock_timestamp()
    )
    select j.code, j.outcome from judged j order by j.code;
end
$$;

comment on function catalog.confirm(text, text[], text) is '确认位置 | Confirms places';

-- catalog.confirm_all: confirms every place of a layer, whoever placed it.
-- returns: the number of confirmed places
create or replace function catalog.confirm_all(layer_name text, confirmer text) returns bigint
language sql set search_path = pg_catalog, public, pg_temp as $$
    with written as (
        insert into catalog.confirmed as c (layer, code, place, confirmed_by)
        select layer_name, p.code, p.digest, confirmer from catalog.places(layer_name) p where p.confirmed_by is null
        on conflict on constraint confirmed_pkey do update
            set place = excluded.place, confirmed_by = excluded.confirmed_by, confirmed_at = clock_timestamp()
        returning 1
    )
    select count(*) from written
$$;

comment on function catalog.confirm_all(text, text) is '确认全部位置 | Confirms every place of a layer';

-- catalog.confirm_first: confirms the places of the first batch of a layer, when the owner
-- of the ledger loads it.   returns: the number of confirmed places
create or replace function catalog.confirm_first(batch_id bigint, confirmer text) returns bigint
language sql set search_path = pg_catalog, public, pg_temp as $$
    select coalesce((
        select catalog.confirm_all(l.name, confirmer)
        from catalog.layer l
        where l.vouched and exists (select from journal.entry e where e.layer = l.name and e.batch = batch_id)
            and not exists (select from journal.entry e where e.layer = l.name and e.batch is distinct from batch_id)), 0)
$$;

comment on function catalog.confirm_first(bigint, text) is '确认首批位置 | Confirms the first load of a layer';
