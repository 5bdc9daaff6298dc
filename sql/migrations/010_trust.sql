-- trust: members are counted only around places that a second person has confirmed, each
-- asker has a daily budget of such places, and each question about members is recorded.
alter table catalog.layer add column vouched boolean not null default false;
comment on column catalog.layer.vouched is
    '位置须确认 | Persons are counted around its features, once somebody else than who placed them has confirmed the place';
update catalog.layer set vouched = true where name in ('station', 'catchment');

alter table catalog.city add column time_zone text not null default 'Asia/Shanghai';
comment on column catalog.city.time_zone is '时区 | Time zone: what day it is';

grant select on catalog.city to yizhan_public; -- the date and the bounds of the city are public

create table catalog.confirmed (
    layer text not null references catalog.layer on update cascade on delete cascade,
    code text not null,
    place text not null,
    confirmed_by text not null,
    confirmed_at timestamptz not null default clock_timestamp(),
    primary key (layer, code)
);
comment on table catalog.confirmed is '已确认的位置 | Places that were confirmed';
comment on column catalog.confirmed.place is '位置摘要 | Digest of geometry and radius as they were confirmed: whoever moves the feature loses it';

create table catalog.person_limit (
    only_one boolean primary key default true check (only_one),
    grounds_a_day integer not null default 1000 check (grounds_a_day > 0),
    reader text not null default 'yizhan_reader'
);
comment on table catalog.person_limit is '人员问题限额 | How much may be asked about persons';
comment on column catalog.person_limit.grounds_a_day is '每日范围数 | Different grounds that one asker may ask about in a day';
comment on column catalog.person_limit.reader is '服务登录 | Login of the servers, which ask for others';
insert into catalog.person_limit default values;

create table journal.person_question (
    seq bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    asker text not null,
    login text not null default session_user,
    question text not null,
    ground jsonb not null
);
create index person_question_at on journal.person_question (at);
comment on table journal.person_question is '人员问题记录 | Questions about persons: who, when, around what; no answer, no person';

create table journal.person_ground (
    day date not null,
    asker text not null,
    ground jsonb not null,
    primary key (day, asker, ground)
);
comment on table journal.person_ground is '当日已问范围 | Grounds asked about, against the daily budget; of the last days only';

-- existing places were set before confirmation was required; this run confirms them
select catalog.confirm_all('station', 'migration'), catalog.confirm_all('catchment', 'migration');

---- create above / drop below ----

drop table journal.person_ground, journal.person_question, catalog.person_limit, catalog.confirmed;
alter table catalog.city drop column time_zone;
alter table catalog.layer drop column vouched;
