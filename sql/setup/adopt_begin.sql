-- adopt_begin: a cluster of an earlier release has one role, {owner}, that made it and
-- is a superuser. This makes the helper as whom that role can be renamed.
-- Run as {owner}.
do $$ begin create role {helper} superuser login; exception when duplicate_object or unique_violation then null; end $$;
