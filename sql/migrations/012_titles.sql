-- titles: titles, labels and comments of the first layers in the words that the bureau
-- and the standard use. Only what is still as it was shipped is replaced: a title, a
-- label or a comment that somebody has changed stays. Former labels become aliases, so
-- that files written with them are still read.

-- titles of layers: table, former comment, new comment
do $$
declare
    t record;
begin
    for t in select * from (values
        ('city.manhole', '窨井盖 | Manholes', '窨井盖 | Manhole covers'),
        ('city.complaint', '投诉事项 | Complaints', '案件 | Cases'),
        ('city.target', '目标 | Promised targets', '目标 | Targets')
    ) as v(relation, former, title) loop
        update catalog.layer set title_zh = split_part(t.title, ' | ', 1)
        where relation = to_regclass(t.relation) and title_zh = split_part(t.former, ' | ', 1);
        update catalog.layer set title_en = split_part(t.title, ' | ', 2)
        where relation = to_regclass(t.relation) and title_en = split_part(t.former, ' | ', 2);
        if obj_description(to_regclass(t.relation), 'pg_class') = t.former then
            execute format('comment on table %s is %L', to_regclass(t.relation), t.title);
        end if;
    end loop;
end
$$;

-- titles of fields: table, column, former comment, new comment. The columns that all
-- layers share come first; they are in every table but complaint and member.
do $$
declare
    t record;
    sharing constant text[] := '{catalog.shared_columns,city.admin_area,city.road,city.wall_site,city.green_plot,
        city.manhole,city.station,city.catchment,city.organisation}';
begin
    for t in
        select s.relation, v.* from (values
            ('super_org', '主管单位 | Supervised by', '主管部门 | Supervised by'),
            ('status_since', '状态日期 | Status since', '状态变更日期 | Status since'),
            ('surveyed_at', '调查日期 | Surveyed on', '普查日期 | Surveyed on'),
            ('pos_class', '定位精度 | Position class', '定位精度等级 | Position class')
        ) as v(field, former, title) cross join unnest(sharing) as s(relation)
        union all
        select v.* from (values
            ('city.admin_area', 'code', '业务编号 | Code', '区划代码 | Division code'),
            ('city.admin_area', 'adcode', '区划代码 | Division code', '所在区划代码 | Within division'),
            ('city.admin_area', 'is_central', '中心城区 | Central urban area', '是否中心城区 | Central urban area'),
            ('city.road', 'is_arterial31', '31条主干道 | One of the 31 arterials', '是否 31 条主干道 | One of the 31 arterials'),
            ('city.road', 'is_demo', '示范路 | Demonstration road', '是否示范路 | Demonstration road'),
            ('city.wall_site', 'batch', '批次 | Batch', '治理批次 | Phase'),
            ('city.wall_site', 'site_no', '序号 | Number in the batch', '序号 | Number in the phase'),
            ('city.wall_site', 'status', '进度 | Status', '治理进度 | Stage'),
            ('city.wall_site', 'due', '完成时限 | Due', '完成时限 | Due date'),
            ('city.green_plot', 'requisitioned', '代征绿地 | Requisitioned', '是否代征 | Requisitioned with the site'),
            ('city.green_plot', 'from_wall_site', '来源点位 | From wall site', '来源点位 | From wall-removal site'),
            ('city.manhole', 'owner_known', '权属明确 | Owner known', '是否权属明确 | Owner known'),
            ('city.manhole', 'anti_fall_net', '防坠网 | Anti-fall net', '有无防坠网 | Anti-fall net'),
            ('city.station', 'premises_source', '房源 | Premises from', '用房来源 | Premises provided by'),
            ('city.catchment', 'kind', '划定方式 | Drawn by hand or circle', '划定方式 | Outline'),
            ('city.catchment', 'radius_m', '半径 | Radius', '服务半径 | Service radius'),
            ('city.complaint', 'code', '案件编号 | Case', '案件编号 | Case number'),
            ('city.complaint', 'deadline', '办理时限 | Deadline', '处置时限 | Deadline'),
            ('city.complaint', 'reopened', '返工次数 | Times reopened', '返工次数 | Times sent back'),
            ('personal.member', 'code', '化名编号 | Pseudonym', '去标识化编号 | Pseudonym'),
            ('personal.member', 'grid_code', '工作网格 | Work grid', '责任网格 | Management grid')
        ) as v(relation, field, former, title)
    loop
        -- a title is another name of its field in survey files, and remains one
        update catalog.field f set aliases = f.aliases || array(
            select name from unnest(string_to_array(t.former, ' | ')) as name
            where name in (f.title_zh, f.title_en) and name <> all (f.aliases) and name <> all (string_to_array(t.title, ' | ')))
        from catalog.layer l
        where l.name = f.layer and l.relation = to_regclass(t.relation) and f.name = t.field;
        update catalog.field f set title_zh = split_part(t.title, ' | ', 1)
        from catalog.layer l
        where l.name = f.layer and l.relation = to_regclass(t.relation) and f.name = t.field
            and f.title_zh = split_part(t.former, ' | ', 1);
        update catalog.field f set title_en = split_part(t.title, ' | ', 2)
        from catalog.layer l
        where l.name = f.layer and l.relation = to_regclass(t.relation) and f.name = t.field
            and f.title_en = split_part(t.former, ' | ', 2);
        if (select col_description(a.attrelid, a.attnum) from pg_attribute a
                where a.attrelid = to_regclass(t.relation) and a.attname = t.field and not a.attisdropped) = t.former then
            perform catalog.entitle(to_regclass(t.relation), t.field, t.title);
        end if;
    end loop;
