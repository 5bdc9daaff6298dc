-- city: the first layers. Each table begins with the columns that all layers
-- share, then its own, then the geometry in degrees of EPSG:4326.
create table catalog.shared_columns (
    code text not null check (code <> ''),
    name text,
    adcode text check (adcode ~ '^[0-9]{6}$'),
    mgmt_area text,
    grid_code text check (grid_code ~ '^[0-9A-Z]{15}$'),
    owner_org text,
    maint_org text,
    super_org text,
    status_since date,
    surveyed_at date,
    source text,
    pos_class text check (pos_class in ('A', 'B', 'C')),
    remark text
);

comment on table catalog.shared_columns is '公共字段 | The columns that every layer of the city has';
comment on column catalog.shared_columns.code is '业务编号 | Code';
comment on column catalog.shared_columns.name is '名称 | Name';
comment on column catalog.shared_columns.adcode is '区划代码 | Division code';
comment on column catalog.shared_columns.mgmt_area is '责任区 | Management area';
comment on column catalog.shared_columns.grid_code is '单元网格 | Unit grid';
comment on column catalog.shared_columns.owner_org is '权属单位 | Owner';
comment on column catalog.shared_columns.maint_org is '养护单位 | Maintained by';
comment on column catalog.shared_columns.super_org is '主管单位 | Supervised by';
comment on column catalog.shared_columns.status_since is '状态日期 | Status since';
comment on column catalog.shared_columns.surveyed_at is '调查日期 | Surveyed on';
comment on column catalog.shared_columns.source is '数据来源 | Source';
comment on column catalog.shared_columns.pos_class is '定位精度 | Position class';
comment on column catalog.shared_columns.remark is '备注 | Remark';

create table city.admin_area (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    level text not null,
    is_central boolean not null default false,
    geom geometry(MultiPolygon, 4326) not null
);
comment on table city.admin_area is '行政区 | Administrative areas';
comment on column city.admin_area.level is '级别 | Level';
comment on column city.admin_area.is_central is '中心城区 | Central urban area';

create table city.road (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    class text not null,
    is_arterial31 boolean not null default false,
    is_demo boolean not null default false,
    length_m double precision check (length_m >= 0),
    corridor_m double precision not null default 50 check (corridor_m > 0),
    geom geometry(MultiLineString, 4326) not null
);
comment on table city.road is '道路 | Roads';
comment on column city.road.class is '道路等级 | Class';
comment on column city.road.is_arterial31 is '31条主干道 | One of the 31 arterials';
comment on column city.road.is_demo is '示范路 | Demonstration road';
comment on column city.road.length_m is '长度 | Length';
comment on column city.road.corridor_m is '单侧整治宽度 | Corridor each side';

create table city.wall_site (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    batch integer not null check (batch > 0),
    site_no integer check (site_no > 0),
    kind text not null,
    status text not null,
    road_code text,
    length_m double precision check (length_m >= 0),
    height_m double precision check (height_m >= 0),
    occupant text,
    freed_area_m2 double precision check (freed_area_m2 >= 0),
    shared_use text,
    due date,
    accepted_on date,
    geom geometry(MultiLineString, 4326) not null
);
comment on table city.wall_site is '拆墙透绿点位 | Wall-removal sites';
comment on column city.wall_site.batch is '批次 | Batch';
comment on column city.wall_site.site_no is '序号 | Number in the batch';
comment on column city.wall_site.kind is '类别 | Kind';
comment on column city.wall_site.status is '进度 | Status';
comment on column city.wall_site.road_code is '所属道路 | Road';
comment on column city.wall_site.length_m is '长度 | Length';
comment on column city.wall_site.height_m is '高度 | Height';
comment on column city.wall_site.occupant is '使用单位 | Occupant';
comment on column city.wall_site.freed_area_m2 is '腾出面积 | Area freed';
comment on column city.wall_site.shared_use is '共享类型 | Shared use';
comment on column city.wall_site.due is '完成时限 | Due';
comment on column city.wall_site.accepted_on is '验收日期 | Accepted on';

create table city.green_plot (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    kind text not null,
    status text not null,
    requisitioned boolean not null default false,
    area_m2 double precision check (area_m2 >= 0),
    canopy double precision check (canopy between 0 and 1),
    from_wall_site text,
    geom geometry(MultiPolygon, 4326) not null
);
comment on table city.green_plot is '绿地 | Green plots';
comment on column city.green_plot.kind is '类别 | Kind';
comment on column city.green_plot.status is '状态 | Status';
comment on column city.green_plot.requisitioned is '代征绿地 | Requisitioned';
comment on column city.green_plot.area_m2 is '面积 | Area';
comment on column city.green_plot.canopy is '郁闭度 | Canopy cover';
comment on column city.green_plot.from_wall_site is '来源点位 | From wall site';

