package cluster

import (
	"fmt"
	"maps"
	"os/user"
	"slices"
	"strings"
)

// ourSettings is the file with our settings. What initdb detected of the
// machine stays in postgresql.conf, which includes ours at its end.
const ourSettings = "yizhan.conf"

const settingsHead = `# Written by yizhan at each start of the server: edits are lost.
# To change a setting for good: psql -c "alter system set …", then start again.
`

// admission is pg_hba.conf. The socket's folder is closed to all but its owner and
// root; these two become our roles, and nobody becomes another without its password.
func admission() string {
	return settingsHead + "local all " + strings.Join(ourRoles(), ",") + " peer map=" + roleMap + "\nlocal all all scram-sha-256\n"
}

// roleMap is the name of our map in pg_ident.conf.
const roleMap = "yizhan"

func ourRoles() []string { return []string{Admin, Owner, Reader, Helper} }

// identities is pg_ident.conf: which of the system's users is which of our roles.
func (c *Cluster) identities() string {
	var text strings.Builder
	text.WriteString(settingsHead)
	users := []string{c.account.name, "root"}
	if self, err := user.Current(); err == nil {
		users = append(users, self.Username)
	}
	slices.Sort(users)
	for _, name := range slices.Compact(users) {
		for _, role := range ourRoles() {
			fmt.Fprintf(&text, "%s %s %s\n", roleMap, identifier(name), role)
		}
	}
	return text.String()
}

// identifier quotes a name of the system's for pg_ident.conf, where a slash at its
// beginning would make it an expression.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// settings are those of a server on somebody's laptop that must load a city in
// one go. No statement, parameter or failing row ever gets into its log: those
// hold personal data, and yizhan reports its own errors.
func (c *Cluster) settings() map[string]string {
	ours := map[string]string{
		"listen_addresses":        "",
		"port":                    fmt.Sprint(port),
		"unix_socket_directories": c.socket,
		"unix_socket_permissions": "0700",
		"max_connections":         "100",

		"shared_buffers":       "256MB",
		"work_mem":             "32MB",
		"maintenance_work_mem": "256MB",
		"random_page_cost":     "1.1",
		"jit":                  "off",

		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"max_wal_size":       "4GB",
		"checkpoint_timeout": "15min",
		"synchronous_commit": "on",

		"timezone":                   "Asia/Shanghai",
		"datestyle":                  "iso, ymd",
		"lc_messages":                "C",
		"default_text_search_config": "pg_catalog.simple",

		"logging_collector":        "on",
		"log_directory":            c.path(logName),
		"log_filename":             "postgresql-%a.log", // a week of files, each overwritten after seven days
		"log_rotation_age":         "1d",
		"log_rotation_size":        "0",
		"log_truncate_on_rotation": "on",
		"log_timezone":             "Asia/Shanghai",
		"log_line_prefix":          "%m [%p] ",
		"log_min_messages":         "log", // above error: what the server does, not what it was asked
		"log_min_error_statement":  "panic",
		"log_error_verbosity":      "terse", // without the detail, which quotes rows
		"log_statement":            "none",
		"log_parameter_max_length": "0",
		"log_checkpoints":          "off",
	}
	maps.Copy(ours, c.overrides)
	return ours
}

// configuration is the text of a file of settings, in the order of the names.
func configuration(settings map[string]string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `''`)
	var text strings.Builder
	text.WriteString(settingsHead)
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s = '%s'\n", name, quote.Replace(settings[name]))
	}
	return text.String()
}
