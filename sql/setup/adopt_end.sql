-- adopt_end: drops the helper role. Run as the cluster's administrator.
drop role if exists {helper};
