-- adopt_end: the helper has done its work. Run as the cluster's administrator.
drop role if exists {helper};
