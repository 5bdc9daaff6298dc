-- value: an attribute; bytes are left out, and x'00' stands for one beyond the limit
-- {column} quoted   {most} bytes
case when typeof({column}) = 'blob' then null when octet_length({column}) > {most} then x'00' else {column} end
