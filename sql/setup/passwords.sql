-- passwords: verifiers of the passwords of {owner} and {reader} (RFC 5803), so that no
-- log of the server holds the passwords themselves.
alter role {owner} password {owner_verifier};
alter role {reader} password {reader_verifier};
