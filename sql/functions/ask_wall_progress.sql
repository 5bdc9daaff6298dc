-- ask.wall_progress: progress of wall removal as of a day: the whole city first, then each
-- division that is central or has sites, also those without progress.
-- A site counts as accepted from accepted_on; a site whose status was recorded after the
-- day counts as unknown.
create or replace function ask.wall_progress(as_of date default catalog.today(), batch integer default 1)
returns table (
    area_code text, area_name text, target double precision, total bigint, accepted bigint, demolished bigint,
    in_work bigint, not_started bigint, set_aside bigint, unknown bigint, overdue bigint,
    length_m double precision, pct double precision, as_of_date date)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    with site as (
        select s.adcode, s.due, s.length_m,
            case
                when s.status in ('accepted', 'handed_over') and coalesce(s.accepted_on, s.status_since) <= $1 then 'accepted'
                when s.status in ('accepted', 'handed_over') or s.status_since > $1 then 'unknown'
                when s.status in ('demolished', 'greening') then 'demolished'
                when s.status = 'demolishing' then 'in_work'
                when s.status in ('surveyed', 'planned') then 'not_started'
                else 'set_aside'
            end as state
        from city.wall_site s where s.batch = $2
    ), area as (
        select 'all' as code, '全市 | Whole city' as name, 0 as place
        union all
        select a.code, a.name, 1 from city.admin_area a
        where a.is_central or exists (select from site where site.adcode = a.code)
    )
    select area.code, area.name,
        (select t.value from city.target t
            where t.programme = 'wall_removal' and t.metric = 'sites accepted' and t.batch = $2
                and t.adcode = case when area.code = 'all' then '' else area.code end),
        count(site.state),
        count(*) filter (where site.state = 'accepted'), count(*) filter (where site.state = 'demolished'),
        count(*) filter (where site.state = 'in_work'), count(*) filter (where site.state = 'not_started'),
        count(*) filter (where site.state = 'set_aside'), count(*) filter (where site.state = 'unknown'),
        count(*) filter (where site.state not in ('accepted', 'set_aside') and site.due < $1),
        round(coalesce(sum(site.length_m), 0)::numeric, 1)::double precision,
        round(100.0 * count(*) filter (where site.state = 'accepted') / nullif(count(site.state), 0), 1)::double precision,
        $1
    from area left join site on area.code = 'all' or site.adcode = area.code
    group by area.code, area.name, area.place
    order by area.place, area.code
$$;

comment on function ask.wall_progress(date, integer) is
'拆墙透绿进度 | Progress of wall removal
as_of: 截至日期 | date of the figures
batch: 治理批次 | phase
area_code: 区划代码，all 为全市 | division code, all for the whole city
area_name: 区划名称 | division
target: 目标（处） | target, sites
total: 总数（处） | total
accepted: 已验收 | accepted
demolished: 已拆未验收 | down, not yet accepted
in_work: 拆除中 | being demolished
not_started: 未开工 | not started
set_aside: 暂缓、不宜拆除或已取消 | postponed, unsuitable or cancelled
unknown: 不明 | unknown
overdue: 其中逾期 | overdue, also counted in the other stages
length_m: 长度（米） | length in metres
pct: 已验收占比（%） | share accepted in per cent
as_of_date: 截至日期 | date of the figures';