create table city.manhole (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    class_code text check (class_code ~ '^[0-9]{5}$'),
    utility text not null,
    condition text not null,
    owner_known boolean not null default true,
    cover_material text,
    load_class text,
    diameter_mm integer check (diameter_mm > 0),
    anti_fall_net boolean,
    road_zone text,
    geom geometry(Point, 4326) not null
);
comment on table city.manhole is '窨井盖 | Manholes';
comment on column city.manhole.class_code is '部件分类代码 | Component class';
comment on column city.manhole.utility is '井类 | Utility';
comment on column city.manhole.condition is '状态 | Condition';
comment on column city.manhole.owner_known is '权属明确 | Owner known';
comment on column city.manhole.cover_material is '井盖材质 | Cover material';
comment on column city.manhole.load_class is '承载等级 | Load class';
comment on column city.manhole.diameter_mm is '直径 | Diameter';
comment on column city.manhole.anti_fall_net is '防坠网 | Anti-fall net';
comment on column city.manhole.road_zone is '所处位置 | Part of the road';

create table city.station (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    status text not null,
    class text,
    functions text,
    premises_source text,
    area_m2 double precision check (area_m2 >= 0),
    capacity integer check (capacity >= 0),
    open_hours text,
    radius_m double precision not null default 1000 check (radius_m > 0),
    branch_org text,
    geom geometry(Point, 4326) not null
);
comment on table city.station is '城管驿站 | City-management stations';
comment on column city.station.status is '状态 | Status';
comment on column city.station.class is '等级 | Class';
comment on column city.station.functions is '服务功能 | Functions';
comment on column city.station.premises_source is '房源 | Premises from';
comment on column city.station.area_m2 is '面积 | Area';
comment on column city.station.capacity is '座位 | Seats';
comment on column city.station.open_hours is '开放时间 | Open hours';
comment on column city.station.radius_m is '服务半径 | Service radius';
comment on column city.station.branch_org is '驿站支部 | Party branch';

create table city.catchment (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    station text not null,
    kind text not null,
    radius_m double precision check (radius_m > 0),
    geom geometry(MultiPolygon, 4326) not null
);
comment on table city.catchment is '驿站服务范围 | Station catchments';
comment on column city.catchment.station is '驿站编号 | Station';
comment on column city.catchment.kind is '划定方式 | Drawn by hand or circle';
comment on column city.catchment.radius_m is '半径 | Radius';

create table city.organisation (
    gid bigint generated always as identity primary key,
    like catalog.shared_columns including all,
    kind text not null,
    parent text,
    linked_station text,
    geom geometry(Point, 4326) not null
);
comment on table city.organisation is '单位与党组织 | Organisations';
comment on column city.organisation.kind is '类别 | Kind';
comment on column city.organisation.parent is '上级单位 | Parent';
comment on column city.organisation.linked_station is '联动驿站 | Linked station';

create table city.complaint (
    gid bigint generated always as identity primary key,
    code text not null check (code <> ''),
    matter_code text check (matter_code ~ '^[0-9]{5,11}$'),
    theme text not null,
    channel text,
    status text not null,
    found_at timestamptz not null,
    deadline timestamptz,
    resp_org text,
    component text,
    reopened integer not null default 0 check (reopened >= 0),
    geom geometry(Point, 4326) not null
);
comment on table city.complaint is '投诉事项 | Complaints';
comment on column city.complaint.code is '案件编号 | Case';
comment on column city.complaint.matter_code is '事项代码 | Matter class';
comment on column city.complaint.theme is '主题 | Theme';
comment on column city.complaint.channel is '来源 | Channel';
comment on column city.complaint.status is '办理状态 | Status';
comment on column city.complaint.found_at is '上报时间 | Reported at';
comment on column city.complaint.deadline is '办理时限 | Deadline';
comment on column city.complaint.resp_org is '责任单位 | Responsible unit';
comment on column city.complaint.component is '涉及部件 | Component';
comment on column city.complaint.reopened is '返工次数 | Times reopened';

-- Work posts of front-line Party members: a pseudonym, a trade and where they work.
-- No name, no telephone, no live position.
create table personal.member (
    gid bigint generated always as identity primary key,
    code text not null check (code <> ''),
    trade text not null,
    organisation text,
    grid_code text,
    joined_on date,
    left_on date,
    expires_at date,
    geom geometry(Point, 4326) not null
);
comment on table personal.member is '一线党员（受限） | Front-line Party members (restricted)';
comment on column personal.member.code is '化名编号 | Pseudonym';
comment on column personal.member.trade is '行业 | Trade';
comment on column personal.member.organisation is '所在单位 | Organisation';
comment on column personal.member.grid_code is '工作网格 | Work grid';
comment on column personal.member.joined_on is '加入日期 | Joined on';
comment on column personal.member.left_on is '离开日期 | Left on';
comment on column personal.member.expires_at is '保留期限 | Kept until';
create index member_geog on personal.member using gist (geography(geom));
create index station_geog on city.station using gist (geography(geom));

---- create above / drop below ----

drop table personal.member, city.complaint, city.organisation, city.catchment, city.station,
    city.manhole, city.green_plot, city.wall_site, city.road, city.admin_area, catalog.shared_columns;
