-- catalog.note_person_question: writes the audit row of a question about persons and
-- counts the ground against the asker's daily budget, before anything is answered. Runs
-- as its owner, because nobody else may write to the journal; it is called by the
-- functions of schema ask that speak of persons, and granted to nobody.
-- The asker is the login, or, where the server's reader asks for others, who it names.
create or replace function catalog.note_person_question(question text, ground jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    today constant date := catalog.today();
    who text := session_user;
    allowed integer;
    asked bigint;
begin
    if current_setting('transaction_read_only')::boolean then
        raise exception 'a question about persons leaves an audit row, and this transaction is read only'
            using errcode = 'read_only_sql_transaction', hint = 'ask it in a transaction that may write';
    end if;
    if exists (select from catalog.person_limit l where l.reader = session_user) then
        who := coalesce(nullif(current_setting('yizhan.asker', true), ''), who);
    end if;
    insert into journal.person_question (asker, question, ground) values (who, question, ground);
    insert into journal.person_ground (day, asker, ground) values (today, who, ground) on conflict do nothing;
    if not found then
        return; -- the same answer again tells nothing new
    end if;
    select grounds_a_day into allowed from catalog.person_limit;
    select count(*) into asked from journal.person_ground g where g.day = today and g.asker = who;
    if asked > allowed then
        raise exception 'the daily budget of % different grounds for questions about persons is used up; ask again tomorrow', allowed
            using errcode = 'configuration_limit_exceeded';
    end if;
    delete from journal.person_ground g where g.day < today - 1;
end
$$;

revoke execute on function catalog.note_person_question(text, jsonb) from public;
comment on function catalog.note_person_question(text, jsonb) is '记录人员问题 | Audit row and budget of a question about persons';
