-- catalog.standard_aliases: other names of a column in survey files: those of the
-- component tables (GB/T 30428.2-2013 and GB/T 47678.5-2026, such as GLBJBSM) and
-- common Chinese headings. Titles are aliases anyway and are not repeated here.
create or replace function catalog.standard_aliases(column_name text) returns text[]
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select case column_name
        when 'code' then '{GLBJBSM,BSM,标识码,编号,编码,代码,业务编号,点位编号,井盖编号,窨井编号,驿站编号,地块编号,案件编号,CODE}'
        when 'name' then '{GLBJMC,MC,名称,名字,点位名称,设施名称,驿站名称,道路名称,绿地名称}'
        when 'adcode' then '{XZQHDM,XZQDM,区划代码,行政区划代码,行政区代码}'
        when 'mgmt_area' then '{责任区,管理区域,所属区域,责任片区}'
        when 'grid_code' then '{SZDYWGBSM,单元网格,单元网格标识码,网格编号,网格编码,所在网格}'
        when 'owner_org' then '{QSDWMC,权属单位,权属单位名称,产权单位}'
        when 'maint_org' then '{YHDWMC,养护单位,养护单位名称,管养单位,维护单位}'
        when 'super_org' then '{ZGBMMC,主管部门,主管部门名称,主管单位}'
        when 'status_since' then '{BGRQ,变更日期,状态日期}'
        when 'surveyed_at' then '{CSRQ,初始日期,调查日期,普查日期,采集日期,测量日期}'
        when 'source' then '{SJLY,数据来源}'
        when 'pos_class' then '{定位精度,精度等级,定位精度等级}'
        when 'remark' then '{BZ,备注,说明}'
        when 'condition' then '{GLBJZT,状态,部件状态,井盖状态}'
        when 'status' then '{GLBJZT,状态,进度,办理状态}'
        when 'utility' then '{井类,井盖类型,窨井类型,管线类型}'
        when 'class_code' then '{GLBJFLDM,部件分类代码,部件代码,分类代码}'
        when 'cover_material' then '{井盖材质,材质}'
        when 'load_class' then '{承载等级,承重等级}'
        when 'diameter_mm' then '{直径,井径,井盖直径,口径}'
        when 'anti_fall_net' then '{防坠网,有无防坠网}'
        when 'road_zone' then '{所处位置,道路位置}'
        when 'kind' then '{类别,类型,种类}'
        when 'class' then '{等级,道路等级}'
        when 'level' then '{级别,行政级别}'
        when 'batch' then '{批次}'
        when 'site_no' then '{序号,点位序号}'
        when 'road_code' then '{所属道路,道路编号}'
        when 'length_m' then '{长度,全长,墙长}'
        when 'height_m' then '{高度,墙高}'
        when 'area_m2' then '{面积,用地面积,建筑面积,绿地面积}'
        when 'freed_area_m2' then '{腾出面积,释放面积}'
        when 'occupant' then '{使用单位,占用单位}'
        when 'due' then '{完成时限,完成期限,计划完成日期}'
        when 'accepted_on' then '{验收日期,验收时间}'
        when 'capacity' then '{座位,座位数,容量}'
        when 'open_hours' then '{开放时间,营业时间}'
        when 'radius_m' then '{服务半径,半径}'
        when 'station' then '{驿站编号,所属驿站}'
        when 'matter_code' then '{SXDM,事项代码}'
        when 'theme' then '{主题,事项主题}'
        when 'channel' then '{渠道,来源渠道}'
        when 'found_at' then '{上报时间,发现时间,受理时间}'
        when 'deadline' then '{办理时限,截止时间}'
        when 'resp_org' then '{责任单位,处置单位,承办单位}'
        when 'component' then '{涉及部件,部件编号}'
        when 'trade' then '{行业,工种}'
        when 'organisation' then '{所在单位,工作单位}'
        else '{}'
    end::text[]
$$;

comment on function catalog.standard_aliases(text) is '标准别名 | Standard names of a column in survey files';

-- catalog.fill_aliases: trigger function of catalog.field: gives a new field the standard
-- aliases of its name.
create or replace function catalog.fill_aliases() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.aliases = '{}' then
        new.aliases := catalog.standard_aliases(new.name);
    end if;
    return new;
end
$$;

comment on function catalog.fill_aliases() is '补充别名 | Gives a new field its standard aliases';
