package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/jobs"
	"yizhan/internal/tileserve"
)

// metrics are what /metrics tells. Labels are routes, status classes and layer
// names, never values from a request or a row.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	hot      prometheus.Observer // requests answered by serveHot
	panics   prometheus.Counter
	draws    prometheus.Histogram
	changes  *prometheus.CounterVec
	dropped  prometheus.Counter
	watchers prometheus.Gauge
	imports  *prometheus.CounterVec
	imported *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yizhan_request_seconds", Help: "Time to answer, by route and class of status.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9),
		}, []string{"route", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "yizhan_panics_total",
			Help: "Requests that ended in a panic."}),
		draws: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "yizhan_tile_draw_seconds", Help: "Time to draw and compress a tile.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 8),
		}),
		changes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yizhan_changed_features_total", Help: "Features that the journal named, by layer."},
			[]string{"layer"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{Name: "yizhan_tiles_dropped_total",
			Help: "Cached tiles dropped because a change touched them."}),
		watchers: prometheus.NewGauge(prometheus.GaugeOpts{Name: "yizhan_watchers",
			Help: "Clients that follow /events."}),
		imports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yizhan_imports_total", Help: "Imports over HTTP, by layer and what became of them."},
			[]string{"layer", "outcome"}),
		imported: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yizhan_imported_rows_total",
			Help: "Rows of imports that were applied over HTTP, by layer and what became of them."},
			[]string{"layer", "outcome"}),
	}
	m.registry.MustRegister(m.requests, m.panics, m.draws, m.changes, m.dropped, m.watchers, m.imports, m.imported,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.hot = m.requests.WithLabelValues("/tiles/{layers}/{z}/{x}/{y}.mvt", "hot")
	return m
}

// countImport counts what became of an import.
func (m *metrics) countImport(layer geo.LayerName, became jobs.Outcome) {
	m.imports.WithLabelValues(string(layer), string(became)).Inc()
}

// countRows counts what became of the rows of an applied import.
func (m *metrics) countRows(r *importer.Report) {
	for became, n := range map[string]int64{
		"inserted": r.Inserted, "updated": r.Updated, "unchanged": r.Unchanged, "deleted": r.Deleted,
		"rejected": r.Rejected,
	} {
		m.imported.WithLabelValues(string(r.Layer), became).Add(float64(n))
	}
}

// watch adds the metrics that are read from the replica and the cache on request.
func (m *metrics) watch(s *Server) {
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("yizhan_replica_current", "1 when the replica is known to equal the ledger.", func() float64 {
		if s.presence.replica.Status().Current(time.Now()) {
			return 1
		}
		return 0
	})
	gauge("yizhan_replica_features", "Features held in memory.",
		func() float64 { return float64(s.presence.replica.Status().Features) })
	m.registry.MustRegister(cacheReader{s.tiles.service}, prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "yizhan_connections_refused_total", Help: "Connections for which there was no place."},
		func() float64 { return float64(s.doors.refused.Load()) }))
	gauge("yizhan_imports_reading", "Uploaded files that are being read.",
		func() float64 { return float64(s.imports.previews.Reading()) })
	gauge("yizhan_replica_load_seconds", "Time the first load took.",
		func() float64 { return s.presence.replica.Status().LoadTime.Seconds() })
}

// cacheReader reads the metrics of the tile cache, by zoom.
type cacheReader struct{ tiles *tileserve.Service }

var (
	cacheLookups = prometheus.NewDesc("yizhan_tile_cache_lookups_total",
		"Tiles answered from the cache (hit), and drawn or waited for (miss), by zoom.", []string{"zoom", "outcome"},
		nil)
	cacheBytes = prometheus.NewDesc("yizhan_tile_cache_bytes", "Memory that finished tiles take.", nil, nil)
)

// Describe names the metrics.
func (c cacheReader) Describe(out chan<- *prometheus.Desc) {
	out <- cacheLookups
	out <- cacheBytes
}

// Collect reads the counters.
func (c cacheReader) Collect(out chan<- prometheus.Metric) {
	stats := c.tiles.Stats()
	out <- prometheus.MustNewConstMetric(cacheBytes, prometheus.GaugeValue, float64(stats.Bytes))
	for z := range stats.Hits {
		zoom := strconv.Itoa(z)
		out <- prometheus.MustNewConstMetric(cacheLookups, prometheus.CounterValue, float64(stats.Hits[z]), zoom, "hit")
		out <- prometheus.MustNewConstMetric(cacheLookups, prometheus.CounterValue, float64(stats.Misses[z]), zoom,
			"miss")
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
