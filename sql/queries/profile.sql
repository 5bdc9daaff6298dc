-- profile: an import profile.   $1 name   returns: layer, actor, settings
select layer, actor, settings from catalog.import_profile where name = $1
