-- passwords: sets the passwords of {owner} and {reader} as verifiers (RFC 5803), so that
-- the server's log does not contain the passwords.
alter role {owner} password {owner_verifier};
alter role {reader} password {reader_verifier};
