package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// createdAttack is tried on a siege.
type createdAttack struct{ *siege }

// createdWithPersons makes a layer of a file with people in it. It was public at once:
// names, WeChat names and mobile numbers were in its tiles.
func (s createdAttack) createdWithPersons(ctx context.Context) error {
	file := filepath.Join(s.temporary(), "shops.csv")
	if err := os.WriteFile(file, shopsFile("SH"), 0o644); err != nil {
		return err
	}
	said, importErr := s.run(ctx, "import", file, "--create", "attack_shop", "--crs", "wgs84", "--data", s.data, "--lang", "en", "--rejects", "none")
	sleep(ctx, 2*time.Second)
	listed, err := s.settledLayer(ctx, "/layers/attack_shop")
	if err != nil {
		return err
	}
	shown, err := s.shownInTiles(ctx, "attack_shop", "")
	if err != nil {
		return err
	}
	outcome := "imported"
	if importErr != nil {
		lines := strings.Split(strings.TrimSpace(said), "\n")
		outcome = "refused: " + lines[len(lines)-1]
	}
	seen := fmt.Sprintf("%s; GET /layers/attack_shop: %d; its tiles show ", outcome, listed.status)
	if len(shown) == 0 {
		seen += "nobody"
	}
	s.report("import --create of shops with columns 联系人 and 微信 and a mobile number inside 备注", "not in any public tile", seen+strings.Join(shown, ", "), len(shown) == 0)
	leaked := shows([]byte(said))
	s.report("the report of that import", "shows samples masked", fmt.Sprintf("shows %d of three kinds of values in full", len(leaked)), len(leaked) == 0)
	return nil
}

// shownInTiles looks for the secrets in tiles of a layer where shops are, at the zooms
// that have all fields, and as all its columns.
func (s *siege) shownInTiles(ctx context.Context, layer, query string) ([]string, error) {
	var all []byte
	for _, zoom := range []int{14, 16, 18} {
		for i := range 20 {
			x, y := tileAt(112.5300+float64(i)*0.00005, 33.0001, zoom)
			a, err := s.ask(ctx, fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt%s", layer, zoom, x, y, query), "Accept-Encoding: identity")
			if err != nil {
				return nil, err
			}
			all = append(all, a.body...)
		}
	}
	a, err := s.ask(ctx, "/layers/"+layer)
	return shows(append(all, a.body...)), err
}
