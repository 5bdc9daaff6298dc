package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// routes is every address of the service.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.identify, s.observe, s.recovered, s.validQuery, s.bodiless, middleware.GetHead)
	r.NotFound(s.answer(noRoute))
	r.MethodNotAllowed(s.answer(noMethod))

	r.Get("/healthz", s.answer(s.presence.healthz))
	r.Get("/readyz", s.answer(s.presence.readyz))
	if s.doors.admin == nil {
		r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	}

	r.Group(func(r chi.Router) {
		r.Use(public, limitTime(requestTimeout))
		r.Get("/layers", s.answer(s.layers.list))
		r.Get("/layers/{layer}", s.answer(s.layers.one))
		r.With(s.presence.notOlder).Get("/tiles/{layers}.json", s.answer(s.tiles.tileJSON))
		r.With(s.presence.notOlder).Get("/tiles/{layers}/{z}/{x}/{y}.mvt", s.answer(s.tiles.tile))
		r.With(s.presence.notOlder).Get("/tiles/{layers}/{z}/{x}/{y}/explain", s.answer(s.tiles.explain))
		r.Get("/styles/{layers}.json", s.answer(s.tiles.style))
		r.Route(ogcRoot, s.ogc.routeOGC)
		r.Get("/ask", s.answer(s.asks.questions))
		r.Get("/ask/{question}", s.answer(s.asks.ask))
		r.Options("/*", func(http.ResponseWriter, *http.Request) {})
	})
	r.With(public).Get("/events", s.answer(s.changes.events))
	r.With(public).Get("/changes", s.answer(s.changes.changesSince))

	r.Route("/imports", func(r chi.Router) {
		r.Use(s.imports.trusted)
		r.MethodNotAllowed(s.answer(otherMethod))
		r.With(paced).Post("/", s.answer(s.imports.upload))
		r.With(limitTime(requestTimeout)).Get("/", s.answer(s.imports.listImports))
		r.With(limitTime(requestTimeout)).Get("/{id}", s.answer(s.imports.showImport))
		r.With(paced).Delete("/{id}", s.answer(s.imports.discardImport))
		r.With(paced).Post("/{id}/apply", s.answer(s.imports.applyImport))
		r.Get("/{id}/events", s.answer(s.imports.importEvents))
		r.With(paced).Get("/{id}/rejected", s.answer(s.imports.rejected))
	})
	r.Route("/batches", func(r chi.Router) {
		r.Use(s.imports.trusted)
		r.MethodNotAllowed(s.answer(otherMethod))
		r.With(limitTime(requestTimeout)).Get("/", s.answer(s.imports.batches))
		r.With(paced).Post("/{id}/undo", s.answer(s.imports.undo))
	})

	r.Get("/*", s.answer(s.viewer.page))
	return r
}

// adminRoutes are the addresses of the listener for monitoring.
func (s *Server) adminRoutes() http.Handler {
	r := chi.NewRouter()
	r.Use(unsniffed, s.identify, s.observe, s.recovered, s.validQuery, s.bodiless, middleware.GetHead)
	r.NotFound(s.answer(noRoute))
	r.MethodNotAllowed(s.answer(noMethod))
	r.Get("/healthz", s.answer(s.presence.healthz))
	r.Get("/readyz", s.answer(s.presence.readyz))
	r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	return r
}
