-- database: rights on the database {database}. Only {owner} may create temporary objects,
-- which take precedence in name lookup and could fill the disk.
-- Run as a superuser; it may be run again.
revoke temporary, create on database {database} from public;
alter database {database} owner to {owner};
grant connect on database {database} to {reader};
