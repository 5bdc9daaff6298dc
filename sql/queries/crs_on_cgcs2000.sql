-- crs_on_cgcs2000: the projection of a system on the ellipsoid of CGCS2000.
-- $1 EPSG code
select trim(regexp_replace(proj4text, '\+(towgs84|nadgrids|type|datum|ellps|a|b|rf)=\S+', '', 'g')) || ' +ellps=GRS80'
from spatial_ref_sys where srid = $1::int and proj4text <> ''