end
$$;

-- labels of values: layer, field, value, former Chinese, new Chinese, former English, new
-- English. An item of a list is replaced where its label is as it was shipped.
with label(layer, field, value, former_zh, zh, former_en, en) as (values
    ('wall_site', 'status', 'demolished', '已拆', '已拆除', 'Demolished', 'Demolished'),
    ('wall_site', 'status', 'handed_over', '移交管养', '已移交管养', 'Handed over', 'Handed over'),
    ('wall_site', 'status', 'unsuitable', '不宜拆', '不宜拆除', 'Unsuitable', 'Unsuitable'),
    ('wall_site', 'status', 'cancelled', '取消', '已取消', 'Cancelled', 'Cancelled'),
    ('green_plot', 'status', 'planned', '规划', '规划中', 'Planned', 'Planned'),
    ('green_plot', 'status', 'building', '建设', '建设中', 'Under construction', 'Under construction'),
    ('green_plot', 'status', 'open', '开放', '已开放', 'Open', 'Open'),
    ('green_plot', 'status', 'maintained', '管养', '管养中', 'Maintained', 'Maintained'),
    ('green_plot', 'status', 'occupied', '占用毁绿', '占绿毁绿', 'Occupied or damaged', 'Occupied or damaged'),
    ('manhole', 'condition', 'missing', '丢失', '丢失', 'Missing', 'Missing'),
    ('manhole', 'condition', 'abandoned', '废弃', '废弃', 'Abandoned', 'Disused'),
    ('manhole', 'utility', 'unknown', '不明井盖', '不明井盖', 'Unknown', 'Unidentified cover'),
    ('manhole', 'road_zone', 'green', '绿地', '绿化带', 'Green', 'Verge'),
    ('station', 'status', 'planned', '规划', '规划中', 'Planned', 'Planned'),
    ('station', 'status', 'building', '建设', '建设中', 'Under construction', 'Under construction'),
    ('station', 'status', 'trial', '试运行', '试运行', 'On trial', 'Trial run'),
    ('station', 'status', 'open', '开放', '已开放', 'Open', 'Open'),
    ('station', 'status', 'closed', '暂停或撤销', '已停用', 'Closed', 'Closed'),
    ('catchment', 'kind', 'drawn', '手绘', '划定范围', 'Drawn by hand', 'Drawn by hand'),
    ('complaint', 'theme', 'green', '绿', '绿化', 'Greenery', 'Greenery'),
    ('complaint', 'theme', 'light', '亮', '亮化', 'Lighting', 'Lighting'),
    ('complaint', 'theme', 'beauty', '美', '美化', 'Appearance', 'Appearance'),
    ('complaint', 'theme', 'clean', '净', '净化', 'Cleanliness', 'Cleanliness'),
    ('complaint', 'theme', 'order', '序', '秩序', 'Order', 'Order'),
    ('complaint', 'status', 'reported', '上报', '已上报', 'Reported', 'Reported'),
    ('complaint', 'status', 'accepted', '受理', '已受理', 'Accepted', 'Accepted'),
    ('complaint', 'status', 'filed', '立案', '已立案', 'Filed', 'Opened'),
    ('complaint', 'status', 'dispatched', '派遣', '已派遣', 'Dispatched', 'Assigned'),
    ('complaint', 'status', 'handled', '处置', '已处置', 'Handled', 'Handled'),
    ('complaint', 'status', 'checked', '核查', '已核查', 'Checked', 'Checked'),
    ('complaint', 'status', 'closed', '结案', '已结案', 'Closed', 'Closed'),
    ('complaint', 'status', 'hung', '挂账', '挂账', 'Hung', 'Deferred'),
    ('complaint', 'status', 'void', '作废', '已作废', 'Void', 'Void'),
    ('member', 'trade', 'volunteer', '志愿', '志愿团体', 'Volunteers', 'Volunteers')
), renewed as (
    select f.layer, f.name, jsonb_agg(item.value
            || case when item.value ->> 'zh' = label.former_zh then jsonb_build_object('zh', label.zh) else '{}' end
            || case when item.value ->> 'en' = label.former_en then jsonb_build_object('en', label.en) else '{}' end
            || case
                when label.value = 'missing' and not item.value ? 'aliases' then '{"aliases": ["缺失"]}'
                when item.value ->> 'zh' = label.former_zh and label.zh <> label.former_zh and not item.value ? 'aliases'
                    then jsonb_build_object('aliases', jsonb_build_array(label.former_zh))
                else '{}'
            end
            order by item.ordinality) as categories
    from catalog.field f
    cross join jsonb_array_elements(f.categories) with ordinality as item
    left join label on label.layer = f.layer and label.field = f.name and label.value = item.value ->> 'value'
    where (f.layer, f.name::text) in (select layer, field from label)
    group by f.layer, f.name
)
update catalog.field f set categories = r.categories
from renewed r
where f.layer = r.layer and f.name = r.name and f.categories <> r.categories;

