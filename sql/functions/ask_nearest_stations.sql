-- ask.nearest_stations: the stations nearest to a point, nearest first; metres are geodesic.
create or replace function ask.nearest_stations(lon double precision, lat double precision, count integer default 3)
returns table (
    code text, name text, status text, open_hours text, functions text,
    distance_m double precision, geom geometry)
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    place geography;
begin
    if not (lon between -180 and 180 and lat between -90 and 90) then
        raise exception 'lon is % and lat is %: they must be a longitude and a latitude in degrees', lon, lat using errcode = 'invalid_parameter_value';
    end if;
    if $3 is null or $3 not between 1 and 20 then
        raise exception 'count is % and must be 1 to 20', $3 using errcode = 'invalid_parameter_value';
    end if;
    place := st_setsrid(st_makepoint(lon, lat), 4326)::geography;
    return query
    select s.code, s.name, s.status, s.open_hours, s.functions,
        round(st_distance(s.geom::geography, place)::numeric, 1)::double precision as metres, s.geom
    from city.station s
    order by st_distance(s.geom::geography, place), s.code
    limit $3;
end
$$;

comment on function ask.nearest_stations(double precision, double precision, integer) is
'最近的驿站 | The nearest stations
lon: 经度 | longitude in degrees
lat: 纬度 | latitude in degrees
count: 个数，1 至 20 | number of stations, 1 to 20
code: 驿站编号 | station code
name: 驿站名称 | station name
status: 状态 | status
open_hours: 开放时间 | open hours
functions: 服务功能 | functions
distance_m: 距离（米） | distance in metres
geom: 位置 | place';
