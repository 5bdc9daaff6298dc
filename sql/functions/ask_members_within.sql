-- ask.members_within: how many front-line Party members work near a station, by trade.
-- Runs as its owner, because nobody else may read schema personal, and gives counts
-- only (DOMAIN §4): P4 counts under 5 are hidden, a second trade is hidden where one
-- alone could be worked out, and the total is then rounded to tens; P5 only registered
-- stations and three radii. Distance is geodesic on WGS 84 and inclusive.
create or replace function ask.members_within(
    station text, radius_m double precision default 1000, area text default 'circle')
returns table (
    station_code text, station_name text, area_used text, radius_used_m double precision,
    trade text, trade_zh text, trade_en text, members bigint, shown text, suppressed boolean)
language plpgsql stable security definer rows 6 set search_path from current as $$
#variable_conflict use_column
declare
    smallest constant bigint := 5;
    ground record;
begin
    if $2 is null or $2 not in (500, 1000, 1500) then
        raise exception 'radius_m is % and must be 500, 1000 or 1500', $2 using errcode = 'invalid_parameter_value';
    end if;
    select * into ground from catalog.station_area(members_within.station, $2, $3);

    return query
    with near as (
        select m.trade from personal.member m
        where coalesce(m.left_on > current_date, true)
            and case when ground.drawn is null
                then st_dwithin(m.geom::geography, ground.centre::geography, ground.radius_m)
                else st_intersects(m.geom, ground.drawn) end
    ), counted as (
        select t.ordinality as place, t.item ->> 'value' as trade, t.item ->> 'zh' as zh, t.item ->> 'en' as en,
            (select count(*) from near n where n.trade = t.item ->> 'value') as n
        from catalog.field f, jsonb_array_elements(f.categories) with ordinality as t(item, ordinality)
        where f.layer = 'member' and f.name = 'trade'
    ), ranked as (
        select c.*, c.n < smallest as small, count(*) filter (where c.n < smallest) over () as small_ones,
            row_number() over (partition by c.n < smallest order by c.n, c.place) as rank
        from counted c
    ), hidden as (
        select r.place, r.trade, r.zh, r.en, r.n,
            r.small or (r.small_ones = 1 and r.rank = 1) as hide,
            r.small
        from ranked r
    ), answer as (
        select h.place, h.trade, h.zh, h.en,
            case when not h.hide then h.n end as n,
            case when h.small then '<' || smallest when h.hide then '≥' || smallest else h.n::text end as shown,
            h.hide
        from hidden h
        union all
        select 1000, 'total', '合计', 'Total',
            case when not bool_or(h.hide) then sum(h.n)::bigint end,
            case when sum(h.n) < smallest then '<' || smallest
                when bool_or(h.hide) then '≈' || round(sum(h.n), -1)
                else sum(h.n)::text end,
            bool_or(h.hide)
        from hidden h
    )
    select members_within.station, ground.station_name,
        case when ground.drawn is null then 'circle' else 'drawn' end,
        case when ground.drawn is null then ground.radius_m end,
        a.trade, a.zh, a.en, a.n, a.shown, a.hide
    from answer a order by a.place;
end
$$;

comment on function ask.members_within(text, double precision, text) is
'驿站周边的一线党员（按行业计数） | Front-line Party members near a station, counted by trade
station: 驿站编号，如 ST-001 | station code, for example ST-001
radius_m: 半径：500、1000 或 1500 米 | radius: 500, 1000 or 1500 metres
area: circle 为圆形范围；catchment 为手绘范围（有则用） | circle, or catchment for the polygon drawn by hand where there is one';
