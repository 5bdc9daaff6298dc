package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// routes is every address of the service.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.identify, s.observe, s.recovered, s.legible, s.bodiless, middleware.GetHead)
	r.NotFound(s.answer(s.noRoute))
	r.MethodNotAllowed(s.answer(s.noMethod))

	r.Get("/healthz", s.answer(s.healthz))
	r.Get("/readyz", s.answer(s.readyz))
	if s.doors.admin == nil {
		r.Method(http.MethodGet, "/metrics", s.handleMetrics())
	}

	r.Group(func(r chi.Router) {
		r.Use(public, limitTime(requestTimeout))
		r.Get("/layers", s.answer(s.layers))
		r.Get("/layers/{layer}", s.answer(s.layer))
		r.With(s.notOlder).Get("/tiles/{layers}.json", s.answer(s.tileJSON))
		r.With(s.notOlder).Get("/tiles/{layers}/{z}/{x}/{y}.mvt", s.answer(s.tile))
		r.With(s.notOlder).Get("/tiles/{layers}/{z}/{x}/{y}/explain", s.answer(s.explain))
		r.Get("/styles/{layers}.json", s.answer(s.style))
		r.Route(ogcRoot, s.routeOGC)
		r.Get("/ask", s.answer(s.questions))
		r.Get("/ask/{question}", s.answer(s.ask))
		r.Options("/*", func(http.ResponseWriter, *http.Request) {})
	})
	r.With(public).Get("/events", s.answer(s.events))
	r.With(public).Get("/changes", s.answer(s.changesSince))

	r.Route("/imports", func(r chi.Router) {
		r.Use(s.trusted)
		r.MethodNotAllowed(s.answer(s.otherMethod))
		r.With(paced).Post("/", s.answer(s.upload))
		r.With(limitTime(requestTimeout)).Get("/", s.answer(s.listImports))
		r.With(limitTime(requestTimeout)).Get("/{id}", s.answer(s.showImport))
		r.With(paced).Delete("/{id}", s.answer(s.discardImport))
		r.With(paced).Post("/{id}/apply", s.answer(s.applyImport))
		r.Get("/{id}/events", s.answer(s.importEvents))
		r.With(paced).Get("/{id}/rejected", s.answer(s.rejected))
	})
	r.Route("/batches", func(r chi.Router) {
		r.Use(s.trusted)
		r.MethodNotAllowed(s.answer(s.otherMethod))
		r.With(limitTime(requestTimeout)).Get("/", s.answer(s.batches))
		r.With(paced).Post("/{id}/undo", s.answer(s.undo))
	})

	r.Get("/*", s.answer(s.viewer))
	return r
}

// adminRoutes are the addresses of the listener for those who watch over the service.
func (s *Server) adminRoutes() http.Handler {
	r := chi.NewRouter()
	r.Use(unsniffed, s.identify, s.observe, s.recovered, s.legible, s.bodiless, middleware.GetHead)
	r.NotFound(s.answer(s.noRoute))
	r.MethodNotAllowed(s.answer(s.noMethod))
	r.Get("/healthz", s.answer(s.healthz))
	r.Get("/readyz", s.answer(s.readyz))
	r.Method(http.MethodGet, "/metrics", s.handleMetrics())
	return r
}
