// Command collect writes the notices of third parties and the bill of materials: of the
// Go modules that are linked into the binary, from the module cache, and of the npm
// packages that the page imports, from web/node_modules. It uses no network, and the same
// versions give the same bytes.
//
//	go run ./internal/notices/collect [FOLDER]
//
// It stops at a licence that it does not know. Whether one may be used is for people to say.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder := filepath.Join("internal", "notices")
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := write(ctx, ".", folder); err != nil {
		fmt.Fprintln(os.Stderr, "collect:", err)
		stop()
		os.Exit(1)
	}
}

// write makes both files of the repository at root.
func write(ctx context.Context, root, folder string) error {
	parts, err := collect(ctx, root)
	if err != nil {
		return err
	}
	bill, err := billOf(parts)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "NOTICES"), []byte(noticesOf(parts)), 0o644),
		os.WriteFile(filepath.Join(folder, "sbom.cdx.json"), bill, 0o644))
}

// collect is all that others wrote: Go's own library, modules, packages of npm.
func collect(ctx context.Context, root string) ([]part, error) {
	modules, err := goParts(ctx, root)
	if err != nil {
		return nil, err
	}
	packages, err := npmParts(root)
	if err != nil {
		return nil, err
	}
	return append(modules, packages...), nil
}
