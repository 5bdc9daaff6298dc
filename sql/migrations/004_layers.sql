-- layers: the first layers in the catalogue, their admissible values, and the fields in tiles.
select catalog.publish('city.admin_area', key_column => 'code', draw_order => 10, min_zoom => 3, max_zoom => 16,
    style => '{"color": "#f3efe6", "opacity": 0.55, "outline": "#b9ad97", "width": 1.2, "label": "name", "backdrop": true}');
select catalog.publish('city.green_plot', key_column => 'code', facet => 'kind', draw_order => 20, min_zoom => 8,
    style => '{"color": "#7fb77e", "opacity": 0.8, "outline": "#4f8a55"}');
select catalog.publish('city.catchment', key_column => 'code', facet => 'kind', draw_order => 30, min_zoom => 8,
    style => '{"color": "#3f7fbf", "opacity": 0.10, "outline": "#3f7fbf", "visible": false}');
select catalog.publish('city.road', key_column => 'code', facet => 'class', draw_order => 40, min_zoom => 6,
    style => '{"color": "#c9c2b6", "width": 2, "label": "name", "casing": "#c9b997", "widths": {"arterial": 3.4, "secondary": 2.1, "local": 1.1}}');
select catalog.publish('city.wall_site', key_column => 'code', facet => 'status', draw_order => 50, min_zoom => 8,
    style => '{"color": "#c8553d", "width": 4}');
select catalog.publish('city.manhole', key_column => 'code', facet => 'condition', draw_order => 60, min_zoom => 8, point_zoom => 15,
    style => '{"color": "#6b7a8f", "radius": 3, "visible": false}');
select catalog.publish('city.complaint', key_column => 'code', facet => 'theme', draw_order => 70, min_zoom => 8, point_zoom => 14,
    style => '{"color": "#d98e04", "radius": 4, "visible": false}');
select catalog.publish('city.organisation', key_column => 'code', facet => 'kind', draw_order => 80, min_zoom => 8, point_zoom => 12,
    style => '{"color": "#7a5ea8", "radius": 4, "label": "name", "visible": false}');
select catalog.publish('city.station', key_column => 'code', facet => 'status', draw_order => 90, min_zoom => 6, point_zoom => 9,
    style => '{"color": "#c0262d", "radius": 7, "label": "name", "glyph": "驿"}');
select catalog.publish('personal.member', layer => 'member', key_column => 'code', privacy => 'personal', draw_order => 95);

select catalog.categories('admin_area', 'level', '[
    {"value": "district", "zh": "区", "en": "District"},
    {"value": "county", "zh": "县", "en": "County"},
    {"value": "city", "zh": "县级市", "en": "County-level city"}]');
select catalog.categories('road', 'class', '[
    {"value": "arterial", "zh": "主干路", "en": "Arterial", "color": "#e0a458"},
    {"value": "secondary", "zh": "次干路", "en": "Secondary", "color": "#d8cdb8"},
    {"value": "local", "zh": "支路", "en": "Local", "color": "#e4ded2"}]');
select catalog.categories('wall_site', 'kind', '[
    {"value": "wall", "zh": "围墙", "en": "Wall"},
    {"value": "hoarding", "zh": "围挡", "en": "Hoarding"},
    {"value": "fence", "zh": "围栏", "en": "Fence"},
    {"value": "illegal", "zh": "违建", "en": "Illegal building"},
    {"value": "temporary", "zh": "临建", "en": "Temporary building"}]');
select catalog.categories('wall_site', 'status', '[
    {"value": "surveyed", "zh": "已排查", "en": "Surveyed", "color": "#9aa0a6"},
    {"value": "planned", "zh": "列入计划", "en": "Planned", "color": "#b07d62"},
    {"value": "demolishing", "zh": "拆除中", "en": "Being demolished", "color": "#e4572e"},
    {"value": "demolished", "zh": "已拆", "en": "Demolished", "color": "#f3a712"},
    {"value": "greening", "zh": "建绿中", "en": "Being planted", "color": "#a8c256"},
    {"value": "accepted", "zh": "已验收", "en": "Accepted", "color": "#2e933c"},
    {"value": "handed_over", "zh": "移交管养", "en": "Handed over", "color": "#14692b"},
    {"value": "postponed", "zh": "暂缓", "en": "Postponed", "color": "#8e7dbe"},
    {"value": "unsuitable", "zh": "不宜拆", "en": "Unsuitable", "color": "#6d6875"},
    {"value": "cancelled", "zh": "取消", "en": "Cancelled", "color": "#cfcfcf"}]');
