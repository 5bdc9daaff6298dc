-- target: promised numbers by programme and area, the denominators of progress.
create table city.target (
    programme text not null,
    adcode text not null default '',
    metric text not null,
    batch integer not null default 1,
    value double precision not null check (value >= 0),
    due date not null,
    primary key (programme, adcode, metric, batch)
);
comment on table city.target is '目标 | Promised targets';
comment on column city.target.programme is '专项 | Programme';
comment on column city.target.adcode is '区划代码，空为全市 | Division, empty for the whole city';
comment on column city.target.metric is '指标 | Metric';
comment on column city.target.value is '目标值 | Target value';
comment on column city.target.due is '完成时限 | Due';

insert into city.target (programme, metric, value, due) values ('wall_removal', 'sites accepted', 177, '2021-06-30');
grant select on city.target to yizhan_public;

---- create above / drop below ----

drop table city.target;
