-- database: rights on the database {database}. Temporary objects come before all others
-- where a name is looked up, and fill the disk: only the ledger's {owner} may make them.
-- Run as a superuser; running it again does no harm.
revoke temporary, create on database {database} from public;
alter database {database} owner to {owner};
grant connect on database {database} to {reader};
