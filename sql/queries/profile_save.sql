-- profile_save: saves an import profile.   $1 name  $2 layer  $3 settings (jsonb)  $4 actor
insert into catalog.import_profile (name, layer, settings, actor) values ($1, $2, $3, coalesce(nullif($4, ''), session_user))
on conflict (name) do update set layer = excluded.layer, settings = excluded.settings, actor = excluded.actor, saved_at = clock_timestamp()