select catalog.categories('green_plot', 'kind', '[
    {"value": "pocket_park", "zh": "小游园", "en": "Pocket park", "color": "#7fb77e"},
    {"value": "micro_landscape", "zh": "微景观", "en": "Micro landscape", "color": "#a7d129"},
    {"value": "vertical", "zh": "垂直绿化", "en": "Vertical greening", "color": "#4f9d69"},
    {"value": "park", "zh": "公园", "en": "Park", "color": "#8fc98b"},
    {"value": "street_green", "zh": "街头绿地", "en": "Street green", "color": "#b6d7a8"}]');
select catalog.categories('green_plot', 'status', '[
    {"value": "planned", "zh": "规划", "en": "Planned"},
    {"value": "building", "zh": "建设", "en": "Under construction"},
    {"value": "open", "zh": "开放", "en": "Open"},
    {"value": "maintained", "zh": "管养", "en": "Maintained"},
    {"value": "occupied", "zh": "占用毁绿", "en": "Occupied or damaged"}]');
select catalog.categories('manhole', 'condition', '[
    {"value": "intact", "zh": "完好", "en": "Intact", "color": "#6b7a8f"},
    {"value": "damaged", "zh": "破损", "en": "Damaged", "color": "#e07a1f"},
    {"value": "missing", "zh": "丢失", "en": "Missing", "color": "#d7263d"},
    {"value": "abandoned", "zh": "废弃", "en": "Abandoned", "color": "#a39a92"},
    {"value": "removed", "zh": "移除", "en": "Removed", "color": "#d5d0c8"}]');
select catalog.categories('manhole', 'utility', '[
    {"value": "water", "zh": "供水", "en": "Water supply"},
    {"value": "sewage", "zh": "污水", "en": "Sewage"},
    {"value": "rain", "zh": "雨水", "en": "Storm water"},
    {"value": "grate", "zh": "雨水箅子", "en": "Storm grate"},
    {"value": "power", "zh": "电力", "en": "Power"},
    {"value": "lighting", "zh": "路灯", "en": "Street lighting"},
    {"value": "telecom", "zh": "通信", "en": "Telecom"},
    {"value": "heat", "zh": "热力", "en": "Heating"},
    {"value": "gas", "zh": "燃气", "en": "Gas"},
    {"value": "unknown", "zh": "不明井盖", "en": "Unknown"}]');
select catalog.categories('manhole', 'road_zone', '[
    {"value": "carriageway", "zh": "车行道", "en": "Carriageway"},
    {"value": "footway", "zh": "人行道", "en": "Footway"},
    {"value": "green", "zh": "绿地", "en": "Green"}]');
select catalog.categories('station', 'status', '[
    {"value": "planned", "zh": "规划", "en": "Planned", "color": "#b8b8b8"},
    {"value": "building", "zh": "建设", "en": "Under construction", "color": "#e0a458"},
    {"value": "trial", "zh": "试运行", "en": "On trial", "color": "#e4572e"},
    {"value": "open", "zh": "开放", "en": "Open", "color": "#c0262d"},
    {"value": "closed", "zh": "暂停或撤销", "en": "Closed", "color": "#6d6875"}]');
select catalog.categories('station', 'class', '[
    {"value": "1", "zh": "一级", "en": "First class"},
    {"value": "2", "zh": "二级", "en": "Second class"}]');
select catalog.categories('station', 'premises_source', '[
    {"value": "bureau", "zh": "城管用房", "en": "Bureau premises"},
    {"value": "community", "zh": "社区用房", "en": "Community premises"}]');
select catalog.categories('catchment', 'kind', '[
    {"value": "circle", "zh": "圆形", "en": "Circle", "color": "#3f7fbf"},
    {"value": "drawn", "zh": "手绘", "en": "Drawn by hand", "color": "#8e5ea2"}]');
