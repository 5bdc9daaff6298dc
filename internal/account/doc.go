// Package account sees to it that nothing of yizhan runs as root when root starts it:
// the process becomes an ordinary account, for good, before it opens, parses or serves
// anything.
//
// Root does beforehand what only root can: it copies input files that the account
// cannot read, opens ports below 1024, and leaves a deliverer behind, a process that
// puts finished output files where the command line said, and nothing else.
//
// It does not choose the folder of the private PostgreSQL, and knows no command.
package account