-- a phase is shown as 第一批, not as 1; phases beyond these are still admissible
update catalog.field set categories = (
    select jsonb_agg(jsonb_build_object('value', n::text, 'zh', '第' || (array['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'])[n] || '批',
        'en', 'Phase ' || n) order by n)
    from generate_series(1, 10) n)
where layer = 'wall_site' and name = 'batch' and categories = '[]';

comment on column catalog.layer.key_column is '业务编号列 | Business key by which imports merge; null: rows are compared whole';
comment on column catalog.layer.spacing_m is '最小间距（米） | Minimum distance between two points of one category; null: unchecked';
comment on column catalog.layer.vouched is '位置须确认 | Members are counted around a feature only after a second person has confirmed its place';
comment on column catalog.layer.published_at is '公开起始时间 | History before this time is not shown';
comment on column catalog.field.categories is
    '取值 | Values with their labels: [{"value", "zh", "en", "color", "aliases"}]; a text field takes no others';
comment on column catalog.field.public_since is '字段公开起始时间 | Former values from before this time are not shown';
comment on table catalog.city is '城市范围 | Bounds of the city: features outside are rejected at import';
comment on column catalog.city.time_zone is '时区 | Time zone that decides the current date';
comment on table catalog.confirmed is '已确认的位置 | Confirmed places';
comment on column catalog.confirmed.place is '位置摘要 | Digest of geometry and radius when confirmed; moving the feature voids the confirmation';
comment on table catalog.person_limit is '人员问题限额 | Daily limit of questions about persons';
comment on column catalog.person_limit.grounds_a_day is '每日范围数 | Number of different areas that one asker may ask about in a day';
comment on column catalog.person_limit.reader is '服务登录 | Login of the servers, which ask on behalf of others';
comment on table catalog.once_personal is '曾为个人信息图层的表 | Former personal layers: publishing one again requires an explicit privacy';
comment on table journal.batch is '导入批次 | Applied imports, one row each';
comment on column journal.batch.deleted is '删除的记录数 | Number of rows deleted';
comment on column journal.batch.repaired is '修复的几何数 | Number of geometries repaired';
comment on column journal.batch.accuracy_m is '转换精度（米） | Stated accuracy of the transformation in metres';
comment on table journal.entry is '变更日志 | One row per statement that changed a layer';
comment on table journal.import is '导入预览 | Previewed imports and their outcome';
comment on table journal.person_question is '人员问题记录 | Audit of questions about persons: who, when and which area; no answers';
comment on table journal.person_ground is '当日已问范围 | Areas asked about in the last days, counted against the daily limit';
comment on table journal.purged is '清除记录 | Purges: who, when, which layer and how many rows; never the values';
comment on column journal.before.purged is '清除编号 | Purge that removed values from the row';