select catalog.categories('organisation', 'kind', '[
    {"value": "government", "zh": "机关", "en": "Government body", "color": "#7a5ea8"},
    {"value": "community", "zh": "社区", "en": "Community", "color": "#3d8b8b"},
    {"value": "work_unit", "zh": "单位", "en": "Work unit", "color": "#5b7db1"},
    {"value": "bureau_unit", "zh": "直属单位", "en": "Unit of the bureau", "color": "#b3446c"},
    {"value": "branch", "zh": "支部", "en": "Party branch", "color": "#c0262d"}]');
select catalog.categories('complaint', 'theme', '[
    {"value": "green", "zh": "绿", "en": "Greenery", "color": "#4f9d69"},
    {"value": "light", "zh": "亮", "en": "Lighting", "color": "#e3b505"},
    {"value": "beauty", "zh": "美", "en": "Appearance", "color": "#b3446c"},
    {"value": "clean", "zh": "净", "en": "Cleanliness", "color": "#3f88c5"},
    {"value": "order", "zh": "序", "en": "Order", "color": "#d98e04"}]');
select catalog.categories('complaint', 'channel', '[
    {"value": "patrol", "zh": "巡查", "en": "Patrol"},
    {"value": "hotline", "zh": "热线", "en": "Hotline"},
    {"value": "public", "zh": "公众", "en": "Public"}]');
select catalog.categories('complaint', 'status', '[
    {"value": "reported", "zh": "上报", "en": "Reported"},
    {"value": "accepted", "zh": "受理", "en": "Accepted"},
    {"value": "filed", "zh": "立案", "en": "Filed"},
    {"value": "dispatched", "zh": "派遣", "en": "Dispatched"},
    {"value": "handled", "zh": "处置", "en": "Handled"},
    {"value": "checked", "zh": "核查", "en": "Checked"},
    {"value": "closed", "zh": "结案", "en": "Closed"},
    {"value": "hung", "zh": "挂账", "en": "Hung"},
    {"value": "void", "zh": "作废", "en": "Void"}]');
select catalog.categories('member', 'trade', '[
    {"value": "sanitation", "zh": "环卫", "en": "Sanitation"},
    {"value": "municipal", "zh": "市政", "en": "Municipal works"},
    {"value": "greening", "zh": "绿化", "en": "Greening"},
    {"value": "traffic_police", "zh": "交警", "en": "Traffic police"},
    {"value": "volunteer", "zh": "志愿", "en": "Volunteers"}]');

-- first zoom whose tiles contain a field: none unless listed here
update catalog.field set min_zoom = null;
select catalog.show('admin_area', '{code,name,level,is_central}', 0);
select catalog.show('road', '{class,is_arterial31}', 0);
select catalog.show('road', '{name}', 11);
select catalog.show('road', '{code,is_demo}', 13);
select catalog.show('road', '{length_m}', 13, 'm');
select catalog.show('wall_site', '{status,kind,code}', 8);
select catalog.show('wall_site', '{name,batch,site_no,due,accepted_on,road_code,occupant,shared_use}', 14);
select catalog.show('wall_site', '{length_m}', 14, 'm');
select catalog.show('wall_site', '{freed_area_m2}', 14, 'm²');
select catalog.show('green_plot', '{kind}', 8);
select catalog.show('green_plot', '{code,name,status,requisitioned,from_wall_site}', 14);
select catalog.show('green_plot', '{area_m2}', 14, 'm²');
select catalog.show('manhole', '{condition,utility}', 14);
select catalog.show('manhole', '{code,owner_known,cover_material,load_class,road_zone,anti_fall_net}', 16);
select catalog.show('manhole', '{diameter_mm}', 16, 'mm');
select catalog.show('station', '{code,name,status}', 6);
select catalog.show('station', '{class,functions,premises_source,open_hours,branch_org}', 12);
select catalog.show('station', '{capacity}', 12);
select catalog.show('station', '{area_m2}', 12, 'm²');
select catalog.show('station', '{radius_m}', 12, 'm');
select catalog.show('catchment', '{station,kind}', 8);
select catalog.show('catchment', '{radius_m}', 8, 'm');
select catalog.show('organisation', '{code,name,kind,parent,linked_station}', 12);
select catalog.show('complaint', '{theme}', 12);
select catalog.show('complaint', '{code,status,channel,found_at,deadline,resp_org}', 15);

---- create above / drop below ----

delete from catalog.layer;
