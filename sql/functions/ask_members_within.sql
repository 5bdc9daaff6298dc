-- ask.members_within: the number of front-line Party members near a station, by trade.
-- Runs as its owner, because nobody else may read schema personal, and returns bands of
-- five only: zero looks like four, and the total is the sum of the ends of its rows, so
-- that differences between nested areas or days reveal no count. Only for registered
-- stations, three radii and the catchment drawn by hand, and only if somebody other than
-- who placed it has confirmed the place. Distance is geodesic on WGS 84 and inclusive.
-- Every name is qualified, so that the asker's search_path has no effect.
do $$
begin -- drops the function of an earlier release, whose columns differ
    if pg_get_function_result(to_regprocedure('ask.members_within(text, double precision, text)')) not like '%at_most%' then
        drop function ask.members_within(text, double precision, text);
    end if;
end
$$;

create or replace function ask.members_within(
    station text, radius_m double precision default 1000, area text default 'circle')
returns table (
    station_code text, station_name text, area_used text, radius_used_m double precision,
    trade text, trade_zh text, trade_en text, members bigint, shown text, suppressed boolean,
    at_least bigint, at_most bigint, as_of_date date)
language plpgsql stable security definer rows 6 set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    band constant bigint := 5;
    today constant date := catalog.today();
    ground record;
    unconfirmed text;
begin
    if $2 is null or $2 not in (500, 1000, 1500) then
        raise exception 'radius_m is % and must be 500, 1000 or 1500', $2 using errcode = 'invalid_parameter_value';
    end if;
    select * into ground from catalog.station_area(members_within.station, case when $3 = 'circle' then $2 end, $3);
    unconfirmed := catalog.unconfirmed_place($1, ground.drawn is not null);
    if unconfirmed is not null then
        raise exception '% is not confirmed: members are counted after somebody other than who placed it has confirmed it',
            unconfirmed using errcode = 'object_not_in_prerequisite_state', hint = 'yizhan station confirm ' || $1;
    end if;
    perform catalog.note_person_question('members_within',
        pg_catalog.jsonb_build_array($1, case when ground.drawn is null then ground.radius_m end));

    return query
    with near as materialized (
        select m.trade from personal.member m
        where coalesce(m.joined_on <= today, true) and coalesce(m.left_on > today, true) and coalesce(m.expires_at > today, true)
            and case when ground.drawn is null
                then public.st_dwithin(m.geom::public.geography, ground.centre::public.geography, ground.radius_m)
                else public.st_intersects(m.geom, ground.drawn) end
    ), counted as (
        select t.ordinality as place, t.item ->> 'value' as trade, t.item ->> 'zh' as zh, t.item ->> 'en' as en,
            (select pg_catalog.count(*) from near n where n.trade = t.item ->> 'value') / band * band as least
        from catalog.field f, pg_catalog.jsonb_array_elements(f.categories) with ordinality as t(item, ordinality)
        where f.layer = 'member' and f.name = 'trade'
    ), answer as (
        select c.place, c.trade, c.zh, c.en, c.least, c.least + band - 1 as most,
            case when c.least = 0 then '<' || band else c.least || '–' || c.least + band - 1 end as shown, c.least = 0 as small
        from counted c
        union all
        select 1000, 'total', '合计', 'Total', pg_catalog.sum(c.least)::bigint, pg_catalog.sum(c.least + band - 1)::bigint,
            pg_catalog.sum(c.least) || '–' || pg_catalog.sum(c.least + band - 1), pg_catalog.bool_and(c.least = 0)
        from counted c
    )
    select members_within.station, ground.station_name,
        case when ground.drawn is null then 'circle' else 'drawn' end,
        case when ground.drawn is null then ground.radius_m end,
        a.trade, a.zh, a.en, null::bigint, a.shown, a.small, a.least, a.most, today
    from answer a order by a.place;
end
$$;

revoke execute on function ask.members_within(text, double precision, text) from public;
comment on function ask.members_within(text, double precision, text) is
'驿站周边的一线党员（分行业、分档） | Front-line Party members near a station, by trade and in bands
station: 驿站编号，如 ST-001 | station code, for example ST-001
radius_m: 半径：500、1000 或 1500 米 | radius: 500, 1000 or 1500 metres
area: circle 为圆形范围；catchment 为划定范围，无划定范围时取驿站自身服务半径 | circle, or catchment: the outline drawn by hand, or else the circle of the station''s own radius
station_code: 驿站编号 | station code
station_name: 驿站名称 | station name
area_used: 统计范围：circle 为圆形，drawn 为划定范围 | area counted: circle, or drawn by hand
radius_used_m: 半径（米） | radius in metres
trade: 行业代码，total 为合计 | trade, or total
trade_zh: 行业 | trade in Chinese
trade_en: 行业（英文） | trade in English
members: 始终为空：人数只分档公布 | always empty: numbers are published in bands only
shown: 人数档，“<5”表示不足 5 人 | band, “<5” for fewer than five
suppressed: 是否不足 5 人 | whether fewer than five
at_least: 该档下限 | lower end of the band
at_most: 该档上限 | upper end of the band
as_of_date: 截至日期 | date of the figures';
