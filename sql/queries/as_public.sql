-- as_public: gives up every right but those of the public role.
set role yizhan_public
