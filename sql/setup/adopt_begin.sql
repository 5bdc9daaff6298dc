-- adopt_begin: creates a helper role that can rename {owner}, which created the cluster in an
-- earlier release and is a superuser.
-- Run as {owner}.
do $$ begin create role {helper} superuser login; exception when duplicate_object or unique_violation then null; end $$;
