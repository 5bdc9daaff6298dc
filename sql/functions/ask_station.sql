-- catalog.station_area: the ground that a station serves. 'circle' is the geodesic
-- circle; 'catchment' is the polygon drawn by hand, else the circle.
-- returns one row; raises no_data_found for an unknown station.
create or replace function catalog.station_area(
    station_code text, radius double precision, kind text,
    out station_name text, out centre public.geometry, out drawn public.geometry, out radius_m double precision
) language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
    own_radius double precision;
begin
    select s.name, s.geom, s.radius_m into station_name, centre, own_radius
    from city.station s where s.code = station_code;
    if not found then
        raise exception 'station "%" not found', left(station_code, 60) using errcode = 'no_data_found';
    end if;
    if kind not in ('circle', 'catchment') then
        raise exception 'area is "%" and must be circle or catchment', left(kind, 60) using errcode = 'invalid_parameter_value';
    end if;
    radius_m := coalesce(radius, own_radius);
    if kind = 'catchment' then
        select public.st_multi(public.st_union(c.geom)) into drawn
        from city.catchment c where c.station = station_code and c.kind = 'drawn';
    end if;
end
$$;

comment on function catalog.station_area(text, double precision, text) is '驿站服务范围 | The area that a station serves';

-- catalog.unconfirmed_place: the place of a station or of its catchment that is not
-- confirmed in its present state, as the subject of a sentence; null if all are.
create or replace function catalog.unconfirmed_place(station_code text, is_drawn boolean) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(
        (select 'the place of station ' || s.code
            from city.station s
            where s.code = station_code and not exists (select from catalog.confirmed c
                where c.layer = 'station' and c.code = s.code and c.place = catalog.place_digest(s.geom, s.radius_m))),
        (select 'the catchment ' || min(a.code) || ' of station ' || station_code
            from city.catchment a
            where is_drawn and a.station = station_code and a.kind = 'drawn' and not exists (select from catalog.confirmed c
                where c.layer = 'catchment' and c.code = a.code and c.place = catalog.place_digest(a.geom, a.radius_m))
            having count(*) > 0))
$$;

comment on function catalog.unconfirmed_place(text, boolean) is '未确认的位置 | The unconfirmed place of a station';

-- ask.station_catchment: the outline of a station's catchment.
create or replace function ask.station_catchment(station text, radius_m double precision default null)
returns table (station_code text, station_name text, area_used text, radius_used_m double precision, geom geometry)
language plpgsql stable rows 1 set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    ground record;
begin
    select * into ground from catalog.station_area(
        station_catchment.station, $2, case when $2 is null then 'catchment' else 'circle' end);
    if ground.radius_m not between 1 and 5000 then
        raise exception 'radius_m is % and must be 1 to 5000', ground.radius_m using errcode = 'invalid_parameter_value';
    end if;
    return query select station_catchment.station, ground.station_name,
        case when ground.drawn is null then 'circle' else 'drawn' end,
        case when ground.drawn is null then ground.radius_m end,
        coalesce(ground.drawn, st_buffer(ground.centre::geography, ground.radius_m, 32)::geometry);
end
$$;

comment on function ask.station_catchment(text, double precision) is
'驿站的服务范围 | The catchment of a station
station: 驿站编号，如 ST-001 | station code, for example ST-001
station_code: 驿站编号 | station code
station_name: 驿站名称 | station name
area_used: 范围种类：circle 为圆形，drawn 为划定范围 | kind of area: circle, or drawn by hand
radius_used_m: 半径（米） | radius in metres
geom: 范围 | outline
radius_m: 服务半径（米）；缺省为划定范围，无划定范围时取驿站自身半径 | radius in metres; default: the outline drawn by hand, or else the circle of the station''s own radius';
