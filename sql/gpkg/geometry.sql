-- geometry: a geometry; x'00' stands for one beyond the limit
-- {column} quoted   {most} bytes
case when octet_length({column}) > {most} then x'00' else {column} end
