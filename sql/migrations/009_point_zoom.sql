-- point_zoom: a single point in its cell is shown as a point at every zoom, so the zoom
-- that shows all points can be later, and any.
alter table catalog.layer drop constraint if exists layer_point_zoom_check;
alter table catalog.layer add constraint layer_point_zoom_check check (point_zoom between 0 and 22);
alter table catalog.layer alter column point_zoom set default 16;
comment on column catalog.layer.point_zoom is '单点显示级别 | First zoom that shows every point; below it, points that share a cell are counted together';

---- create above / drop below ----

update catalog.layer set point_zoom = 16 where point_zoom > 16;
alter table catalog.layer drop constraint layer_point_zoom_check;
alter table catalog.layer add constraint layer_point_zoom_check check (point_zoom between 0 and 16);
alter table catalog.layer alter column point_zoom set default 14;
comment on column catalog.layer.point_zoom is '单点显示级别 | First zoom that shows single points; below it, cells with a count';
