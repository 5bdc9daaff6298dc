package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// routes is every address of the service.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.identify, s.observe, s.recovered, middleware.GetHead)
	r.NotFound(s.answer(s.noRoute))
	r.MethodNotAllowed(s.answer(s.noMethod))

	r.Get("/healthz", s.answer(s.healthz))
	r.Get("/readyz", s.answer(s.readyz))
	r.Method(http.MethodGet, "/metrics", s.handleMetrics())

	r.Group(func(r chi.Router) {
		r.Use(public, limitTime(requestTimeout))
		r.Get("/layers", s.answer(s.layers))
		r.Get("/layers/{layer}", s.answer(s.layer))
		r.Get("/tiles/{layers}.json", s.answer(s.tileJSON))
		r.Get("/tiles/{layers}/{z}/{x}/{y}.mvt", s.answer(s.tile))
		r.Get("/styles/{layers}.json", s.answer(s.style))
		r.Get("/ask", s.answer(s.questions))
		r.Get("/ask/{question}", s.answer(s.ask))
		r.Options("/*", func(http.ResponseWriter, *http.Request) {})
	})
	r.With(public).Get("/events", s.answer(s.events))

	r.Get("/*", s.answer(s.viewer))
	return r
}
