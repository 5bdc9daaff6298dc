-- import_client: a transaction whose client is gone ends within half a second, even
-- inside a statement, and gives back what it has locked: by its closed connection, or
-- where the network says nothing, by what TCP finds out in fifteen seconds (a socket
-- of the machine takes no notice of those). Servers on other systems cannot look.
select set_config(name, value, true)
from (values ('client_connection_check_interval', '500'), ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '5'),
    ('tcp_keepalives_count', '2'), ('tcp_user_timeout', '15000')) as wanted (name, value)
where version() ~ 'linux|darwin|bsd'
