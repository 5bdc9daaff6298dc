import { defineConfig } from "vite";

// Assets are addressed relative to the page, so that the viewer also works under
// a path of a reverse proxy. dist keeps its committed README, hence emptyOutDir.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        // MapLibre's worker is an .mjs file, which not every web server knows as a script.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".mjs"))
            ? "assets/[name]-[hash].js"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/layers", "/tiles", "/ask", "/events", "/styles"].map((path) => [
        path,
        process.env["YIZHAN_URL"] ?? "http://127.0.0.1:8080",
      ]),
    ),
  },
});
