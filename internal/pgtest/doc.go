// Package pgtest gives a test a real PostGIS database of its own, in some tens of
// milliseconds: a clone of a template on a server that all test processes share.
//
// The first test that needs the server starts it; it goes away with its data,
// half a minute after the last. Tests may run in parallel, in as many processes
// as they like. With YIZHAN_TEST_DSN set, the databases are made on that server
// instead, as a role that may create them. Without PostgreSQL a test is skipped,
// and fails where CI=true.
//
// It is for tests only, and nothing of it is in the binary.
package pgtest
