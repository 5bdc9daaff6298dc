-- catalog.note_person_question: records a question about persons and counts its area
-- against the asker's daily budget, before the question is answered. Runs as its owner,
-- because nobody else may write to the journal. Questions about persons call it; it is
-- granted to nobody. The asker is the login, or whom the server's reader names.
create or replace function catalog.note_person_question(question text, ground jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    today constant date := catalog.today();
    who text := session_user;
    allowed integer;
    asked bigint;
begin
    if current_setting('transaction_read_only')::boolean then
        raise exception 'questions about persons write an audit row, but this transaction is read only'
            using errcode = 'read_only_sql_transaction', hint = 'use a read-write transaction';
    end if;
    if exists (select from catalog.person_limit l where l.reader = session_user) then
        who := coalesce(nullif(current_setting('yizhan.asker', true), ''), who);
    end if;
    insert into journal.person_question (asker, question, ground) values (who, question, ground);
    insert into journal.person_ground (day, asker, ground) values (today, who, ground) on conflict do nothing;
    if not found then
        return; -- the same answer again reveals nothing new
    end if;
    select grounds_a_day into allowed from catalog.person_limit;
    select count(*) into asked from journal.person_ground g where g.day = today and g.asker = who;
    if asked > allowed then
        raise exception 'the daily limit of % different areas for questions about persons is reached; try again tomorrow', allowed
            using errcode = 'configuration_limit_exceeded';
    end if;
    delete from journal.person_ground g where g.day < today - 1;
end
$$;

revoke execute on function catalog.note_person_question(text, jsonb) from public;
comment on function catalog.note_person_question(text, jsonb) is '记录人员问题 | Records a question about persons and counts it against the daily limit';
